//! What spreadsheets and terminals wrap around a value, taken off it.

use std::borrow::Cow;

/// A cell without the armour a spreadsheet keeps codes in (`="600519"`), and without blanks and characters of no width
/// around it.
pub fn unarmoured(cell: &str) -> &str {
    let is_nothing = |char: char| char.is_whitespace() || is_without_width(char);
    let text = cell.trim_matches(is_nothing);
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(text).trim_matches(is_nothing)
}

/// Characters that take no room: zero width space, joiners, word joiner, byte order mark (Unicode, general category
/// Cf).
pub fn is_without_width(char: char) -> bool {
    matches!(char, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// Full-width forms as ASCII (Unicode, block FF00; the ideographic space), and nothing without width.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let narrow = |char: char| match char {
        '\u{3000}' | '\u{00A0}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(char) - 0xFEE0).unwrap_or(char),
        _ => char,
    };
    Cow::Owned(text.chars().filter(|char| !is_without_width(*char)).map(narrow).collect())
}

/// Whether a cell says that it holds nothing.
pub fn is_empty_mark(text: &str) -> bool {
    const MARKS: [&str; 10] = ["-", "--", "---", "—", "——", "n/a", "#n/a", "null", "none", "/"];
    text.len() <= 6 && MARKS.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn armour_and_widths_come_off() {
        for (cell, text) in [
            ("=\"600519\"", "600519"),
            (" \u{200B}600519\u{FEFF}", "600519"),
            ("\u{3000}buy\u{3000}", "buy"),
            ("=1+1", "=1+1"),
            ("=\"", "=\""),
        ] {
            assert_eq!(unarmoured(cell), text);
        }
        assert_eq!(folded("Ｈ６０\u{200B}０，０\u{3000}元"), "H600,0 元");
    }
}
