//! One line of a file, or a row over several.

use platform::kernel::error::Fault;

/// What one line of a file held.
pub struct Record<T> {
    /// The line it starts on, from 1.
    pub line: u64,
    /// Its bytes, for the error file.
    pub raw: Vec<u8>,
    /// What it says, or why it cannot be read.
    pub content: Result<T, Fault>,
}

/// The line is not UTF-8.
pub fn not_utf8() -> Fault {
    Fault::new("", "utf8", "The line is not UTF-8 text", "该行不是 UTF-8 文本")
}

/// The line is too long.
pub fn too_long() -> Fault {
    Fault::new("", "line_too_long", "The line is longer than 64 KiB", "该行超过 64 KiB")
}
