//! Rows, and lines that are none.

use platform::kernel::error::Fault;

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The line of the file it starts on, from 1.
    pub line: u64,
    /// Its bytes, for the error file.
    pub raw: Vec<u8>,
}

/// One row: a value for each field of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it stood.
    pub origin: Origin,
    /// In the order of [`Kind::fields`].
    pub values: Vec<Option<String>>,
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The line, from 1.
    pub line: u64,
    /// Everything that is wrong with it.
    pub faults: Vec<Fault>,
    /// Its bytes, for the error file on the command line; never stored, never answered.
    pub raw: Vec<u8>,
}

impl Rejection {
    /// A row that is refused.
    pub fn new(Origin { line, raw }: Origin, faults: Vec<Fault>) -> Self {
        Self { line, faults, raw }
    }
}

/// What is wrong with a line that was refused, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRejection {
    /// The line, from 1.
    pub line: i64,
    /// Which of the line's faults, from 1.
    pub fault: i32,
    /// Stable code of the fault.
    pub code: String,
    /// The field, as a JSON pointer; none for the line as a whole.
    pub pointer: Option<String>,
}
