//! Models as they are kept, a risk as it is answered, and the book as a run scored it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{ActiveClient, ChurnStatistics, Explanation, ScoringRun};
use platform::kernel::decision::{Reason, Text};
use platform::kernel::ids::{ChurnModelId, ClientId};
use science::Parameters;

/// A fitted model, or the attempt at one.
#[derive(Clone, Debug)]
pub struct ChurnModel {
    /// Id.
    pub churn_model_id: ChurnModelId,
    /// From 1, in the order of fitting.
    pub version: i32,
    /// The last trading day it saw.
    pub cutoff: NaiveDate,
    /// Why the book did not determine it; none for a usable model.
    pub code: Option<String>,
    /// Fitted; none for an attempt.
    pub parameters: Option<Parameters>,
    /// Clients with an active day.
    pub clients: u64,
    /// Of these, with a repeat active day.
    pub repeaters: u64,
    /// Log-likelihood of the whole book.
    pub log_likelihood: Option<f64>,
    /// When it was fitted.
    pub created_at: DateTime<Utc>,
}

impl ChurnModel {
    /// The model as a figure rests on it; none of an attempt that gave no model.
    pub fn in_use(&self) -> Option<ModelInUse> {
        Some(ModelInUse {
            churn_model_id: self.churn_model_id,
            version: self.version,
            cutoff: self.cutoff,
            parameters: self.parameters?,
        })
    }
}

/// The usable model a figure rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelInUse {
    /// Id.
    pub churn_model_id: ChurnModelId,
    /// Version.
    pub version: i32,
    /// The last trading day it saw.
    pub cutoff: NaiveDate,
    /// Its fitted parameters.
    pub parameters: Parameters,
}

impl ModelInUse {
    /// Probability that a client does not trade in the `horizon_days` after `as_of`.
    pub fn p_silent(&self, client: &ActiveClient, as_of: NaiveDate, horizon_days: u32) -> f64 {
        self.parameters.p_silent(&client.history(as_of), f64::from(horizon_days) / 7.0)
    }
}

/// Why there is no figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRisk {
    /// Stable, snake_case.
    pub code: String,
    /// In words.
    pub text: Text,
}

/// How likely a client is to fall silent, as of a day.
#[derive(Clone, Debug)]
pub struct ChurnRisk {
    /// Whose.
    pub client_id: ClientId,
    /// End of this day.
    pub as_of: NaiveDate,
    /// Days over which silence is forecast.
    pub horizon_days: u32,
    /// The figures, or why there are none.
    pub forecast: Result<Forecast, NoRisk>,
    /// The model in use on that day.
    pub model: Option<ModelInUse>,
    /// What is known of the client's trading; none for a client who never traded.
    pub statistics: Option<ChurnStatistics>,
    /// Why, or what can be said without a model.
    pub reasons: Vec<Reason>,
}

/// What a model says of one client.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Probability of still being active.
    pub p_alive: f64,
    /// Active days expected over the horizon.
    pub expected_active_days: f64,
    /// The probability of silence as a sum.
    pub explanation: Explanation,
}

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
