//! The decisions about alerts: which ones a scoring run wants, what becomes of each, and by when to act.

mod band;
mod deadlines;
mod lifecycle;
mod plan;
mod words;

pub use band::conclusion;
pub use deadlines::{due_on, expires_on};
pub use lifecycle::{can_clear, decide_alert};
pub use plan::plan_alerts;
