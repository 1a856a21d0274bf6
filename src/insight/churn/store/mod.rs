//! Every statement about alerts, by what it is about.

pub mod alerts;
pub mod bulk;
pub mod clients;
pub mod figures;
pub mod list;
