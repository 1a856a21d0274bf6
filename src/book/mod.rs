//! The firm's record of its clients.

pub mod balances;
pub mod clients;
pub mod trades;
