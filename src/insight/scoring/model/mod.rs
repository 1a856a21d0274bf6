//! What is known of a client's trading, what a model says of it, and what a risk is made of.

mod comparison;
mod days;
mod fitted;
mod kind;
mod risk;
mod run;
mod scored;
mod settings;

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use platform::kernel::decision::Reason;
use platform::kernel::ids::ClientId;
use science::features::COUNT;

pub use comparison::Comparison;
pub use days::{TradedDay, features_at, plain};
pub use fitted::{ChurnModel, ModelInUse, Refused};
pub use kind::ChurnModelKind;
pub use risk::{ChurnRisk, Forecast, NoRisk};
pub use run::{AlertCounts, Evaluation, FitSummary, Quality, RunRequest, RunSummary, ScoringRun, ValueQuantiles};
pub use scored::{BookScored, RunStart};
pub use settings::ModelSettings;

/// Days over which silence can be forecast: a model fitted on a few years says nothing about later.
pub const HORIZON_DAYS: RangeInclusive<u32> = 1..=730;
/// Days over which silence is forecast when the caller does not say.
pub const DEFAULT_HORIZON_DAYS: u32 = 90;

/// The numbers of [`science::features`], of one client at the end of a day.
pub type Features = [f64; COUNT];

/// A client with an active day, as a run scored them.
#[derive(Clone, Copy, Debug)]
pub struct ScoredClient {
    /// Who.
    pub client_id: ClientId,
    /// At the end of the run's day.
    pub now: Features,
    /// So many days before as the run compares with; none of a client who came since.
    pub before: Option<Features>,
}

impl ScoredClient {
    /// Days since the last active one.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole days, at least 0")]
    pub fn silent_days(&self) -> u32 {
        self.now[0] as u32
    }
}

/// A client's trading statistics at the end of `as_of`. Every day is an exchange trading day of the client; windows end
/// with `as_of` and include it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChurnStatistics {
    /// The day they describe.
    pub as_of: NaiveDate,
    /// First active day.
    pub first_day: NaiveDate,
    /// Last active day.
    pub last_day: NaiveDate,
    /// Repeat active days: all active days but the first.
    pub x: u32,
    /// Active days in the last 90 days.
    pub active_days_90: u32,
    /// Active days in the 90 days before those.
    pub active_days_prev_90: u32,
    /// Active days in the last 365 days.
    pub active_days_365: u32,
    /// Turnover of the last 90 days.
    pub amount_90: Decimal,
    /// Turnover of the 90 days before those.
    pub amount_prev_90: Decimal,
    /// Sales over turnover in the last 90 days, 0–1.
    pub sell_share_90: Option<f64>,
    /// Net outflow over net assets 90 days ago; below 0 for an inflow.
    pub net_outflow_share_90: Option<f64>,
    /// What a model reads; none where a decision was made before models read more than the days above.
    #[serde(default)]
    pub features: Option<Features>,
}

impl ChurnStatistics {
    /// What a model reads. Without it, the three of the history: a model that rests on nothing else answers the same.
    pub fn features(&self) -> Features {
        self.features.unwrap_or_else(|| {
            let mut features = [0.0; COUNT];
            let tenure = days_between(self.first_day, self.as_of);
            features[..3].copy_from_slice(&[self.silent_days(), tenure, f64::from(self.x) + 1.0]);
            features
        })
    }

    /// Days since the last active day.
    pub fn silent_days(&self) -> f64 {
        days_between(self.last_day, self.as_of)
    }

    /// The client's own rhythm: mean days between active days; `None` after a single one.
    pub fn own_gap_days(&self) -> Option<f64> {
        (self.x > 0).then(|| days_between(self.first_day, self.last_day) / f64::from(self.x))
    }
}

fn days_between(from: NaiveDate, to: NaiveDate) -> f64 {
    // A span of dates is below 2^53 days.
    (to - from).num_days().max(0) as f64
}

/// Why a probability of silence is what it is: `base + Σ terms = ln(p / (1 − p))`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Probability of no trade over the horizon, 0–1.
    pub p_silent: f64,
    /// Log-odds of a client of this book on the first active day; of its mean active client, where the book's own past
    /// has taught the model.
    pub base: f64,
    /// Every term of the sum.
    pub terms: Vec<Reason>,
    /// The (up to) three that say most: terms of the sum, and changes the model does not see (without contribution).
    pub reasons: Vec<Reason>,
}
