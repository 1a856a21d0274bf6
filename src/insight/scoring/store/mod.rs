//! Every statement of scoring, by what it is about.

pub mod activity;
pub mod models;
pub mod runs;
