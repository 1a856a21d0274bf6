//! Alerts: candidates, plans, states.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use platform::kernel::decision::{Reason, Text};

/// How urgent an alert is; later is more urgent.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ChurnAlertSeverity)]
pub enum Severity {
    /// Newly declining: for a campaign.
    Low,
    /// Likely to fall silent, and an advisor has time.
    Medium,
    /// Much value at risk, or a steep rise.
    High,
    /// A client of a high tier about to leave.
    Critical,
}

/// Where an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AlertStatus {
    /// Nobody has looked.
    Open,
    /// Seen by the person in charge.
    Acknowledged,
    /// Being worked on.
    InProgress,
    /// Closed by a person, with an outcome.
    Resolved,
    /// The window of the forecast went by.
    Expired,
    /// The risk fell before anybody started.
    Cleared,
}

/// What can happen to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertEvent {
    /// A person takes note.
    Acknowledge,
    /// A person starts work.
    Start,
    /// A person closes it.
    Resolve(Outcome),
    /// The system: the forecast's window is over.
    Expire,
    /// The system: the risk fell.
    Clear,
}

/// What became of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ChurnAlertOutcome)]
pub enum Outcome {
    /// Stayed.
    Retained,
    /// Left.
    Lost,
    /// Was never leaving.
    FalseAlarm,
}

/// An event that the state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IllegalTransition {
    /// The state.
    pub from: AlertStatus,
    /// The event.
    pub event: AlertEvent,
}

/// A client as the plan of a scoring run sees it. `A` identifies an advisor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertCandidate<A> {
    /// Probability of silence over the policy's horizon, 0–1.
    pub p: f64,
    /// The same 28 days (the policy's `rise_window_days`) ago.
    pub p_before: Option<f64>,
    /// Expected net revenue of 12 months if the client stays.
    pub clv_12m: Decimal,
    /// Whether the client's tier is one of the high ones.
    pub tier_is_high: bool,
    /// Net outflow of 7 days over opening net assets.
    pub outflow_7d: Option<f64>,
    /// Days since the last trade.
    pub silent_days: u32,
    /// Who looks after the client.
    pub advisor: Option<A>,
    /// How urgent the alert is that stands already, if there is one.
    pub standing: Option<Severity>,
}

impl<A> AlertCandidate<A> {
    /// Whether an alert stands that occupies its advisor: low ones are for campaigns.
    pub fn has_alert(&self) -> bool {
        self.standing > Some(Severity::Low)
    }
}

/// An alert that a scoring run wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// Position of the client among the candidates.
    pub index: usize,
    /// How urgent.
    pub severity: Severity,
    /// `p × clv_12m`, four decimals.
    pub value_at_risk: Decimal,
    /// Why, the decisive reason first.
    pub reasons: Vec<Reason>,
}

/// The alert a client has now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAlert {
    /// Where it stands.
    pub status: AlertStatus,
    /// How urgent it was made.
    pub severity: Severity,
}

/// What a scoring run does about one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Open an alert.
    Open(Severity),
    /// Make the standing alert more urgent.
    Raise(Severity),
    /// Leave the standing alert as it is.
    Keep,
    /// Clear the standing alert.
    Clear,
    /// No alert stands and none is opened.
    Nothing,
}

impl Severity {
    /// Every severity, most urgent last.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The code in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl AlertStatus {
    /// Every state, in the order of life.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Acknowledged, Self::InProgress, Self::Resolved, Self::Expired, Self::Cleared];

    /// Whether work may still be done; a client has at most one such alert.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Acknowledged | Self::InProgress)
    }

    /// The code in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::InProgress => "in_progress",
            Self::Resolved => "resolved",
            Self::Expired => "expired",
            Self::Cleared => "cleared",
        }
    }
}

impl IllegalTransition {
    /// The refusal in words.
    pub fn words(self) -> Text {
        let (alert, zh) = match self.from {
            AlertStatus::Open => ("An open alert", "尚待处理"),
            AlertStatus::Acknowledged => ("An acknowledged alert", "已确认"),
            AlertStatus::InProgress => ("An alert in progress", "正在处理"),
            AlertStatus::Resolved => ("A resolved alert", "已办结"),
            AlertStatus::Expired => ("An expired alert", "已过期"),
            AlertStatus::Cleared => ("A cleared alert", "已解除"),
        };
        let (done, act) = match self.event {
            AlertEvent::Acknowledge => ("acknowledged", "确认"),
            AlertEvent::Start => ("started", "开始处理"),
            AlertEvent::Resolve(_) => ("resolved", "办结"),
            AlertEvent::Expire => ("expired", "置为过期"),
            AlertEvent::Clear => ("cleared", "解除"),
        };
        Text::new(format!("{alert} cannot be {done}."), format!("该预警{zh}，不能{act}。"))
    }
}

impl Outcome {
    /// The code in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retained => "retained",
            Self::Lost => "lost",
            Self::FalseAlarm => "false_alarm",
        }
    }
}
