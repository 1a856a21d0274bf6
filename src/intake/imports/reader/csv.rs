//! Separated values (RFC 4180, with other separators as well), read so that one stray quote cannot swallow the rest of
//! a file: a row that does not close its quotes within [`LONGEST`] bytes is refused, and reading goes on at its second
//! line. Each line is looked at three times at most, whatever the file holds.

use std::io::{self, Read};

use super::cells::{quotes_are_odd, split};
use super::layout::{self, Header};
use super::lines::{LONGEST, Line, Lines};
use super::record::{Record, not_text, too_long};
use crate::imports::faults;
use crate::imports::rules::mapping::Mapping;
use crate::imports::rules::text::unarmoured;
use crate::imports::{EMPTY_FILE, UNFIT_FILE};
use platform::kernel::error::{Error, Fault};

/// More columns than this are no table.
const MOST_COLUMNS: usize = 1_000;
/// Lines looked at for the header.
const PREAMBLE: usize = 40;

/// The rows of a table of separated values.
pub struct CsvRecords<R> {
    lines: Lines<R>,
    separator: u8,
    names: Vec<String>,
    closing_lines: u64,
}

impl<R: Read> CsvRecords<R> {
    /// From the beginning of a file: finds the header, and what stands before it is passed over.
    pub fn open(input: R, mapping: &Mapping, separator: Option<u8>) -> Result<(Self, u64), Error> {
        let mut lines = Lines::new(input);
        let mut first = Vec::new();
        while first.len() < PREAMBLE {
            let Some(line) = lines.next().map_err(Error::internal)? else { break };
            first.push(line);
        }
        if first.iter().all(|line| line.bytes.trim_ascii().is_empty()) {
            return Err(Error::code(&EMPTY_FILE));
        }
        let header = layout::find(&first, mapping, separator).ok_or_else(unreadable_header)?;
        if header.names.len() > MOST_COLUMNS {
            return Err(Error::detailed(&UNFIT_FILE, "It has more than 1000 columns.", "列数超过 1000。"));
        }
        let line = first[header.first].no;
        lines.put_back(first.into_iter().skip(header.last + 1));
        let Header { separator, names, .. } = header;
        Ok((Self { lines, separator, names, closing_lines: 0 }, line))
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.lines.bytes()
    }

    /// Names of the columns, in order, as they are written; may be empty.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What separates the cells.
    pub fn separator(&self) -> char {
        char::from(self.separator)
    }

    /// Lines passed over since the last call, because they add up the rows or tell of the print-out.
    pub fn take_closing_lines(&mut self) -> u64 {
        std::mem::take(&mut self.closing_lines)
    }

    /// The next row, as wide as the header. Rows without any value are none.
    pub fn next(&mut self) -> io::Result<Option<Record<Vec<String>>>> {
        while let Some(record) = self.record()? {
            match &record.content {
                Ok(cells) if cells.iter().all(|cell| unarmoured(cell).is_empty()) => {}
                Ok(cells) if layout::is_closing_line(cells) => self.closing_lines += 1,
                _ => {
                    let content = record.content.and_then(|cells| self.as_wide_as_the_header(cells));
                    return Ok(Some(Record { content, ..record }));
                }
            }
        }
        Ok(None)
    }

    /// A separator after the last cell, in the row or in the header alone, adds no column.
    fn as_wide_as_the_header(&self, mut cells: Vec<String>) -> Result<Vec<String>, Fault> {
        let (width, found) = (self.names.len(), cells.len());
        let is_blank = |texts: &[String]| texts.iter().all(|text| text.trim().is_empty());
        let fits = if found > width { is_blank(&cells[width..]) } else { is_blank(&self.names[found..]) };
        if !fits {
            return Err(wrong_width(width, found));
        }
        cells.resize(width, String::new());
        Ok(cells)
    }

    fn record(&mut self) -> io::Result<Option<Record<Vec<String>>>> {
        loop {
            let Some(first) = self.lines.next()? else { return Ok(None) };
            if first.too_long {
                return Ok(Some(Record { line: first.no, raw: first.bytes, content: Err(too_long()) }));
            }
            if first.bytes.is_empty() {
                continue;
            }
            if !quotes_are_odd(&first.bytes) {
                return Ok(Some(alone(first, self.separator)));
            }
            return self.over_lines(first).map(Some);
        }
    }

    /// A row that opens a quote and may go on over the next lines.
    fn over_lines(&mut self, first: Line) -> io::Result<Record<Vec<String>>> {
        let mut joined = first.bytes.clone();
        let mut taken: Vec<Line> = Vec::new();
        while joined.len() <= LONGEST {
            let Some(line) = self.lines.next()? else { break };
            let closes = quotes_are_odd(&line.bytes);
            joined.push(b'\n');
            joined.extend_from_slice(&line.bytes);
            let broken = line.too_long;
            taken.push(line);
            if closes && !broken && joined.len() <= LONGEST {
                match split(&joined, self.separator) {
                    Ok(cells) => return Ok(Record { line: first.no, content: as_text(cells), raw: joined }),
                    Err(_) => break,
                }
            }
        }
        self.lines.put_back(taken.into_iter());
        Ok(alone(first, self.separator))
    }
}

/// A line read as a row by itself.
fn alone(line: Line, separator: u8) -> Record<Vec<String>> {
    let content = split(&line.bytes, separator).and_then(as_text);
    Record { line: line.no, raw: line.bytes, content }
}

fn as_text(cells: Vec<Vec<u8>>) -> Result<Vec<String>, Fault> {
    let text = |cell: Vec<u8>| String::from_utf8(cell).ok().filter(|text| !text.contains('\u{FFFD}'));
    cells.into_iter().map(|cell| text(cell).ok_or_else(not_text)).collect()
}

fn unreadable_header() -> Error {
    Error::detailed(
        &UNFIT_FILE,
        "None of its first lines can be read as the line that names the columns: name the encoding and the separator.",
        "前几行均无法读作列名行：请指定编码与分隔符。",
    )
}

fn wrong_width(width: usize, found: usize) -> Fault {
    faults::COLUMNS.with("", &[("found", &found), ("width", &width)])
}
