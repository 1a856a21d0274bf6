//! What people do about it.

pub mod interactions;
