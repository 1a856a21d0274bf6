//! Batches: items on their way in, and what became of each. An item carries what its sender knows it by, so that
//! whatever order a batch is worked in, every answer finds its item.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde::Serialize;
use uuid::Uuid;

use super::error::{Error, Fault};

/// An item of a batch that waits to be taken in.
#[derive(Clone, Debug)]
pub struct Pending<T, P = usize> {
    /// What its sender knows it by: an index in an array, a line of a file.
    pub place: P,
    /// As far as it could be read.
    pub item: T,
    /// What could not be read. An item with faults is refused, but what else is wrong with it is found as well.
    pub faults: Vec<Fault>,
}

impl<T, P> Pending<T, P> {
    /// An item that was read without fault.
    pub fn new(place: P, item: T) -> Self {
        Self { place, item, faults: Vec::new() }
    }
}

impl<T> Pending<T> {
    /// The items of an array, each known by its index.
    pub fn all(items: impl IntoIterator<Item = T>) -> Vec<Self> {
        items.into_iter().enumerate().map(|(place, item)| Self::new(place, item)).collect()
    }
}

/// What became of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Taken in, under this id; what has no id of its own gives its client's.
    Accepted(Uuid),
    /// The same was there already, under this id; nothing changed.
    Duplicate(Uuid),
    /// One with the same id was there and was taken back, under this id; nothing changed, and nothing stands.
    ReversedBefore(Uuid),
    /// Refused, with everything that is wrong; pointers are into the item.
    Rejected(Vec<Fault>),
}

impl Outcome {
    /// A refusal of the one client, trade or balance an item is, as the item's outcome; other errors concern the batch.
    pub fn refused(error: Error) -> Result<Self, Error> {
        let Error::Refused(refusal) = error else { return Err(error) };
        if refusal.faults.is_empty() {
            let mut fault = refusal.code.at("");
            fault.message = refusal.detail.unwrap_or(fault.message);
            return Ok(Self::Rejected(vec![fault]));
        }
        Ok(Self::Rejected(refusal.faults))
    }
}

/// An item's place and what became of it.
#[derive(Clone, Debug)]
pub struct Settled<P = usize> {
    /// What its sender knows it by.
    pub place: P,
    /// What became of it.
    pub outcome: Outcome,
    /// What is odd about an item that was taken in.
    pub warnings: Vec<Fault>,
}

impl<P> Settled<P> {
    /// Without warnings.
    pub fn new(place: P, outcome: Outcome) -> Self {
        Self { place, outcome, warnings: Vec::new() }
    }
}

/// The outcomes of a batch as they become known; given back in the order of the items.
#[derive(Debug)]
pub struct Outcomes<P>(Vec<(P, Vec<Fault>, Option<Outcome>)>);

impl<P> Default for Outcomes<P> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<P> Outcomes<P> {
    /// The next item, settled later under the number given back; with what is odd about it if it is taken in.
    pub fn expect(&mut self, place: P, warnings: Vec<Fault>) -> usize {
        self.0.push((place, warnings, None));
        self.0.len() - 1
    }

    /// The next item, refused.
    pub fn reject(&mut self, place: P, faults: Vec<Fault>) {
        self.0.push((place, Vec::new(), Some(Outcome::Rejected(faults))));
    }

    /// What became of items that were expected.
    pub fn settle(&mut self, settled: Vec<Settled>) {
        for Settled { place, outcome, .. } in settled {
            if let Some((_, warnings, kept)) = self.0.get_mut(place) {
                if !matches!(outcome, Outcome::Accepted(_)) {
                    warnings.clear();
                }
                *kept = Some(outcome);
            }
        }
    }

    /// Every item with its outcome, in their order.
    pub fn finish(self) -> Vec<Settled<P>> {
        let settled = self.0.into_iter();
        let settled = settled.map(|(place, warnings, outcome)| Some(Settled { place, outcome: outcome?, warnings }));
        settled.flatten().collect()
    }
}

/// Eight bytes by which equal values are known again, for runs that would have to remember a whole file.
pub fn fingerprint(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// How many items ended how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Taken in.
    pub accepted: u32,
    /// There already.
    pub duplicates: u32,
    /// There already, and taken back since.
    pub reversed_before: u32,
    /// Refused.
    pub rejected: u32,
    /// Items taken in that are odd, by the code of the warning.
    pub warnings: BTreeMap<&'static str, u32>,
}

impl Tally {
    /// Of a batch.
    pub fn of<P>(settled: &[Settled<P>]) -> Self {
        let mut tally = Self::default();
        for Settled { outcome, warnings, .. } in settled {
            match outcome {
                Outcome::Accepted(_) => tally.accepted += 1,
                Outcome::Duplicate(_) => tally.duplicates += 1,
                Outcome::ReversedBefore(_) => tally.reversed_before += 1,
                Outcome::Rejected(_) => tally.rejected += 1,
            }
            for warning in warnings {
                *tally.warnings.entry(warning.code).or_default() += 1;
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_come_back_in_the_order_of_the_items() {
        let mut outcomes = Outcomes::default();
        let odd = || vec![Fault::new("", "odd", "", "")];
        let first = outcomes.expect("first", odd());
        outcomes.reject("second", Vec::new());
        let third = outcomes.expect("third", odd());
        outcomes.settle(vec![
            Settled::new(third, Outcome::Duplicate(Uuid::nil())),
            Settled::new(first, Outcome::Accepted(Uuid::nil())),
        ]);
        let settled = outcomes.finish();
        assert_eq!(settled.iter().map(|item| item.place).collect::<Vec<_>>(), ["first", "second", "third"]);
        let counts = Tally { accepted: 1, duplicates: 1, rejected: 1, ..Tally::default() };
        let warnings = BTreeMap::from([("odd", 1)]);
        assert_eq!(Tally::of(&settled), Tally { warnings, ..counts }, "only what is taken in is warned of");
    }
}
