//! What came of a file.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use platform::kernel::ids::{BulkPlanId, PendingChangeId};

/// Counts of rows. (c1)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ImportCounts)]
pub struct Counts {
    /// Looked at.
    pub read: u64,
    /// Taken.
    pub accepted: u64,
    /// There already.
    pub duplicate: u64,
    /// Not taken; each with its line.
    pub rejected: u64,
    /// Clients made because a row named them.
    pub clients_created: u64,
    /// Of which some or all waits for a second person; absent when there are none.
    #[serde(skip_serializing_if = "is_none")]
    pub pending: u64,
}

/// A row of which something waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRow {
    /// The line of the file it starts on, from 1.
    pub line: u64,
    /// What waits.
    pub pending_change_id: PendingChangeId,
}

impl PendingRow {
    /// So many are named; all are under `/v1/approvals`.
    const NAMED: usize = 100;

    /// Names more of them, as long as there is room.
    pub fn name(named: &mut Vec<Self>, more: &[Self]) {
        named.extend(more.iter().take(Self::NAMED.saturating_sub(named.len())).cloned());
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_none(rows: &u64) -> bool {
    *rows == 0
}

impl Counts {
    /// Adds those of a chunk.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.rejected += other.rejected;
        self.clients_created += other.clients_created;
        self.pending += other.pending;
    }

    /// Whether anything is in the book that the file wanted there.
    pub fn anything_applied(&self) -> bool {
        self.accepted + self.duplicate + self.pending > 0
    }
}

/// What came of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Counts of its rows.
    #[serde(flatten)]
    pub counts: Counts,
    /// Columns that fed nothing.
    pub ignored_columns: Vec<String>,
    /// Where the rows came from.
    pub source: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// Whether nothing was written because only the counts were wanted.
    pub dry_run: bool,
    /// What a dry run would write, as a bulk plan: committed exactly so, and undone, under `/v1/bulk-plans`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk_plan_id: Option<BulkPlanId>,
    /// Why a dry run that would write something has no plan: a code of the catalogue (`bulk_plan_too_large`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_bulk_plan: Option<String>,
    /// The first rows of which something waits for a second person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending_rows: Vec<PendingRow>,
}
