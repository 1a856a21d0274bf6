//! Where the table of a file begins and what separates its cells. A counter's export may have lines before its header,
//! and lines after its rows that add them up; neither is a row.

use super::cells::{quotes_are_odd, split};
use super::lines::Line;
use crate::imports::rules::mapping::Mapping;

/// Separators that are looked for, in the order in which a tie is decided.
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// The line that names the columns.
pub struct Header {
    /// What separates cells.
    pub separator: u8,
    /// The place of its first line among those looked at.
    pub first: usize,
    /// The place of its last line.
    pub last: usize,
    /// Names of the columns, in order, as they are written; may be empty.
    pub names: Vec<String>,
}

/// The header among the first lines of a file: the line that names most fields of the kind, under the separator that
/// makes it so; else the first line, for the refusal to speak of.
pub fn find(lines: &[Line], mapping: &Mapping, separator: Option<u8>) -> Option<Header> {
    let separators = separator.map_or(SEPARATORS.to_vec(), |separator| vec![separator]);
    let mut best: Option<(usize, usize, Header)> = None;
    for separator in separators {
        for index in 0..lines.len() {
            let Some((names, last)) = names(&lines[index..], separator) else { continue };
            let fed = mapping.recognised(&names);
            // Where nothing is recognised, the first line with the most cells.
            let cells = if fed == 0 && index > 0 { 0 } else { names.len() };
            if best.as_ref().is_none_or(|(most, widest, _)| (fed, cells) > (*most, *widest)) {
                best = Some((fed, cells, Header { separator, first: index, last: index + last, names }));
            }
        }
    }
    best.map(|(_, _, header)| header)
}

/// The cells of the row that begins here, and how many more lines it takes.
fn names(lines: &[Line], separator: u8) -> Option<(Vec<String>, usize)> {
    let mut row: Vec<u8> = lines.first().filter(|line| !line.bytes.trim_ascii().is_empty())?.bytes.clone();
    let mut last = 0;
    while quotes_are_odd(&row) {
        last += 1;
        row.push(b'\n');
        row.extend_from_slice(&lines.get(last)?.bytes);
    }
    let cells = split(&row, separator).ok()?;
    Some((cells.into_iter().map(|cell| String::from_utf8(cell).ok()).collect::<Option<_>>()?, last))
}

/// Words that begin a line of sums.
const SUMS: [&str; 11] =
    ["合计", "总计", "小计", "共计", "总合计", "汇总", "本页合计", "total", "totals", "subtotal", "grandtotal"];
/// Words that begin a line about the print-out.
const NOTES: [&str; 8] = ["打印时间", "打印日期", "导出时间", "导出日期", "制表人", "制表日期", "备注:", "说明:"];

/// Whether a line adds up the rows or tells of the print-out: its first cell that is not empty says so.
pub fn is_closing_line(cells: &[String]) -> bool {
    let Some(first) = cells.iter().map(|cell| plain(cell)).find(|cell| !cell.is_empty()) else { return false };
    let word = first.trim_end_matches([':', '：']);
    let begins = |words: &[&str]| words.iter().any(|known| first.starts_with(known));
    SUMS.contains(&word)
        || begins(&NOTES)
        || SUMS.iter().any(|sum| first.strip_prefix(sum).is_some_and(is_counted))
        || {
            let counted =
                first.strip_prefix('共').map(|rest| rest.trim_start_matches(|char: char| char.is_ascii_digit()));
            counted.is_some_and(|unit| ["条", "笔", "行", "户", "条记录"].contains(&unit))
        }
}

/// "合计3笔", "total:12".
fn is_counted(rest: &str) -> bool {
    rest.trim_start_matches([':', '：', '(', '（']).starts_with(|char: char| char.is_ascii_digit())
}

fn plain(cell: &str) -> String {
    let text = crate::imports::rules::text::folded(crate::imports::rules::text::unarmoured(cell));
    text.chars().filter(|char| !char.is_whitespace()).collect::<String>().to_lowercase()
}
