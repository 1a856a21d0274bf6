//! Trades as they came, and what they add up to.
//!
//! Invariants: a trade is known by client, source and `external_id`, and never changes except that it is reversed, once;
//! a reversal may come before its trade. `trade_day` and `trade_statistics` are at every commit what the standing trades
//! add up to, in whatever order those came; trades in another currency than the book's count, but are never added up.
//! Whoever writes for a client first takes its turn ([`take_turns`]).

mod http;
mod model;
mod rules;
mod service;
mod side;
mod store;

pub use http::routes;
pub use model::{Booked, Fate, NewReversal, NewTrade, SourceKey};
pub use service::{Turns, book, take_turns};
pub use side::{Position, Side};

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::Code;

/// Codes of this slice.
pub static CODES: &[&Code] = &[];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[];
