//! Clients, what identifies them, and their fund accounts.

mod client;
mod fund_account;
mod list;

pub use client::*;
pub use fund_account::*;
pub use list::*;
