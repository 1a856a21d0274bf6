//! What a client is worth, part by part.
//!
//! Invariants: the parts add up to the score exactly; a part without data earns nothing and says so; a score never moves
//! because other clients joined, only its percentile does. The score is computed on read, from the policy in force.

mod http;
mod model;
mod rules;
mod service;
mod store;

pub use http::{ValueScoreView, routes};
pub use model::ValueStanding;
pub use service::{BookValue, book_value, expected_revenue, score, seed};

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::Code;

/// Codes of this slice.
pub static CODES: &[&Code] = &[];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[];
