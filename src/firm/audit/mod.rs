//! The audit trail, read: who did what, when, from where and why, with what was there before and after. Entries are
//! written with the effect, by the unit of work; nobody changes them.

mod http;

use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("audit", "Who did what, when and from where 审计记录")],
    routes: http::routes,
    ..Slice::named("firm/audit")
};
