//! Clients and what identifies them.

mod client;
mod list;

pub use client::*;
pub use list::*;
