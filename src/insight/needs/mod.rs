//! What a client does and prefers, from the trades.
//!
//! Invariants: a profile is a pure function of the trades that stand up to `as_of` and of the window; what is sold
//! without a known purchase is reported, never guessed; amounts in another currency than the book's are counted, never
//! added up.

mod http;
mod model;
mod rules;
mod service;
mod store;

pub use http::{TradingProfileView, routes};
pub use model::Side;
pub use service::{ClientProfile, profile};

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::Code;

/// Codes of this slice.
pub static CODES: &[&Code] = &[];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[];
