//! Background jobs, followed. Read-only: jobs belong to the platform and to whoever asked for them.

mod http;
mod service;

pub use http::{JobPath, JobView, routes};
pub use service::visible;

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::Code;

/// Codes of this slice.
pub static CODES: &[&Code] = &[];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[];
