//! Use cases of churn, by what they are about.

mod alerts;
mod plan;
mod risk;
mod runs;
mod scoring;
mod sweep;
mod tiers;

pub use alerts::{Deed, act, alert, list, open_alert};
pub use risk::risk;
pub use runs::{request_run, seed};
pub use scoring::run;
