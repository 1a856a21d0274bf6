//! Takes batches of trades and balances through everything they move, in one transaction: clients are found, items
//! checked and booked, days and running statistics moved, tiers decided anew, one event recorded.
//!
//! Invariants: an item is answered in its place and refuses nothing but itself; the same item again changes nothing;
//! batches of several callers at once end as if they had come one after the other.

mod http;
mod model;
mod rules;
mod service;

pub use http::routes;
pub use model::{BalanceItem, ClientKey, Item, Outcome, ReversalItem, TradeItem};
pub use service::{ingest_balances, ingest_trades};

use crate::platform::kernel::error::Code;

/// Codes of this slice.
pub static CODES: &[&Code] = &[];
