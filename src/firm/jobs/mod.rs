//! Background jobs, followed. Read-only: jobs belong to the platform and to whoever asked for them.

mod http;
mod service;

pub use http::{JobPath, JobView};
pub use service::visible;

use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice { routes: http::routes, ..Slice::named("firm/jobs") };
