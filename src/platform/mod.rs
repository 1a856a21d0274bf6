//! What the machine gives the business: time, identity, a database, HTTP, workers. Knows no slice.

pub mod config;
pub mod db;
pub mod http;
pub mod kernel;
pub mod slice;
pub mod telemetry;
pub mod worker;
