//! What every endpoint shares: who calls, what comes in, what goes out, what goes wrong.

pub mod actor;
pub mod allowance;
pub mod body;
pub mod cached;
pub mod cursor;
pub mod document;
pub mod envelope;
pub mod etag;
pub mod explained;
pub mod extract;
pub mod flat;
pub mod limits;
pub mod listing;
pub mod parameters;
pub mod permission;
pub mod problem;
pub mod reads;
pub mod respond;
mod schema;
pub mod sign_ins;

pub use crate::kernel::lock::Lock;
pub use actor::Actor;
pub use cached::{Cached, IfNoneMatch};
pub use etag::RequiredLock;
pub use explained::ReasonView;
pub use extract::{ClientPath, Input, Json, Path, Query};
pub use listing::{Counting, Items, Listing, NoFilter, PageOf, Paging};
pub use problem::Language;
pub use respond::{Accepted, Created, NoContent, Tagged};
