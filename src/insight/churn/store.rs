//! Every statement of churn, by what it is about.

pub mod alerts;
pub mod book;
pub mod list;
pub mod models;
pub mod runs;
pub mod sweep;
