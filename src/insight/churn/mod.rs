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

pub use http::{ChurnAlertView, ChurnRiskView, routes};
pub use jobs::{JOB_KIND, handle};
pub use model::{ChurnRisk, ClientAlert, DEFAULT_HORIZON_DAYS, HORIZON_DAYS};
pub use service::{open_alert, request_run, risk, seed};

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::{Code, Kind};

/// Codes of this slice.
pub static CODES: &[&Code] = &[&ILLEGAL_TRANSITION, &DAY_NOT_OVER];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[];

static ILLEGAL_TRANSITION: Code =
    Code::new("illegal_transition", Kind::Conflict, "The state does not allow this step", "当前状态不允许此操作");
static DAY_NOT_OVER: Code =
    Code::new("day_not_over", Kind::Conflict, "This trading day has not come yet", "该交易日尚未到来");
