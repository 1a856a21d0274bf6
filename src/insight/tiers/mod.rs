//! Which tier a client is in, and why.
//!
//! Invariants: at most one assignment holds at any instant; a new one is written only when rung, tier, service level or
//! standing change; each keeps the inputs, the rule and the policy that decided; what speaks for the current one is measured
//! on read; the tier on the client is the current assignment's.

mod http;
mod model;
mod rules;
mod service;
mod store;

pub use http::CurrentTierView;
pub use model::{TierMove, TierPolicy, TierToday};
pub use service::{current, reassess, reassess_after_trades, reassess_in_turn};

use platform::kernel::error;
use platform::policies::PolicyKind;
use platform::slice::{ClientTable, Slice};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("tiers", "Which tier a client is in, and why 客户分层")],
    routes: http::routes,
    constraints: &[("tier_assignment_no_overlap", &error::CONFLICT)],
    policies: &[PolicyKind::of::<TierPolicy>()],
    client_tables: &[ClientTable::new("tier_assignment")],
    ..Slice::named("insight/tiers")
};
