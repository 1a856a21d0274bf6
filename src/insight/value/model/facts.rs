//! What the record knows of a client when the score is taken, and the score with all it rests on.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ValueInputs, ValueScore};
use platform::kernel::ids::{ChurnModelId, ClientId};
use science::ladder::Forecaster as Ladder;

/// The record of one client at the end of a day; "12 months" ends with it.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueFacts {
    /// Whose it is.
    pub client_id: ClientId,
    /// When the relation began.
    pub opened_on: NaiveDate,
    /// First and last active day and how many there were; none for a client who never traded.
    pub activity: Option<Activity>,
    /// Active days of 12 months.
    pub active_days_12m: u32,
    /// Calendar months with an active day: the month of the day and the eleven before it.
    pub active_months_12: u32,
    /// Commissions booked in 12 months; none where no trade carried one.
    pub commission_12m: Option<Decimal>,
    /// Turnover of 12 months.
    pub turnover_12m: Decimal,
    /// Mean of the monthly means of net assets, six months.
    pub mean_net_assets_6m: Option<Decimal>,
    /// Distinct product types of 12 months.
    pub product_types_12m: u32,
}

/// What a client brought in 12 months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revenue {
    /// Whose it is.
    pub client_id: ClientId,
    /// Active days, at least 1.
    pub active_days_12m: u32,
    /// Commissions booked; none where no trade carried one.
    pub commission_12m: Option<Decimal>,
    /// Turnover.
    pub turnover_12m: Decimal,
}

/// The active days of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// First.
    pub first_day: NaiveDate,
    /// Last.
    pub last_day: NaiveDate,
    /// How many, at least 1.
    pub active_days: u32,
}

/// The model that forecasts a client's activity.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecaster {
    /// Id.
    pub churn_model_id: ChurnModelId,
    /// Its version.
    pub version: i32,
    /// The last trading day it saw.
    pub cutoff: NaiveDate,
    /// What it says.
    pub ladder: Ladder,
}

/// The scores of a book at 101 quantiles, from a scoring run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BookQuantiles {
    /// End of this day.
    pub as_of: NaiveDate,
    /// Version of the policy that scored.
    pub policy_version: i32,
    /// From the lowest score to the highest.
    pub quantiles: Vec<f64>,
}

/// A client's score with all it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredValue {
    /// Whose it is.
    pub client_id: ClientId,
    /// End of this day.
    pub as_of: NaiveDate,
    /// Version of the policy.
    pub policy_version: i32,
    /// Of every amount.
    pub currency: String,
    /// The model behind what is expected; none without one.
    pub forecaster: Option<Forecaster>,
    /// Share of the book with a lower score, in per cent, and the day it was taken.
    pub percentile: Option<(f64, NaiveDate)>,
    /// What went in.
    pub inputs: ValueInputs,
    /// What came out.
    pub score: ValueScore,
}
