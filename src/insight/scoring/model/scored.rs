//! The book as a run scored it.

use super::{ActiveClient, ModelInUse, ScoringRun};

/// How a run begins.
pub enum RunStart {
    /// The job did it before.
    Done(ScoringRun),
    /// The book is scored; alerts and values are still to come.
    Scored(BookScored),
}

/// The book as a run scored it.
pub struct BookScored {
    /// As entered: its summary is complete up to alerts and values.
    pub run: ScoringRun,
    /// Every client with an active day.
    pub clients: Vec<ActiveClient>,
    /// The model in use, if there is one.
    pub model: Option<ModelInUse>,
}
