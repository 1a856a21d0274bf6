//! Which tier a client is in, and why.
//!
//! Invariants: at most one assignment holds at any instant; a new one is written only when rung, tier, service level or
//! standing change; each keeps the inputs, the rule and the policy that decided; the tier on the client is the current
//! assignment's.

mod http;
pub mod model;
pub mod rules;
mod service;
mod store;

pub use http::{TierStandingView, routes};
pub use model::{TierMove, TierStanding};
pub use service::{as_of, current, reassess, reassess_after_trades, reassess_in_turn, seed};

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::{self, Code};

/// Codes of this slice.
pub static CODES: &[&Code] = &[];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[("tier_assignment_no_overlap", &error::CONFLICT)];
