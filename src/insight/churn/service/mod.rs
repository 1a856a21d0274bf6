//! Use cases of alerts, by what they are about. `run` is done by a job and takes its context.

mod alerts;
mod apply;
mod plan;
mod policy;
mod run;
mod tiers;

pub use alerts::{Resolution, acknowledge, alert, list, open_alert, resolve, start};
pub use policy::seed;
pub use run::run;
