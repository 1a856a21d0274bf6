//! How people work with it.

pub mod overview;
