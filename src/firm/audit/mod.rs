//! The audit trail, read: who did what, when, from where and why, with what was there before and after; entries are
//! written with the effect, by the unit of work, and nobody changes them. And who was answered with what belongs to a
//! client (`platform::http::reads`), kept for as long as the setting `client_reads.keep_days` says.

mod http;
mod jobs;
mod model;
mod service;
mod store;

pub use jobs::keep_reads;
pub use service::purge_reads;

use platform::slice::{ClientTable, Slice};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("audit", "Who did what, when and from where 审计记录")],
    routes: http::routes,
    client_tables: &[ClientTable::new("client_read")],
    ..Slice::named("firm/audit")
};
