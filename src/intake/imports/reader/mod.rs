//! Bytes into records, one a line of the file. A broken line is a record with a fault; only the disk itself can end a
//! file early.

mod cells;
mod csv;
mod encoding;
mod layout;
mod lines;
mod ndjson;
mod record;

use std::io::Read;

use encoding_rs::Encoding;

use super::model::{Format, Layout, Origin, Rejection, Row};
use super::rules::columns::Columns;
use super::rules::mapping::Mapping;
use super::rules::objects::Objects;
use csv::CsvRecords;
pub use encoding::{Sniffer, by_label};
use encoding::{Utf8, decoded};
use ndjson::NdjsonRecords;
use platform::kernel::error::{Error, Fault};
use record::Record;

/// The rows of a file.
pub enum Rows<R> {
    /// Separated values; a line names the columns.
    Csv(CsvRecords<Utf8<R>>, Columns, Layout),
    /// A JSON object a line.
    Ndjson(NdjsonRecords<Utf8<R>>, Objects, Layout),
}

impl<R: Read> Rows<R> {
    /// Opens a file in this encoding. One whose columns cannot feed what its kind needs is refused as a whole, with
    /// what to do about it.
    pub fn open(
        input: R,
        format: Format,
        encoding: &'static Encoding,
        separator: Option<char>,
        mapping: &Mapping,
    ) -> Result<Self, Error> {
        let input = decoded(input, encoding);
        let encoding = encoding.name().to_owned();
        match format {
            Format::Csv => {
                let separator = separator.and_then(|separator| u8::try_from(separator).ok());
                let (records, line) = CsvRecords::open(input, mapping, separator)?;
                let columns = Columns::of_header(mapping, records.names())?;
                let separator = Some(records.separator());
                Ok(Self::Csv(records, columns, Layout { encoding, separator, header_line: Some(line) }))
            }
            Format::Ndjson => {
                let layout = Layout { encoding, separator: None, header_line: None };
                Ok(Self::Ndjson(NdjsonRecords::new(input), Objects::new(mapping.clone()), layout))
            }
        }
    }

    /// The next row; none at the end of the file.
    pub fn next(&mut self) -> std::io::Result<Option<Result<Row, Rejection>>> {
        Ok(match self {
            Self::Csv(records, columns, _) => {
                records.next()?.map(|record| row(record, |cells| Ok(columns.of_cells(&cells))))
            }
            Self::Ndjson(records, objects, _) => {
                records.next()?.map(|record| row(record, |members| objects.of_members(members)))
            }
        })
    }

    /// Bytes of text read so far.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Csv(records, ..) => records.bytes(),
            Self::Ndjson(records, ..) => records.bytes(),
        }
    }

    /// How the file is laid out.
    pub fn layout(&self) -> &Layout {
        let (Self::Csv(.., layout) | Self::Ndjson(.., layout)) = self;
        layout
    }

    /// Lines passed over since the last call because they add up the rows.
    pub fn take_closing_lines(&mut self) -> u64 {
        match self {
            Self::Csv(records, ..) => records.take_closing_lines(),
            Self::Ndjson(..) => 0,
        }
    }

    /// The columns, and what each feeds.
    pub fn columns(&self) -> Vec<super::model::Column> {
        match self {
            Self::Csv(_, columns, _) => columns.uses(),
            Self::Ndjson(_, objects, _) => objects.uses(),
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
mod exports;
#[cfg(test)]
mod tests;
