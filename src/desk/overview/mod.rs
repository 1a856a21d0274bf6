//! All about one client at once 客户360. Read-only: owns no table.

mod http;
mod service;

use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("overview", "All about one client at once 客户360")],
    routes: http::routes,
    ..Slice::named("desk/overview")
};
