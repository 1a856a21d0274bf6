//! The book as a run scored it.

use super::{ModelInUse, ScoredClient, ScoringRun};

/// How a run begins.
pub enum RunStart {
    /// The job did it before.
    Done(Box<ScoringRun>),
    /// The book is scored; alerts and values are still to come.
    Scored(Box<BookScored>),
}

/// The book as a run scored it.
pub struct BookScored {
    /// As entered: its summary is complete up to alerts and values.
    pub run: ScoringRun,
    /// Every client with an active day.
    pub clients: Vec<ScoredClient>,
    /// The model in use, if there is one.
    pub model: Option<ModelInUse>,
}
