//! A risk as it is answered.

use chrono::NaiveDate;

use super::{ChurnStatistics, Explanation, ModelInUse};
use platform::kernel::decision::{Reason, Text};
use platform::kernel::ids::ClientId;

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
    /// Probability of still being active; none from a model that knows of no leaving.
    pub p_alive: Option<f64>,
    /// Active days expected over the horizon.
    pub expected_active_days: f64,
    /// Where this client's own probability of silence lies with 90 %, in a model of own rates alone.
    pub range: Option<(f64, f64)>,
    /// The probability of silence as a sum.
    pub explanation: Explanation,
}
