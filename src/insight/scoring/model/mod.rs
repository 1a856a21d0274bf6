//! What is known of a client's trading, what a model says of it, and what a risk is made of.

mod fitted;
mod risk;
mod run;
mod scored;

use std::ops::RangeInclusive;

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use platform::kernel::decision::Reason;
use platform::kernel::ids::ClientId;
use science::History;

pub use fitted::{ChurnModel, ChurnModelKind, ModelInUse};
pub use risk::{ChurnRisk, Forecast, NoRisk};
pub use run::{AlertCounts, Evaluation, FitSummary, Quality, RunRequest, RunSummary, ScoringRun, ValueQuantiles};
pub use scored::{BookScored, RunStart};

/// Days over which silence can be forecast: a model fitted on a few years says nothing about later.
pub const HORIZON_DAYS: RangeInclusive<u32> = 1..=730;
/// Days over which silence is forecast when the caller does not say.
pub const DEFAULT_HORIZON_DAYS: u32 = 90;

/// Whole days of a span, at least 0.
pub fn days(span: TimeDelta) -> u32 {
    u32::try_from(span.num_days()).unwrap_or_default()
}

/// A client with an active day, and the days a fit reads.
#[derive(Clone, Copy, Debug)]
pub struct ActiveClient {
    /// Who.
    pub client_id: ClientId,
    /// At least 1.
    pub active_days: u32,
    /// First active day.
    pub first_day: NaiveDate,
    /// Last active day.
    pub last_day: NaiveDate,
}

impl ActiveClient {
    /// The history the models read: repeat active days, weeks from the first to the last, and to `as_of`.
    pub fn history(&self, as_of: NaiveDate) -> History {
        let t_x = days_between(self.first_day, self.last_day) / 7.0;
        // Summed as the statistics sum it: a figure kept with an alert is the figure computed on read, to the last bit.
        History { x: self.active_days.saturating_sub(1), t_x, t: t_x + days_between(self.last_day, as_of) / 7.0 }
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
}

impl ChurnStatistics {
    /// Age at the last active day, in weeks: `t_x` of the models.
    pub fn t_x_weeks(&self) -> f64 {
        days_between(self.first_day, self.last_day) / 7.0
    }

    /// Age now, in weeks: `T` of the models.
    pub fn t_weeks(&self) -> f64 {
        self.t_x_weeks() + self.silent_days() / 7.0
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
    /// Log-odds of a client of this book on the first active day.
    pub base: f64,
    /// Log-odds of this client.
    pub logit: f64,
    /// Every term of the sum, in the order in which statistics replace the new client's.
    pub terms: Vec<Reason>,
    /// The (up to) three that say most: terms of the sum, and changes the model does not see (without contribution).
    pub reasons: Vec<Reason>,
}
