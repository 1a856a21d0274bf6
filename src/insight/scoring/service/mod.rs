//! Use cases of scoring, by what they are about.

mod fit;
mod risk;
mod runs;

pub use risk::{model, risk, risks};
pub use runs::{activity, begin_run, end_run, list_models, list_runs, newest_run, nightly_run, request_run, run};
