//! Comma-separated values (RFC 4180), read so that one stray quote cannot swallow the rest of a file: a row that does
//! not close its quotes within [`LONGEST`] bytes is refused, and reading goes on at its second line. Each line is
//! looked at three times at most, whatever the file holds.

use std::io::{self, Read};

use super::lines::{LONGEST, Line, Lines};
use super::record::{Record, not_utf8, too_long};
use crate::imports::faults;
use crate::imports::{EMPTY_FILE, UNFIT_FILE};
use platform::kernel::error::{Error, Fault};

/// More columns than this are no table.
const MOST_COLUMNS: usize = 1_000;

/// The rows of a file of comma-separated values.
pub struct CsvRecords<R> {
    lines: Lines<R>,
    width: usize,
}

/// The first line of a file.
pub struct Header {
    /// Names of the columns, in order; may be empty.
    pub names: Vec<String>,
}

/// The header of a file, to judge it by before it is taken in.
pub fn header(input: impl Read) -> Result<Header, Error> {
    CsvRecords::new(input).header()
}

impl<R: Read> CsvRecords<R> {
    /// From the beginning of a file; [`CsvRecords::header`] comes first.
    pub fn new(input: R) -> Self {
        Self { lines: Lines::new(input), width: 0 }
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.lines.bytes()
    }

    /// Reads the line that names the columns.
    pub fn header(&mut self) -> Result<Header, Error> {
        let first = self.record().map_err(Error::internal)?.ok_or_else(|| Error::code(&EMPTY_FILE))?;
        let cells = first.content.map_err(|fault| {
            Error::detailed(
                &UNFIT_FILE,
                format!("Its first line, which names the columns, cannot be read: {}.", fault.message.en),
                format!("首行（列名）无法读取：{}。", fault.message.zh),
            )
        })?;
        if cells.len() > MOST_COLUMNS {
            return Err(Error::detailed(&UNFIT_FILE, "It has more than 1000 columns.", "列数超过 1000。"));
        }
        self.width = cells.len();
        Ok(Header { names: cells.iter().map(|name| name.trim().to_lowercase()).collect() })
    }

    /// The next row, as wide as the header.
    pub fn next(&mut self) -> io::Result<Option<Record<Vec<String>>>> {
        let width = self.width;
        let right_width = |cells: Vec<String>| {
            let found = cells.len();
            if found == width { Ok(cells) } else { Err(wrong_width(width, found)) }
        };
        let next = self.record()?;
        Ok(next.map(|record| Record { content: record.content.and_then(right_width), ..record }))
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
                return Ok(Some(alone(first)));
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
                match split(&joined) {
                    Ok(cells) => return Ok(Record { line: first.no, content: as_text(cells), raw: joined }),
                    Err(_) => break,
                }
            }
        }
        self.lines.put_back(taken.into_iter());
        Ok(alone(first))
    }
}

fn quotes_are_odd(bytes: &[u8]) -> bool {
    bytes.iter().filter(|byte| **byte == b'"').count() % 2 == 1
}

/// A line read as a row by itself.
fn alone(line: Line) -> Record<Vec<String>> {
    let content = split(&line.bytes).and_then(as_text);
    Record { line: line.no, raw: line.bytes, content }
}

/// Cells of one row. A quote inside a cell that does not begin with one stands for itself.
fn split(row: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
    let mut cells = Vec::new();
    let mut rest = row;
    loop {
        let (cell, after) = match rest.strip_prefix(b"\"") {
            Some(quoted) => quoted_cell(quoted)?,
            None => plain_cell(rest)?,
        };
        cells.push(cell);
        match after {
            Some(next) => rest = next,
            None => return Ok(cells),
        }
    }
}

/// A cell and what follows its comma; none at the end of the row.
type Cell<'a> = (Vec<u8>, Option<&'a [u8]>);

fn plain_cell(row: &[u8]) -> Result<Cell<'_>, Fault> {
    let end = row.iter().position(|byte| *byte == b',');
    let cell = &row[..end.unwrap_or(row.len())];
    if cell.contains(&b'\n') {
        return Err(unclosed());
    }
    Ok((cell.to_vec(), end.map(|end| &row[end + 1..])))
}

fn quoted_cell(mut row: &[u8]) -> Result<Cell<'_>, Fault> {
    let mut cell = Vec::new();
    loop {
        let end = row.iter().position(|byte| *byte == b'"').ok_or_else(unclosed)?;
        cell.extend_from_slice(&row[..end]);
        match row.get(end + 1) {
            None => return Ok((cell, None)),
            Some(b',') => return Ok((cell, Some(&row[end + 2..]))),
            Some(b'"') => {
                cell.push(b'"');
                row = &row[end + 2..];
            }
            Some(_) => return Err(faults::AFTER_QUOTE.at("")),
        }
    }
}

fn as_text(cells: Vec<Vec<u8>>) -> Result<Vec<String>, Fault> {
    cells.into_iter().map(|cell| String::from_utf8(cell).map_err(|_| not_utf8())).collect()
}

fn unclosed() -> Fault {
    faults::OPEN_QUOTE.at("")
}

fn wrong_width(width: usize, found: usize) -> Fault {
    faults::COLUMNS.with("", &[("found", &found), ("width", &width)])
}
