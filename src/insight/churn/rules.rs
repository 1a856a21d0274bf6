//! The decisions about churn: why a risk is what it is, which alerts a scoring run wants, what becomes of each alert,
//! and by when to act.

mod deadlines;
mod evaluate;
mod forecast;
mod lifecycle;
mod plan;
mod reasons;
mod words;

pub use deadlines::{due_on, expires_on};
pub use evaluate::{Told, evaluate};
pub use forecast::{cells, forecast, history, no_risk};
pub use lifecycle::{decide_alert, transition};
pub use plan::plan_alerts;
pub use reasons::{explain, observed_changes};
