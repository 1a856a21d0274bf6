//! What makes an item good: pure checks, the same for the API, for files and for everything else that brings items.

mod amount;
mod balance;
mod checks;
mod found;
mod quotation;
pub mod read;
#[cfg(test)]
mod tests;
mod trade;

pub use balance::balance;
pub use checks::{Terms, of_open_client};
pub use trade::entry;
