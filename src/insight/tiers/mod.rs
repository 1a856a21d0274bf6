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

pub use http::{CurrentTierView, routes};
pub use model::{TierMove, TierToday};
pub use service::{current, reassess, reassess_after_trades, reassess_in_turn, seed};

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::{self, Code};

/// Codes of this slice.
pub static CODES: &[&Code] = &[];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[("tier_assignment_no_overlap", &error::CONFLICT)];
