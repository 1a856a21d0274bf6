//! Use cases of scoring, by what they are about.

mod clients;
mod fit;
mod risk;
mod runs;

pub use risk::{model, probabilities, risk, risks};
pub use runs::{begin_run, end_run, list_models, list_runs, newest_run, nightly_run, request_run, run};
