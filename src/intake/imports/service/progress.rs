//! How far an import is.

use serde::{Deserialize, Serialize};

use crate::imports::model::{Counts, FaultKind, PendingRow, Summary};

/// How far an import is. Kept with its job in the same transaction as each chunk, so that an import that was killed
/// goes on where it stopped, and counts every line once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Counts so far.
    #[serde(flatten)]
    pub counts: Counts,
    /// Chunks done.
    pub chunks: u64,
    /// What was wrong so far, by kind.
    pub faults: Vec<FaultKind>,
    /// The first rows of which something waits for a second person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pending_rows: Vec<PendingRow>,
    /// What came of it, at the end.
    pub summary: Option<Summary>,
}
