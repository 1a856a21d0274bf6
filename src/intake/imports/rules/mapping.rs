//! What a person says about the columns and words of a file, checked against the fields of its kind.

use std::collections::{BTreeMap, HashMap};

use super::words;
use crate::imports::faults;
use crate::imports::model::{Declared, Kind};
use platform::kernel::error::{Error, Fault};
use platform::kernel::label::Labelled;

/// What the caller said about columns.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// What the rows are.
    pub kind: Kind,
    /// Field → the column, or columns with `+` between, as they are named.
    pub map: BTreeMap<&'static str, String>,
    /// Field → value.
    pub set: BTreeMap<&'static str, String>,
    /// Field → word → code.
    pub values: BTreeMap<&'static str, HashMap<String, String>>,
}

impl Mapping {
    /// Refuses fields that the kind does not have, all of them at once.
    pub fn new(kind: Kind, declared: &Declared) -> Result<Self, Error> {
        let mut mapping = Self { kind, map: BTreeMap::new(), set: BTreeMap::new(), values: BTreeMap::new() };
        let mut faults = Vec::new();
        for (name, pairs, into) in
            [("?map", &declared.map, &mut mapping.map), ("?set", &declared.set, &mut mapping.set)]
        {
            for (field, value) in pairs {
                match known(kind, field) {
                    None => faults.push(no_such_field(name, kind, field)),
                    Some(field) if into.contains_key(field) => faults.push(named_twice(name, field)),
                    Some(field) => drop(into.insert(field, value.trim().to_owned())),
                }
            }
        }
        for (field, word, code) in &declared.values {
            match known(kind, field) {
                None => faults.push(no_such_field("?value", kind, field)),
                Some(field) => {
                    drop(mapping.values.entry(field).or_default().insert(words::plain(word), code.trim().to_owned()))
                }
            }
        }
        faults.extend(mapping.set.keys().filter(|field| mapping.map.contains_key(*field)).map(|field| both(field)));
        if faults.is_empty() { Ok(mapping) } else { Err(Error::invalid(faults)) }
    }
}

fn known(kind: Kind, field: &str) -> Option<&'static str> {
    kind.fields().iter().find(|known| **known == field).copied()
}

fn no_such_field(pointer: &str, kind: Kind, field: &str) -> Fault {
    let (field, known): (String, _) = (field.chars().take(64).collect(), kind.fields().join(", "));
    faults::NO_SUCH_FIELD.with(pointer, &[("kind", &kind.code()), ("field", &field), ("known", &known)])
}

fn named_twice(pointer: &str, field: &str) -> Fault {
    faults::NAMED_TWICE.with(pointer, &[("field", &field)])
}

fn both(field: &str) -> Fault {
    faults::MAPPED_AND_SET.with("?set", &[("field", &field)])
}
