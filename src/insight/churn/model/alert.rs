//! Alerts: candidates, plans, states.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::ChurnAlert;
use platform::kernel::decision::{Reason, Text};
use platform::kernel::ids::{ChurnAlertId, ClientId};

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

/// The state of an alert.
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

/// What can be done to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlertAction {
    /// A person takes note.
    Acknowledge,
    /// A person starts work.
    Start,
    /// A person closes it.
    Resolve,
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

/// An action that the state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IllegalTransition {
    /// The state.
    pub from: AlertStatus,
    /// The action.
    pub action: AlertAction,
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
    /// How urgent the open alert is, if there is one.
    pub open_alert: Option<Severity>,
}

impl<A> AlertCandidate<A> {
    /// Whether an open alert occupies its advisor: low ones are for campaigns.
    pub fn occupies_advisor(&self) -> bool {
        self.open_alert > Some(Severity::Low)
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

/// An alert on which work may still be done, as a run finds it.
#[derive(Clone, Copy, Debug)]
pub struct OpenAlert {
    /// Whose.
    pub client_id: ClientId,
    /// Id.
    pub churn_alert_id: ChurnAlertId,
    /// Open, acknowledged or in progress.
    pub status: AlertStatus,
    /// How urgent.
    pub severity: Severity,
    /// The day the forecast was made for.
    pub as_of: NaiveDate,
    /// Days over which silence is forecast.
    pub horizon_days: i32,
    /// The last day to act.
    pub due_on: NaiveDate,
    /// What a run's change is based on: a change by a person in between wins.
    pub row_version: i64,
}

/// What a scoring run does about one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertChange {
    /// Open an alert.
    Open(Severity),
    /// Make the open alert more urgent.
    Raise(Severity),
    /// Leave the open alert as it is.
    Keep,
    /// Clear the open alert.
    Clear,
    /// There is no alert and none is opened.
    Nothing,
}

/// What a scoring run does about the whole book.
#[derive(Default)]
pub struct AlertPlan {
    /// Clients active within the days the policy plans for.
    pub population: u64,
    /// Open alerts that stay as they are.
    pub kept: u64,
    /// To be opened.
    pub opened: Vec<ChurnAlert>,
    /// To be made more urgent.
    pub raised: Vec<ChurnAlert>,
    /// To be closed because the risk fell, or the client left the firm.
    pub cleared: Vec<OpenAlert>,
    /// To be closed because the forecast's window went by.
    pub expired: Vec<OpenAlert>,
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
        let (done, act) = match self.action {
            AlertAction::Acknowledge => ("acknowledged", "确认"),
            AlertAction::Start => ("started", "开始处理"),
            AlertAction::Resolve => ("resolved", "办结"),
            AlertAction::Expire => ("expired", "置为过期"),
            AlertAction::Clear => ("cleared", "解除"),
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
