//! All that is wrong with one item.

use super::super::faults;
use platform::kernel::error::Fault;

/// No item has more faults than this.
const MOST: usize = 50;

/// The faults found so far, one a place: what cannot be read is not also missing.
#[derive(Clone, Debug, Default)]
pub struct Found(Vec<Fault>);

impl Found {
    /// One more, unless something is known to be wrong at the same place.
    pub fn add(&mut self, fault: Fault) {
        if self.0.len() < MOST && !self.has(&fault.pointer) {
            self.0.push(fault);
        }
    }

    /// What a check gave; its fault is added.
    pub fn keep<T>(&mut self, checked: Result<T, Fault>) -> Option<T> {
        checked.map_err(|fault| self.add(fault)).ok()
    }

    /// A value that must be there.
    pub fn need<T>(&mut self, pointer: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.add(faults::REQUIRED.at(pointer));
        }
        value
    }

    /// Whether something is wrong at this place.
    pub fn has(&self, pointer: &str) -> bool {
        self.0.iter().any(|fault| fault.pointer == pointer)
    }

    /// The faults, if there are any.
    pub fn nothing(&mut self) -> Result<(), Vec<Fault>> {
        if self.0.is_empty() { Ok(()) } else { Err(std::mem::take(&mut self.0)) }
    }
}

impl From<Vec<Fault>> for Found {
    fn from(faults: Vec<Fault>) -> Self {
        Self(faults)
    }
}

impl From<Found> for Vec<Fault> {
    fn from(found: Found) -> Self {
        found.0
    }
}
