//! CSV going out, safe for spreadsheets.

use std::io::Write;

use platform::kernel::error::Error;

/// A cell that a spreadsheet would take for a formula becomes text.
pub fn safe_cell(cell: &[u8]) -> Vec<u8> {
    let mut safe = Vec::with_capacity(cell.len() + 1);
    if matches!(cell.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')) {
        safe.push(b'\'');
    }
    safe.extend_from_slice(cell);
    safe
}

/// Writes one row.
pub fn write_row<W: Write>(
    writer: &mut csv::Writer<W>,
    cells: impl IntoIterator<Item = impl AsRef<[u8]>>,
) -> csv::Result<()> {
    writer.write_record(cells.into_iter().map(|cell| safe_cell(cell.as_ref())))
}

/// A whole table.
pub fn written<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<Vec<u8>, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    write_row(&mut writer, header).map_err(Error::internal)?;
    for row in rows {
        write_row(&mut writer, row).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let row = ["=1+1".to_owned(), "@x,\"y\"".to_owned(), "plain".to_owned()];
        let text = written(["line", "code", "pointer"], [row]).expect("table");
        assert_eq!(String::from_utf8(text).expect("text"), "line,code,pointer\n'=1+1,\"'@x,\"\"y\"\"\",plain\n");
    }
}
