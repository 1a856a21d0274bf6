//! How people work with it.

pub mod demo;
pub mod imports;
pub mod jobs;
pub mod overview;
