//! What the machine gives the business: time, identity, a database, HTTP, workers. Knows no slice.

pub mod approvals;
mod boxed;
pub mod bulk;
pub mod config;
pub mod db;
pub mod decisions;
pub mod http;
pub mod kernel;
pub mod label;
pub mod metadata;
pub mod policies;
pub mod reports;
pub mod slice;
pub mod telemetry;
pub mod worker;

/// Tables of the mechanisms, which belong to no slice.
pub const TABLES: &[&str] = &[
    "setting",
    "audit_entry",
    "event_position",
    "outbox_event",
    "idempotency_record",
    "job",
    "pending_change",
    "policy",
    "schedule",
];
