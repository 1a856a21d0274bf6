//! The vocabulary everything shares. Imports nothing of ours; no actix, no async, no sqlx.

pub mod batch;
pub mod calendar;
pub mod clock;
pub mod decision;
pub mod difference;
pub mod error;
pub mod event;
pub mod fault;
pub mod ids;
pub mod label;
pub mod lifecycle;
pub mod lock;
pub mod money;
pub mod page;
pub mod patch;
pub mod principal;
