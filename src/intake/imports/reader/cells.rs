//! A row into its cells (RFC 4180).

use crate::imports::faults;
use platform::kernel::error::Fault;

/// Whether a quote is opened here and not closed.
pub fn quotes_are_odd(bytes: &[u8]) -> bool {
    bytes.iter().filter(|byte| **byte == b'"').count() % 2 == 1
}

/// Cells of one row. A quote inside a cell that does not begin with one stands for itself.
pub fn split(row: &[u8], separator: u8) -> Result<Vec<Vec<u8>>, Fault> {
    let mut cells = Vec::new();
    let mut rest = row;
    loop {
        let (cell, after) = match rest.strip_prefix(b"\"") {
            Some(quoted) => quoted_cell(quoted, separator)?,
            None => plain_cell(rest, separator)?,
        };
        cells.push(cell);
        match after {
            Some(next) => rest = next,
            None => return Ok(cells),
        }
    }
}

/// A cell and what follows its separator; none at the end of the row.
type Cell<'a> = (Vec<u8>, Option<&'a [u8]>);

fn plain_cell(row: &[u8], separator: u8) -> Result<Cell<'_>, Fault> {
    let end = row.iter().position(|byte| *byte == separator);
    let cell = &row[..end.unwrap_or(row.len())];
    if cell.contains(&b'\n') {
        return Err(unclosed());
    }
    Ok((cell.to_vec(), end.map(|end| &row[end + 1..])))
}

fn quoted_cell(mut row: &[u8], separator: u8) -> Result<Cell<'_>, Fault> {
    let mut cell = Vec::new();
    loop {
        let end = row.iter().position(|byte| *byte == b'"').ok_or_else(unclosed)?;
        cell.extend_from_slice(&row[..end]);
        match row.get(end + 1) {
            None => return Ok((cell, None)),
            Some(byte) if *byte == separator => return Ok((cell, Some(&row[end + 2..]))),
            Some(b'"') => {
                cell.push(b'"');
                row = &row[end + 2..];
            }
            Some(_) => return Err(faults::AFTER_QUOTE.at("")),
        }
    }
}

fn unclosed() -> Fault {
    faults::OPEN_QUOTE.at("")
}
