//! Bytes into records, one a line of the file. A broken line is a record with a fault; only the disk itself can end a
//! file early.

mod csv;
mod lines;
mod ndjson;
mod record;

use std::io::Read;

pub use csv::header;

use super::model::{Format, Origin, Rejection, Row};
use super::rules::columns::{self, Columns};
use csv::CsvRecords;
use ndjson::NdjsonRecords;
use platform::kernel::error::{Error, Fault};
use record::Record;

/// The rows of a file.
pub enum Rows<R> {
    /// Comma-separated, the first line names the columns.
    Csv(CsvRecords<R>, Columns),
    /// A JSON object a line.
    Ndjson(NdjsonRecords<R>, Columns),
}

impl<R: Read> Rows<R> {
    /// Opens a file. One whose columns cannot feed what its kind needs is refused as a whole, with what to do about it.
    pub fn open(input: R, format: Format, mapping: &columns::Mapping) -> Result<Self, Error> {
        match format {
            Format::Csv => {
                let mut records = CsvRecords::new(input);
                let header = records.header()?;
                Ok(Self::Csv(records, Columns::of_header(mapping, &header.names)?))
            }
            Format::Ndjson => Ok(Self::Ndjson(NdjsonRecords::new(input), Columns::of_members(mapping)?)),
        }
    }

    /// The next row; none at the end of the file.
    pub fn next(&mut self) -> std::io::Result<Option<Result<Row, Rejection>>> {
        Ok(match self {
            Self::Csv(records, columns) => records.next()?.map(|record| row(record, |cells| columns.of_cells(cells))),
            Self::Ndjson(records, columns) => {
                records.next()?.map(|record| row(record, |members| columns.of_object(members)))
            }
        })
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Csv(records, _) => records.bytes(),
            Self::Ndjson(records, _) => records.bytes(),
        }
    }

    /// Columns that feed nothing.
    pub fn ignored(&self) -> Vec<String> {
        match self {
            Self::Csv(_, columns) | Self::Ndjson(_, columns) => columns.ignored(),
        }
    }
}

fn row<T>(record: Record<T>, place: impl FnOnce(T) -> Result<Vec<Option<String>>, Fault>) -> Result<Row, Rejection> {
    let Record { line, raw, content } = record;
    match content.and_then(place) {
        Ok(values) => Ok(Row { origin: Origin { line, raw }, values }),
        Err(fault) => Err(Rejection { line, faults: vec![fault], raw }),
    }
}

#[cfg(test)]
mod tests;
