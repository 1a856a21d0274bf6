//! What went wrong, for a person.

/// Any error; what it says goes to the terminal.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
