//! Which column feeds which field: as the caller said, else the one of the field's own name, else one of its other
//! names.

use std::collections::{BTreeMap, HashMap};

use super::fields;
use super::header::{Header, listed, short};
use super::mapping::Mapping;
use super::words;
use crate::imports::UNFIT_FILE;
use crate::imports::faults;
use crate::imports::model::{Column, Kind};
use platform::kernel::error::{Error, Fault};

/// Columns of a file that are shown.
const MOST_SHOWN: usize = 100;

/// Where each field of a kind comes from in one file.
#[derive(Clone, Debug)]
pub struct Columns {
    kind: Kind,
    names: Vec<String>,
    places: Vec<Place>,
    values: BTreeMap<&'static str, HashMap<String, String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Nowhere,
    /// One column, or several that are joined.
    Columns(Vec<usize>),
    Constant(String),
}

impl Columns {
    /// For a file that names its columns once: every field that its kind needs must be fed.
    pub fn of_header(mapping: &Mapping, names: &[String]) -> Result<Self, Error> {
        let (columns, mut faults) = Self::placed(mapping, names, true);
        if faults.is_empty() {
            faults.extend(missing(mapping.kind, &columns.places, names));
        }
        if faults.is_empty() {
            Ok(columns)
        } else {
            Err(Error::code(&UNFIT_FILE).with(|refusal| refusal.faults = faults))
        }
    }

    /// For one object with these members; what it lacks is for the rules of items to say.
    pub fn of_object(mapping: &Mapping, names: &[String]) -> Result<Self, Fault> {
        let (columns, faults) = Self::placed(mapping, names, false);
        faults.into_iter().next().map_or(Ok(columns), Err)
    }

    fn placed(mapping: &Mapping, names: &[String], all_mapped_are_there: bool) -> (Self, Vec<Fault>) {
        let header = Header::new(names);
        let mut faults = Vec::new();
        let mapped: BTreeMap<&str, Place> = mapping
            .map
            .iter()
            .filter_map(|(field, wanted)| match header.columns(wanted) {
                Ok(columns) => Some((*field, Place::Columns(columns))),
                Err(fault) if all_mapped_are_there || fault.code == "repeated" => {
                    faults.push(Fault { pointer: format!("/{field}"), ..fault });
                    None
                }
                Err(_) => None,
            })
            .collect();
        // A part of an id still feeds the field of its own name.
        let is_taken = |column: &usize| mapped.values().any(|place| *place == Place::Columns(vec![*column]));
        let mut places = Vec::new();
        for field in mapping.kind.fields() {
            let place = match (mapped.get(field), mapping.set.get(field)) {
                (Some(place), _) => Ok(place.clone()),
                (None, _) if mapping.map.contains_key(field) => Ok(Place::Nowhere),
                (None, Some(value)) => match header.find(field) {
                    Ok(Some(_)) => Err(already_there(field)),
                    _ => Ok(Place::Constant(value.clone())),
                },
                (None, None) => header
                    .guess(mapping.kind, field, is_taken)
                    .map(|columns| columns.map_or(Place::Nowhere, Place::Columns)),
            };
            places.push(place.unwrap_or_else(|fault| {
                faults.push(fault);
                Place::Nowhere
            }));
        }
        let client = |field: &str| mapping.kind.fields().iter().position(|known| *known == field);
        // A file that knows its clients by their fund accounts alone.
        if let (Some(no), Some(id), Some(account)) =
            (client("client_no"), client("client_id"), client("fund_account_no"))
            && places[no] == Place::Nowhere
            && places[id] == Place::Nowhere
        {
            places[no] = std::mem::replace(&mut places[account], Place::Nowhere);
        }
        let columns = Self { kind: mapping.kind, names: names.to_vec(), places, values: mapping.values.clone() };
        (columns, faults)
    }

    /// How many fields the columns feed.
    fn fed(&self) -> usize {
        self.places.iter().filter(|place| matches!(place, Place::Columns(_))).count()
    }

    /// The values of a row, in the order of [`Kind::fields`].
    pub fn of_cells(&self, cells: &[String]) -> Vec<Option<String>> {
        let fields = self.kind.fields().iter().zip(&self.places);
        fields.map(|(field, place)| self.value(field, place, cells)).collect()
    }

    fn value(&self, field: &str, place: &Place, cells: &[String]) -> Option<String> {
        let value = match place {
            Place::Nowhere => return None,
            Place::Constant(value) => value.clone(),
            Place::Columns(columns) => match columns[..] {
                [column] => fields::cell(field, cells.get(column)?)?,
                _ => joined(field, columns.iter().map(|column| fields::cell(field, cells.get(*column)?)))?,
            },
        };
        let code = self.values.get(field).and_then(|words| words.get(&words::plain(&value)));
        Some(code.cloned().unwrap_or(value))
    }

    /// Whether a column feeds anything.
    pub fn uses_column(&self, column: usize) -> bool {
        self.fields_of(column).next().is_some()
    }

    /// The fields a column feeds.
    pub fn fields_of(&self, column: usize) -> impl Iterator<Item = &'static str> {
        let fields = self.kind.fields().iter().zip(&self.places);
        fields.filter(move |(_, place)| place.has(column)).map(|(field, _)| *field)
    }

    /// Every column, and what it feeds.
    pub fn uses(&self) -> Vec<Column> {
        let of_column = |(place, name): (usize, &String)| Column {
            column: short(name),
            fields: self.fields_of(place).map(str::to_owned).collect(),
            examples: Vec::new(),
        };
        self.names.iter().enumerate().take(MOST_SHOWN).map(of_column).collect()
    }
}

impl Mapping {
    /// How many fields a line would feed if it named the columns.
    pub fn recognised(&self, names: &[String]) -> usize {
        Columns::placed(self, names, false).0.fed()
    }
}

impl Place {
    fn has(&self, column: usize) -> bool {
        matches!(self, Self::Columns(columns) if columns.contains(&column))
    }
}

/// Several cells as one value: a date and its time, or the parts of an id, each the same however it was written. None
/// where a part of an id is missing.
fn joined(field: &str, cells: impl Iterator<Item = Option<String>>) -> Option<String> {
    if field == "executed_at" {
        let there: Vec<String> = cells.flatten().collect();
        return (!there.is_empty()).then(|| there.join(" "));
    }
    let parts = cells.map(|cell| cell.map(|cell| fields::part_of_id(&cell)));
    parts.collect::<Option<Vec<_>>>().map(|parts| parts.join("-"))
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
            faults::NO_COLUMN.with(format!("/{field}"), &[("any", &any), ("field", &field), ("columns", &columns)])
        })
        .collect()
}
