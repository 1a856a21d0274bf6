//! The names of a file's columns.

use super::words;
use crate::imports::faults;
use crate::imports::model::Kind;
use platform::kernel::error::Fault;

/// The names of a file's columns, as they are looked for.
pub struct Header {
    /// In lower case.
    written: Vec<String>,
    /// As the tables of words have them.
    plain: Vec<String>,
}

impl Header {
    /// Of these columns.
    pub fn new(names: &[String]) -> Self {
        Self {
            written: names.iter().map(|name| name.trim().to_lowercase()).collect(),
            plain: names.iter().map(|name| words::header(name)).collect(),
        }
    }

    /// The one column of this name; two of it are refused, since either may be meant.
    pub fn find(&self, name: &str) -> Result<Option<usize>, Fault> {
        let one_of = |names: &[String], wanted: &str| {
            let mut places = names.iter().enumerate().filter(|(_, name)| *name == wanted).map(|(place, _)| place);
            match (places.next(), places.next()) {
                (Some(_), Some(_)) => Err(twice(name)),
                (first, _) => Ok(first),
            }
        };
        match one_of(&self.written, &name.trim().to_lowercase())? {
            Some(place) => Ok(Some(place)),
            None => one_of(&self.plain, &words::header(name)),
        }
    }

    /// The column somebody named, or the columns they named with `+` (in a query also a blank) between.
    pub fn columns(&self, wanted: &str) -> Result<Vec<usize>, Fault> {
        if let Some(place) = self.find(wanted)? {
            return Ok(vec![place]);
        }
        let parts: Vec<&str> = wanted.split(['+', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
        let parts = if parts.len() > 1 { parts } else { vec![wanted] };
        parts.into_iter().map(|part| self.find(part)?.ok_or_else(|| no_such_column(part, &self.written))).collect()
    }

    /// The column, or columns to be joined, that a field comes from if nobody said so.
    pub fn guess(
        &self,
        kind: Kind,
        field: &str,
        is_taken: impl Fn(&usize) -> bool,
    ) -> Result<Option<Vec<usize>>, Fault> {
        let free = |name: &str| Ok::<_, Fault>(self.find(name)?.filter(|place| !is_taken(place)));
        if let Some(place) = free(field)? {
            return Ok(Some(vec![place]));
        }
        for joined in words::joined(kind).iter().filter(|joined| joined.field == field) {
            let first_there = |names: &&[&str]| names.iter().find_map(|name| self.find(name).transpose()).transpose();
            let parts: Vec<Option<usize>> = joined.parts.iter().map(first_there).collect::<Result<_, _>>()?;
            if let Some(places) = parts.into_iter().collect::<Option<Vec<_>>>() {
                return Ok(Some(places));
            }
        }
        let headers = words::headers(kind).iter().filter(|(known, _)| *known == field);
        for name in headers.flat_map(|(_, names)| *names) {
            if let Some(place) = free(name)? {
                return Ok(Some(vec![place]));
            }
        }
        Ok(None)
    }
}

/// A name, cut to what a message can bear.
pub fn short(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(64).collect()
}

fn twice(column: &str) -> Fault {
    faults::SAME_COLUMNS.with("", &[("column", &short(column))])
}

fn no_such_column(column: &str, names: &[String]) -> Fault {
    faults::NO_SUCH_COLUMN.with("", &[("column", &short(column)), ("columns", &listed(names))])
}

/// Names for a message.
pub fn listed(names: &[String]) -> String {
    names.iter().take(30).map(|name| short(name)).collect::<Vec<_>>().join(", ")
}
