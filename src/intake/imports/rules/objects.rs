//! Objects, each of which names its members: read as rows under a header of their own.

use std::collections::BTreeMap;

use super::columns::Columns;
use super::fields::{Spelling, written_out};
use super::mapping::Mapping;
use super::members::{Members, NoValue, Scalar};
use crate::imports::faults;
use crate::imports::model::Column;
use platform::kernel::error::Fault;

/// Headers remembered: objects of one file mostly have the same members.
const MOST_HEADERS: usize = 64;

/// Where the fields of objects come from.
pub struct Objects {
    mapping: Mapping,
    headers: Vec<(Vec<String>, Columns)>,
    uses: BTreeMap<String, Column>,
}

impl Objects {
    /// Of files with this mapping.
    pub fn new(mapping: Mapping) -> Self {
        Self { mapping, headers: Vec::new(), uses: BTreeMap::new() }
    }

    /// The values of an object.
    pub fn of_members(&mut self, members: Members) -> Result<Vec<Option<String>>, Fault> {
        let names: Vec<String> = members.keys().cloned().collect();
        let place = match self.headers.iter().position(|(known, _)| *known == names) {
            Some(place) => place,
            None => self.add(names)?,
        };
        let columns = &self.headers[place].1;
        let cells = members.into_values().enumerate();
        let cells = cells.map(|(place, member)| match member {
            _ if !columns.uses_column(place) => Ok(String::new()),
            Ok(Scalar::Nothing) => Ok(String::new()),
            Ok(Scalar::Text(text)) => Ok(text),
            Ok(Scalar::Number(number)) => of_number(columns, place, number),
            Err(NoValue) => Err(faults::NOT_SCALAR.at("")),
        });
        Ok(columns.of_cells(&cells.collect::<Result<Vec<_>, _>>()?))
    }

    fn add(&mut self, names: Vec<String>) -> Result<usize, Fault> {
        let columns = Columns::of_object(&self.mapping, &names)?;
        for column in columns.uses() {
            if self.uses.len() < MOST_HEADERS || self.uses.contains_key(&column.column) {
                self.uses.insert(column.column.clone(), column);
            }
        }
        if self.headers.len() >= MOST_HEADERS {
            self.headers.clear();
        }
        self.headers.push((names, columns));
        Ok(self.headers.len() - 1)
    }

    /// The members seen, and what each feeds.
    pub fn uses(&self) -> Vec<Column> {
        self.uses.values().cloned().collect()
    }
}

/// A number stands as it is written; as a code it must be whole, since 6.6E7 may have lost digits on its way.
fn of_number(columns: &Columns, place: usize, number: String) -> Result<String, Fault> {
    let code = columns.fields_of(place).find(|field| Spelling::of(field) != Spelling::Decimal);
    match code {
        Some(field) if number.contains(['.', 'e', 'E']) => {
            Err(faults::CODE_AS_NUMBER.with(format!("/{field}"), &[("text", &number)]))
        }
        _ => Ok(written_out(&number).unwrap_or(number)),
    }
}
