//! The house's words for fields in Chinese: one a name, since a field is called the same wherever it stands. A comment
//! that says its own Chinese goes first.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The Chinese for a field's name.
pub fn chinese(name: &str) -> Option<&'static str> {
    static WORDS: LazyLock<HashMap<&str, &str>> =
        LazyLock::new(|| include_str!("glossary.txt").lines().filter_map(|line| line.split_once(' ')).collect());
    WORDS.get(name).copied()
}
