//! How likely a client is to fall silent, and who does something about it.
//!
//! Invariants: a risk is computed on read, by the newest usable model that saw nothing after `as_of`; a client has at most
//! one standing alert; a run of a day before the newest run's touches no alert; the same run again changes nothing.
//!
//! | alert from | acknowledge | start | resolve | expire (run) | clear (run) |
//! | --- | --- | --- | --- | --- | --- |
//! | open | acknowledged | – | – | expired | cleared |
//! | acknowledged | – | in_progress | – | expired | cleared |
//! | in_progress | – | – | resolved | expired | – |
//! | resolved, expired, cleared | – | – | – | – | – |

mod http;
mod jobs;
mod model;
mod rules;
mod service;
mod store;

pub use http::{ChurnAlertView, ChurnRiskView};
pub use model::{ChurnRisk, ClientAlert, DEFAULT_HORIZON_DAYS, HORIZON_DAYS};
pub use service::{open_alert, request_run, risk, seed};

use platform::kernel::error::{Code, Kind};
use platform::slice::{ClientTable, Slice};
use platform::worker::JobKind;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("churn", "How likely a client is to leave, and who does something about it 流失预警")],
    routes: http::routes,
    codes: &[&DAY_NOT_OVER],
    jobs: &[JobKind { kind: jobs::KIND, handle: jobs::handle }],
    seed: Some(|uow| Box::pin(service::seed(uow))),
    tables: &["churn_policy", "churn_model", "scoring_run"],
    client_tables: &[ClientTable::assigned("churn_alert", "advisor_id")],
    ..Slice::named("insight/churn")
};

static DAY_NOT_OVER: Code =
    Code::new("day_not_over", Kind::Conflict, "This trading day has not come yet", "该交易日尚未到来");
