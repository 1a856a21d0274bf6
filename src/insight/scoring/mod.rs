//! How likely a client is to fall silent: fitted models, forecasts, and how well they held.
//!
//! Invariants: a risk is computed on read, by the newest usable model that saw nothing after `as_of`; the same book
//! gives the same model, in whatever order it came; a model is the best step of the ladder (`science::ladder`) that the
//! book supports, and says so; runs go one after the other, and a job that runs again finds the run it did.
//!
//! A scoring run also plans alerts and scores values, which stand above this slice: the job that does all of it is
//! `churn`'s. It calls `begin_run`, does its part, and calls `end_run` with the summary.

mod events;
mod http;
mod model;
mod rules;
mod service;
mod store;

pub use http::ChurnRiskView;
pub use model::{
    AlertCounts, BookScored, ChurnModelKind, ChurnRisk, ChurnStatistics, DEFAULT_HORIZON_DAYS, Evaluation, FitSummary,
    Forecast, HORIZON_DAYS, ModelInUse, ModelSettings, NoRisk, Quality, RunRequest, RunStart, ScoredClient, ScoringRun,
    ValueQuantiles,
};
pub use rules::{assess, no_risk, percent};
pub use service::{begin_run, end_run, model, newest_run, nightly_run, probabilities, request_run, risk, risks};

use platform::kernel::error::{Code, Kind};
use platform::kernel::label::LabelSet;
use platform::slice::Slice;

/// The kind of the jobs that do scoring runs.
pub const RUN_JOB: &str = "scoring";

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    routes: http::routes,
    events: &[events::EVENTS],
    codes: &[&DAY_NOT_OVER],
    faults: faults::FAULTS,
    labels: &[LabelSet::of::<model::ChurnModelKind>(&["churn_model.kind"])],
    tables: &["churn_model", "scoring_run"],
    views: &["usable_churn_model", "book_value"],
    ..Slice::named("insight/scoring")
};

static DAY_NOT_OVER: Code =
    Code::new("day_not_over", Kind::Conflict, "This trading day has not come yet", "该交易日尚未到来");

/// What can be wrong with an input of this slice.
mod faults {
    platform::faults! {
        HORIZON = "out_of_range" "{least} to {most} days" "应为 {least} 至 {most} 天";
    }
}
