//! One line of a file, or a row over several.

use crate::imports::faults;
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

/// The line is not text in the encoding of the file.
pub fn not_text() -> Fault {
    faults::UTF8.at("")
}

/// The line is too long.
pub fn too_long() -> Fault {
    faults::LINE_TOO_LONG.at("")
}
