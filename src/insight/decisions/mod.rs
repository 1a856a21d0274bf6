//! Decisions about clients, as they were made: result and reasons, inputs, and the policy or model that decided.
//!
//! A slice that decides hands its decisions to [`store`] in the unit of work of what made it decide; they are kept when
//! the result differs from the last one of that kind. What was decided and shown at the time stays, whatever is
//! computed later.
//!
//! Invariants: a stored decision is never changed; replaying one gives the same bytes; every kind is registered by the
//! slice that decides (`SLICE.decisions`).

mod events;
mod http;
mod service;
mod store;

pub use service::store;

use platform::kernel::error::{Code, Kind};
use platform::slice::{ClientTable, Slice};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("decisions", "What was decided about a client, why, and again 客户决策")],
    routes: http::routes,
    events: &[events::EVENTS],
    codes: &[&UNKNOWN_DECISION_KIND],
    client_tables: &[ClientTable::new("decision")],
    ..Slice::named("insight/decisions")
};

static UNKNOWN_DECISION_KIND: Code = Code::new(
    "unknown_decision_kind",
    Kind::Invalid,
    "There is no such kind of decision, or none that is made on demand",
    "没有该类决策，或该类决策不能按需作出",
);
