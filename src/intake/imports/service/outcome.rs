//! What became of a chunk.

use uuid::Uuid;

use crate::imports::model::{Counts, Origin, PendingRow, Rejection};
use platform::kernel::batch::{Outcome, Settled};
use platform::kernel::error::Fault;
use platform::kernel::ids::PendingChangeId;

/// What became of a chunk.
#[derive(Debug, Default)]
pub struct Applied {
    /// Its counts.
    pub counts: Counts,
    /// Rows refused, in the order of their lines.
    pub rejected: Vec<Rejection>,
    /// Lines of the rows taken, and what each became.
    pub taken: Vec<(u64, Uuid)>,
    /// Rows of which something waits for a second person.
    pub pending: Vec<PendingRow>,
}

impl Applied {
    /// One more row refused.
    pub fn reject(&mut self, origin: Origin, faults: Vec<Fault>) {
        self.rejected.push(Rejection::new(origin, faults));
    }

    /// One more row taken.
    pub fn accept(&mut self, origin: &Origin, id: Uuid) {
        self.counts.accepted += 1;
        self.taken.push((origin.line, id));
    }

    /// One more row that changed a client.
    pub fn change(&mut self) {
        self.counts.accepted += 1;
        self.counts.changed += 1;
    }

    /// One more row that waits for a second person.
    pub fn wait(&mut self, origin: &Origin, pending_change_id: PendingChangeId) {
        self.counts.pending += 1;
        self.pending.push(PendingRow { line: origin.line, pending_change_id });
    }

    /// The outcome of a chunk that had so many rows, and lines that are none.
    #[must_use]
    pub fn of(mut self, read: u64, closing_lines: u64) -> Self {
        self.rejected.sort_by_key(|rejection| rejection.line);
        self.counts.read = read;
        self.counts.closing_lines = closing_lines;
        self.counts.rejected = self.rejected.len() as u64;
        self
    }

    /// Adds what became of rows.
    pub fn count(&mut self, settled: Vec<Settled<Origin>>, creates_clients: bool) {
        for Settled { place, outcome, warnings } in settled {
            for warning in warnings {
                *self.counts.warnings.entry(warning.code.to_owned()).or_default() += 1;
            }
            match outcome {
                Outcome::Accepted(id) => self.accept(&place, id),
                Outcome::Duplicate(_) => self.counts.duplicate += 1,
                Outcome::ReversedBefore(_) => self.counts.reversed_before += 1,
                Outcome::Rejected(mut faults) => {
                    // No client is made for a row that is wrong otherwise; put right, the row would have one.
                    if creates_clients && faults.len() > 1 {
                        faults.retain(|fault| fault.code != "unknown_client");
                    }
                    self.reject(place, faults);
                }
            }
        }
    }
}
