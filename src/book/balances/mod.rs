//! What clients hold at the end of a trading day: one row a client, day and fund account, where the last word wins.
//! Kept in the book's currency only; a batch is kept by whoever has taken the turns of its clients.

mod http;
mod model;
mod service;
mod store;

pub use http::routes;
pub use model::NewBalance;
pub use service::keep;

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::Code;

/// Codes of this slice.
pub static CODES: &[&Code] = &[];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[];
