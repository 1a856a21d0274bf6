//! What the first rows of a file were understood to say, for a person who looks at a dry run.

use crate::imports::model::{Column, Kind, Options, Rejection, Row};

/// Rows shown.
const ROWS: usize = 3;
/// Characters of a value shown.
const LENGTH: usize = 40;
/// Fields of which only the beginning is shown: what is answered here is kept in clear with the job.
const PERSONAL: [&str; 5] = ["name", "document_number", "phone", "email", "address"];

/// The values of the first rows.
pub struct Examples {
    kind: Kind,
    is_wanted: bool,
    rows: Vec<Vec<Option<String>>>,
}

impl Examples {
    /// Collected in dry runs only.
    pub fn new(options: &Options) -> Self {
        Self { kind: options.kind, is_wanted: options.dry_run, rows: Vec::new() }
    }

    /// One more row.
    pub fn see(&mut self, row: &Result<Row, Rejection>) {
        if let Ok(row) = row
            && self.is_wanted
            && self.rows.len() < ROWS
        {
            self.rows.push(row.values.clone());
        }
    }

    /// The columns, each with its examples.
    pub fn beside(&self, mut columns: Vec<Column>) -> Vec<Column> {
        for column in &mut columns {
            let Some(field) = column.fields.first() else { continue };
            let Some(place) = self.kind.fields().iter().position(|known| known == field) else { continue };
            let values = self.rows.iter().filter_map(|row| row.get(place)?.as_deref());
            column.examples = values.map(|value| shown(field, value)).collect();
        }
        columns
    }
}

fn shown(field: &str, value: &str) -> String {
    if PERSONAL.contains(&field) {
        return value.chars().take(1).chain("***".chars()).collect();
    }
    value.chars().take(LENGTH).collect()
}
