//! How people work with it.

pub mod figures;
pub mod overview;
