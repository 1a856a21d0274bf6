//! Clients and what identifies them.

mod assignment;
mod client;
mod codes;
mod list;

pub use assignment::*;
pub use client::*;
pub use codes::*;
pub use list::*;
