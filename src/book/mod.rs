//! The firm's record of its clients.

pub mod accounts;
pub mod balances;
pub mod clients;
pub mod trades;
