//! Trades as they came, and what they add up to.
//!
//! Invariants: a trade is known by client, source and `external_id`, and never changes except that it is reversed, once;
//! a reversal may come before its trade. `trade_day` and `trade_statistics` are at every commit what the standing trades
//! add up to, in whatever order those came; trades in another currency than the book's count, but are never added up.
//! Whoever writes for a client locks it first ([`lock_clients`]).

mod foresight;
mod http;
mod model;
mod rules;
mod service;
mod side;
mod store;
mod verify;

pub use foresight::{Foresight, foresee};
pub use model::{Booked, Entry, NewReversal, NewTrade, SourceKey};
pub use service::{ClientLocks, book, lock_clients, with_trades};
pub use side::{Position, Side};

use platform::kernel::label::LabelSet;
use platform::slice::{ClientTable, Slice};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("trades", "Trades and balances come in 成交与资产")],
    routes: http::routes,
    faults: faults::FAULTS,
    labels: &[LabelSet::of::<Side>(&["trade.side"])],
    verify: Some(|read, clients| Box::pin(verify::verify(read, clients))),
    client_tables: &[
        ClientTable::new("trade"),
        ClientTable::new("trade_reversal"),
        ClientTable::new("trade_day"),
        ClientTable::new("trade_statistics"),
    ],
    views: &["effective_trade", "active_day", "client_activity", "activity_as_of"],
    ..Slice::named("book/trades")
};

/// What can be wrong with an input of this slice.
mod faults {
    platform::faults! {
        ID_REUSED = "external_id_reused" "Another item with other content has this external_id"
            "该 external_id 已用于内容不同的另一条记录";
        ALREADY_REVERSED = "already_reversed" "Another reversal took this trade back" "该成交已被另一条冲正记录撤销";
    }
}
