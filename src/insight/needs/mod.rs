//! What a client does and prefers, from the trades.

pub mod model;
pub mod rules;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraint::Constraint;
use crate::platform::kernel::error::Code;

/// Codes of this slice.
pub static CODES: &[&Code] = &[];

/// Constraints and what they mean to a caller.
pub static CONSTRAINTS: &[Constraint] = &[];

/// Mounts every operation of the slice.
pub fn routes(_config: &mut ServiceConfig) {}
