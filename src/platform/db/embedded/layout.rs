//! What every part of the embedded database agrees on.

use std::time::Duration;

/// The cluster's directory.
pub(super) const CLUSTER: &str = "postgres";
/// How often files that another process writes are looked at.
pub(super) const POLL: Duration = Duration::from_millis(4);

/// What a crash may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing that was acknowledged.
    Durable,
    /// Everything. For tests only: `fsync`, `synchronous_commit` and `full_page_writes` are off.
    Throwaway,
}
