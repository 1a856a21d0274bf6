//! Which column feeds which field.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Display;

use crate::imports::model::Kind;
use crate::imports::rules::members::{Member, Members, NoValue};
use crate::imports::{UNFIT_FILE, faults};
use platform::kernel::error::{Error, Fault};
use platform::kernel::label::Labelled;

/// Names kept of columns that feed nothing.
const MOST_IGNORED: usize = 50;

/// What the caller said about columns, checked against the fields of the kind.
#[derive(Clone, Debug)]
pub struct Mapping {
    kind: Kind,
    /// Field → column.
    map: BTreeMap<&'static str, String>,
    /// Field → value.
    set: BTreeMap<&'static str, String>,
}

impl Mapping {
    /// Refuses fields that the kind does not have, all of them at once.
    pub fn new(kind: Kind, map: &[(String, String)], set: &[(String, String)]) -> Result<Self, Error> {
        let mut mapping = Self { kind, map: BTreeMap::new(), set: BTreeMap::new() };
        let mut faults = Vec::new();
        for (name, pairs, into) in [("?map", map, &mut mapping.map), ("?set", set, &mut mapping.set)] {
            for (field, value) in pairs {
                match kind.fields().iter().find(|known| *known == field) {
                    None => faults.push(no_such_field(name, kind, field)),
                    Some(field) if into.contains_key(field) => faults.push(named_twice(name, field)),
                    Some(field) => drop(into.insert(field, value.trim().to_owned())),
                }
            }
        }
        faults.extend(mapping.set.keys().filter(|field| mapping.map.contains_key(*field)).map(|field| both(field)));
        for column in mapping.map.values_mut() {
            *column = column.to_lowercase();
        }
        if faults.is_empty() { Ok(mapping) } else { Err(Error::invalid(faults)) }
    }
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

/// Where each field of a kind comes from in one file.
#[derive(Clone, Debug)]
pub struct Columns {
    places: Vec<Place>,
    /// Column name → fields, for files whose rows name their columns.
    by_name: HashMap<String, Vec<usize>>,
    ignored: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Nowhere,
    Column(usize),
    Constant(String),
}

impl Columns {
    /// For a file whose first line names the columns.
    pub fn of_header(mapping: &Mapping, names: &[String]) -> Result<Self, Error> {
        let found = |column: &str| names.iter().position(|name| name == column);
        let mut faults: Vec<Fault> = mapping
            .map
            .iter()
            .filter(|(_, column)| found(column).is_none())
            .map(|(field, column)| no_such_column(field, column, names))
            .collect();
        let named: BTreeSet<&String> = names.iter().filter(|name| !name.is_empty()).collect();
        if named.len() != names.iter().filter(|name| !name.is_empty()).count() {
            faults.push(faults::SAME_COLUMNS.at(""));
        }
        let place = |field: &&'static str| match (column_of(mapping, field).and_then(found), mapping.set.get(field)) {
            (Some(_), Some(_)) => Err(already_there(field)),
            (Some(column), None) => Ok(Place::Column(column)),
            (None, Some(value)) => Ok(Place::Constant(value.clone())),
            (None, None) => Ok(Place::Nowhere),
        };
        let mut places = Vec::new();
        for placed in mapping.kind.fields().iter().map(place) {
            match placed {
                Ok(place) => places.push(place),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            faults.extend(missing(mapping.kind, &places, names));
        }
        if !faults.is_empty() {
            return Err(Error::code(&UNFIT_FILE).with(|refusal| refusal.faults = faults));
        }
        let used = |column: &usize| places.contains(&Place::Column(*column));
        let ignored = names.iter().enumerate().filter(|(index, _)| !used(index)).map(|(_, name)| short(name));
        let ignored = ignored.take(MOST_IGNORED).collect();
        Ok(Self { places, by_name: HashMap::new(), ignored })
    }

    /// For a file whose rows name their columns each.
    pub fn of_members(mapping: &Mapping) -> Result<Self, Error> {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut places = Vec::new();
        for (index, field) in mapping.kind.fields().iter().enumerate() {
            places.push(mapping.set.get(field).map_or(Place::Nowhere, |value| Place::Constant(value.clone())));
            if let Some(column) = column_of(mapping, field) {
                by_name.entry(column.to_owned()).or_default().push(index);
            }
        }
        Ok(Self { places, by_name, ignored: BTreeSet::new() })
    }

    /// The values of a row by the places of its cells.
    pub fn of_cells(&self, mut cells: Vec<String>) -> Result<Vec<Option<String>>, Fault> {
        let mut last_use = HashMap::new();
        for (index, place) in self.places.iter().enumerate() {
            if let Place::Column(column) = place {
                last_use.insert(*column, index);
            }
        }
        let mut value = |(index, place): (usize, &Place)| match place {
            Place::Nowhere => None,
            Place::Constant(value) => Some(value.clone()),
            Place::Column(column) if last_use.get(column) == Some(&index) => {
                trimmed(std::mem::take(&mut cells[*column]))
            }
            Place::Column(column) => trimmed(cells[*column].clone()),
        };
        Ok(self.places.iter().enumerate().map(&mut value).collect())
    }

    /// The values of a row by the names of its members.
    pub fn of_object(&mut self, members: Members) -> Result<Vec<Option<String>>, Fault> {
        let constant = |place: &Place| if let Place::Constant(value) = place { Some(value.clone()) } else { None };
        let mut values: Vec<Option<String>> = self.places.iter().map(constant).collect();
        for (name, member) in members {
            match self.by_name.get(&name.trim().to_lowercase()) {
                Some(fields) => self.feed(&mut values, fields, &member)?,
                None if self.ignored.len() < MOST_IGNORED => drop(self.ignored.insert(short(&name))),
                None => {}
            }
        }
        Ok(values)
    }

    fn feed(&self, values: &mut [Option<String>], fields: &[usize], member: &Member) -> Result<(), Fault> {
        for field in fields {
            match member {
                Ok(Some(text)) => values[*field] = trimmed(text.clone()),
                Ok(None) => {}
                Err(NoValue) => return Err(faults::NOT_SCALAR.at("")),
            }
        }
        Ok(())
    }

    /// Columns that feed nothing.
    pub fn ignored(&self) -> Vec<String> {
        self.ignored.iter().cloned().collect()
    }
}

/// The column that feeds a field: the one mapped to it, else the one of its name unless that is mapped elsewhere.
fn column_of<'a>(mapping: &'a Mapping, field: &'static str) -> Option<&'a str> {
    match mapping.map.get(field) {
        Some(column) => Some(column),
        None if mapping.map.values().any(|column| column == field) => None,
        None => Some(field),
    }
}

fn trimmed(text: String) -> Option<String> {
    let inner = text.trim();
    if inner.is_empty() {
        None
    } else if inner.len() == text.len() {
        Some(text)
    } else {
        Some(inner.to_owned())
    }
}

fn short(name: &str) -> String {
    name.trim().chars().take(64).collect()
}

fn no_such_column(field: &str, column: &str, names: &[String]) -> Fault {
    faults::NO_SUCH_COLUMN.with(format!("/{field}"), &[("column", &short(column)), ("columns", &listed(names))])
}

fn already_there(field: &str) -> Fault {
    faults::COLUMN_AND_SET.with(format!("/{field}"), &[("field", &field)])
}

/// What a kind needs and neither a column nor a constant gives.
fn missing(kind: Kind, places: &[Place], names: &[String]) -> Vec<Fault> {
    let given = |field: &&str| {
        let index = kind.fields().iter().position(|known| known == field);
        index.and_then(|index| places.get(index)).is_some_and(|place| *place != Place::Nowhere)
    };
    let lacking = kind.needs().iter().filter(|group| !group.iter().any(given));
    let columns = listed(names);
    lacking
        .map(|group| {
            let (field, any) =
                (group[0], group.iter().filter(|name| **name != "reverses").copied().collect::<Vec<_>>());
            let any = any.join(" or ");
            let said: [(&str, &dyn Display); 3] = [("any", &any), ("field", &field), ("columns", &columns)];
            faults::NO_COLUMN.with(format!("/{field}"), &said)
        })
        .collect()
}

fn listed(names: &[String]) -> String {
    names.iter().take(30).map(|name| short(name)).collect::<Vec<_>>().join(", ")
}
