//! What a scoring run sees of the book and wants to do about it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{AlertStatus, ChurnAlert, Severity};
use platform::kernel::decision::{Decision, Reason};
use platform::kernel::ids::{ChurnAlertId, ClientId};

/// A client as the plan of a scoring run sees it. `A` identifies an advisor.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertCandidate<A> {
    /// Probability of silence over the policy's horizon, 0–1.
    pub p: f64,
    /// The same 28 days (the policy's `rise_window_days`) ago.
    pub p_before: Option<f64>,
    /// Net revenue of 12 months expected of the client if kept.
    pub revenue_if_kept: Decimal,
    /// Net assets with us; none where no balance came.
    pub net_assets: Option<Decimal>,
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
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Position of the client among the candidates.
    pub index: usize,
    /// How urgent.
    pub severity: Severity,
    /// `p × revenue_if_kept`, four decimals.
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
    /// The risks behind what is opened and raised.
    pub decisions: Vec<Decision<Value>>,
}
