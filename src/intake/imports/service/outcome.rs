//! What became of a chunk.

use crate::imports::model::{Counts, Origin, Rejection};
use platform::kernel::batch::{Outcome, Settled};
use platform::kernel::error::Fault;

/// What became of a chunk.
#[derive(Debug, Default)]
pub struct Applied {
    /// Its counts.
    pub counts: Counts,
    /// Rows refused, in the order of their lines.
    pub rejected: Vec<Rejection>,
}

impl Applied {
    /// One more row refused.
    pub fn reject(&mut self, origin: Origin, faults: Vec<Fault>) {
        self.rejected.push(Rejection::new(origin, faults));
    }

    /// The outcome of a chunk that had so many rows.
    #[must_use]
    pub fn of(mut self, read: u64) -> Self {
        self.rejected.sort_by_key(|rejection| rejection.line);
        self.counts.read = read;
        self.counts.rejected = self.rejected.len() as u64;
        self
    }

    /// Adds what became of rows.
    pub fn count(&mut self, settled: Vec<Settled<Origin>>, creates_clients: bool) {
        for Settled { place, outcome } in settled {
            match outcome {
                Outcome::Accepted(_) => self.counts.accepted += 1,
                Outcome::Duplicate(_) => self.counts.duplicate += 1,
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
