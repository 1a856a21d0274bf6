//! What the firm's people said and heard: one record a contact with a client 沟通记录.
//!
//! Invariants: a contact happened, so it is never in the future, and since 1970; who recorded it stays; the alert it answers, if any, is
//! of the same client.

mod http;
mod model;
mod service;
mod store;

pub use http::{InteractionView, routes};
pub use model::{Channel, ClientInteraction, Direction, NewInteraction, Outcome, Purpose};
pub use service::{insert_recorded, latest};

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::{Code, Kind};

/// Codes of this slice.
pub static CODES: &[&Code] = &[&UNKNOWN_ALERT];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[("interaction_alert_exists", &UNKNOWN_ALERT)];

static UNKNOWN_ALERT: Code =
    Code::new("unknown_alert", Kind::Invalid, "The client has no such churn alert", "该客户没有此流失预警");
