//! A report as CSV (RFC 4180), safe to open in a spreadsheet.

use super::table::{Cell, Table};
use crate::http::Language;
use crate::kernel::error::Error;

/// What tells old spreadsheets that the text is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The headings and every row, in the caller's language.
pub fn render(table: &Table, language: Language, with_mark: bool) -> Result<Vec<u8>, Error> {
    let start = if with_mark { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start);
    writer
        .write_record(table.columns.iter().map(|column| harmless(language.of(&column.label))))
        .map_err(Error::internal)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| text(cell, language))).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

fn text(cell: &Cell, language: Language) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Suppressed => "*".to_owned(),
        Cell::Name(name) => harmless(name),
        Cell::Label(label) => harmless(language.of(label)),
        Cell::Count(count) => count.to_string(),
        Cell::Share(share) => share.to_string(),
        Cell::Money(amount) => amount.normalize().to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

/// Text that a spreadsheet would take for a formula begins with an apostrophe instead. Numbers of ours are none.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::table::{Chart, Column, Unit};
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn no_text_becomes_a_formula_and_numbers_stay_numbers() -> Result<(), Error> {
        let columns = vec![Column::new("a", "-A", "甲", Unit::Label), Column::new("b", "B", "乙", Unit::Count)];
        let cell = |text: &str| Cell::Name(text.to_owned());
        let rows = vec![
            vec![cell("=1+1"), Cell::Count(-3)],
            vec![cell("@x, \"y\""), Cell::Suppressed],
            vec![cell("上海"), Cell::Empty],
        ];
        let chart = Chart { category: "a", series: "a", value: "b" };
        let table = Table { columns, rows, as_of: NaiveDate::default(), chart };
        let plain = render(&table, Language::En, false)?;
        assert_eq!(plain, "'-A,B\r\n'=1+1,-3\r\n\"'@x, \"\"y\"\"\",*\r\n上海,\r\n".as_bytes());
        assert!(render(&table, Language::Zh, true)?.starts_with("\u{feff}甲,乙\r\n".as_bytes()));
        Ok(())
    }
}
