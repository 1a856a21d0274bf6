//! Alerts: what they are made from, their states, the policy behind them.

mod alert;
mod kind;
mod list;
mod policy;
mod record;

pub use alert::{
    AlertAction, AlertCandidate, AlertChange, AlertPlan, AlertStatus, ChurnAlertOutcome as Outcome,
    ChurnAlertSeverity as Severity, LossReason, OpenAlert, Planned, RiskBand,
};
pub use list::{AlertFilter, AlertKey, AlertOrder, ClientAlert};
pub use policy::ChurnPolicy;
pub use record::{ChurnAlert, DueBasis};
