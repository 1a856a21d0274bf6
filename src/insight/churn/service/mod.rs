//! Use cases of alerts, by what they are about. `run` is done by a job and takes its context.

mod alerts;
mod apply;
mod plan;
mod run;

pub use alerts::{Resolution, acknowledge, alert, list, open_alert, resolve, start};
pub use run::run;
