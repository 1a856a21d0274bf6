//! Takes batches of trades and balances through everything they move, in one transaction: clients are found, items
//! checked and booked, days and running statistics moved, tiers decided anew, one event recorded.
//!
//! Invariants: an item is answered in its place, with all that is wrong with it, and refuses nothing but itself; items
//! are read and checked by the same rules whichever way they came; the same item again changes nothing; batches of
//! several callers at once end as if they had come one after the other.

mod events;
mod faults;
mod http;
mod model;
mod rules;
mod service;

pub use model::{BalanceInput, MAIN_FEED, OfClient, TradeInput};
pub use rules::read::{Members, balance as read_balance, trade as read_trade};
pub use service::{
    Beside, Foresight, Promised, beside, booked, foresee_balances, foresee_trades, ingest_balances, ingest_trades,
    lock, put_back,
};

use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    routes: http::routes,
    faults: faults::FAULTS,
    events: &[events::EVENTS],
    ..Slice::named("intake/ingestion")
};
