//! What clients hold at the end of a trading day: one row a client, day and fund account, where the last word wins.
//! Kept in the book's currency only; a batch is kept by whoever has locked its clients.

mod events;
mod foresight;
mod http;
mod model;
mod service;
mod store;

pub use foresight::{Foresight, foresee};
pub use model::{Kept, NewBalance};
pub use service::{keep, kept, key, put_back, with_balances};
pub use store::BalanceKey;

use platform::slice::{ClientTable, Slice};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    routes: http::routes,
    events: &[events::EVENTS],
    client_tables: &[ClientTable::new("balance")],
    views: &["daily_balance"],
    ..Slice::named("book/balances")
};
