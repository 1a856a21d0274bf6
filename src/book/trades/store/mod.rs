//! Every statement about trades and what they add up to.

mod book;
mod list;
mod rollup;
mod verify;

pub use book::{
    Reversed, existing_reversals, existing_trades, insert_reversals, insert_trades, mark_reversed, taken_back,
};
pub use list::list;
pub use rollup::{active_bounds, add_to_days, lock_clients, move_statistics, take_from_days, with_trades};
pub use verify::differences;
