//! What came of a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use platform::kernel::ids::{BulkPlanId, PendingChangeId};

/// How a file turned out to be laid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Layout {
    /// The encoding of its text (WHATWG Encoding, §4.2).
    pub encoding: String,
    /// What separates its cells; none in NDJSON.
    pub separator: Option<char>,
    /// The line that names its columns, from 1; lines before it were passed over. None in NDJSON.
    pub header_line: Option<u64>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    /// Its name, as it is written.
    pub column: String,
    /// The fields it feeds; none if it is ignored.
    pub fields: Vec<String>,
    /// Values of its first rows, as they were understood; personal ones are masked. Of dry runs only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

/// What was wrong with lines, by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FaultKind {
    /// The code.
    pub code: String,
    /// The field, as a JSON pointer; empty for the line as a whole.
    pub pointer: String,
    /// What it means, as of the first line.
    pub message: String,
    /// How many lines.
    pub lines: u64,
    /// The first lines, from 1.
    pub first_lines: Vec<u64>,
}

/// Counts of rows. (c1)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ImportCounts)]
pub struct Counts {
    /// Looked at.
    pub read: u64,
    /// Taken.
    pub accepted: u64,
    /// Of those, clients that were there and were changed; absent when there are none.
    #[serde(skip_serializing_if = "is_none")]
    pub changed: u64,
    /// There already.
    pub duplicate: u64,
    /// There already, and taken back since: not booked anew; absent when there are none.
    #[serde(skip_serializing_if = "is_none")]
    pub reversed_before: u64,
    /// Not taken; each with its line.
    pub rejected: u64,
    /// Clients made because a row named them.
    pub clients_created: u64,
    /// Of which some or all waits for a second person; absent when there are none.
    #[serde(skip_serializing_if = "is_none")]
    pub pending: u64,
    /// Lines passed over because they add up the rows or tell of the print-out.
    pub closing_lines: u64,
    /// Rows taken that are odd, by the code of the warning; absent when there are none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub warnings: BTreeMap<String, u64>,
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
        self.changed += other.changed;
        self.pending += other.pending;
        self.closing_lines += other.closing_lines;
        self.reversed_before += other.reversed_before;
        for (code, count) in &other.warnings {
            *self.warnings.entry(code.clone()).or_default() += count;
        }
    }

    /// Whether anything is in the book that the file wanted there.
    pub fn anything_applied(&self) -> bool {
        self.accepted + self.duplicate + self.reversed_before + self.pending > 0
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
    /// How the file is laid out: what was said, or found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// Its columns, and what each feeds.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// What was wrong with lines, by kind, the most frequent first.
    #[serde(default)]
    pub faults: Vec<FaultKind>,
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
