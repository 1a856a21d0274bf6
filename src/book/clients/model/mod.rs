//! Clients and what identifies them.

mod assignment;
mod client;
mod list;

pub use assignment::*;
pub use client::*;
pub use list::*;
