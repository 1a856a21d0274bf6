//! Alerts: what they are made from, their states, the policy behind them.

mod alert;
mod kind;
mod list;
mod plan;
mod policy;
mod record;

pub use alert::{
    AlertAction, AlertStatus, ChurnAlertOutcome as Outcome, ChurnAlertSeverity as Severity, LossReason, RiskBand,
};
pub use list::{AlertFilter, AlertKey, AlertOrder, ClientAlert};
pub use plan::{AlertCandidate, AlertChange, AlertPlan, OpenAlert, Planned};
pub use policy::ChurnPolicy;
pub use record::ChurnAlert;
