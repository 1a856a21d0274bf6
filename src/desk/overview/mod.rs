//! All about one client at once 客户360. Read-only: owns no table.

mod http;
mod service;

pub use http::routes;

use crate::platform::kernel::error::Code;

/// Codes of this slice: none of its own.
pub static CODES: &[&Code] = &[];
