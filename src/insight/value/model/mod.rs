//! What a value score is made of: the policy, the inputs, the answer.

mod facts;
mod kind;
mod policy;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use platform::kernel::decision::{Reason, Text};

pub use facts::{Activity, BookQuantiles, Forecaster, Revenue, ScoredValue, ValueFacts};
pub use policy::{Anchor, GradeBand, ValuePolicy};

/// What is known about a client when the score is taken. `None` is "no data", never zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueInputs {
    /// End of this exchange day.
    pub as_of: NaiveDate,
    /// Net revenue of the last 12 months.
    pub net_revenue_12m: Option<NetRevenue>,
    /// Expected active trading days in each of the next 12 months (not cumulative).
    pub expected_active_days_by_month: Option<[f64; 12]>,
    /// Expected net revenue of one active day.
    pub revenue_per_active_day: Option<Decimal>,
    /// Mean of the last six monthly means of net assets.
    pub mean_net_assets_6m: Option<Decimal>,
    /// Margin interest and product fees of the last 12 months.
    pub margin_and_product_revenue_12m: Option<Decimal>,
    /// Probability of no trade in the next 90 days, 0–1.
    pub p_silent_90: Option<f64>,
    /// Months since the client came.
    pub tenure_months: Option<f64>,
    /// Calendar months with an active day, of the last 12.
    pub active_months_12: u32,
    /// Distinct product types traded in the last 12 months; `None` where trades carry none.
    pub asset_classes: Option<u32>,
    /// Net outflow over opening net assets; below 0 for an inflow.
    pub net_outflow_share: Option<f64>,
}

/// Net revenue and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetRevenue {
    /// In the policy's currency.
    pub amount: Decimal,
    /// Measured or assumed.
    pub source: RevenueSource,
}

/// Where a revenue figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevenueSource {
    /// Commissions booked on the trades.
    Commissions,
    /// Turnover times the policy's basis points.
    TurnoverTimesBasisPoints,
}

/// The score of one client with everything it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueScore {
    /// 0–100; the exact sum of `contribution` and `loyalty`.
    pub score: f64,
    /// Points from contribution; the exact sum of its parts.
    pub contribution: f64,
    /// Points from loyalty; the exact sum of its parts.
    pub loyalty: f64,
    /// Every part, measured or not, in the order of the policy.
    pub parts: Vec<Part>,
    /// Share of the 100 points for which there were data, 0–1. A low score with a low share says little.
    pub measured_share: f64,
    /// The grade's name.
    pub grade: String,
    /// Code of the maintenance strategy of the grade.
    pub strategy: String,
    /// Expected net revenue of the next 12 months, discounted, four decimals; `None` without its inputs.
    pub clv_12m: Option<Decimal>,
    /// Why this grade, what is not measured, and the three parts that earn most.
    pub reasons: Vec<Reason>,
}

/// One term of the score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Which.
    pub code: PartCode,
    /// Points earned, a multiple of 2⁻³⁰: adding parts as 64-bit floats is exact in any order. Do not round them.
    pub points: f64,
    /// Points there are to earn.
    pub max_points: f64,
    /// Share earned, 0–1, before rounding to points.
    pub share: f64,
    /// Whether there were data; without, the part earns 0.
    pub status: PartStatus,
    /// The raw value in words.
    pub reason: Text,
}

/// The terms of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ValuePartCode)]
pub enum PartCode {
    /// Net revenue, 12 months back.
    NetRevenue,
    /// Net revenue, 12 months ahead.
    Clv,
    /// Mean net assets, 6 months.
    MeanNetAssets,
    /// Margin interest and product fees, 12 months.
    MarginAndProduct,
    /// Probability of trading again.
    Presence,
    /// Months as a client.
    Tenure,
    /// Active months of 12.
    Regularity,
    /// Product types.
    Breadth,
    /// Assets that stayed.
    RetainedAssets,
}

/// Whether a part rests on data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ValuePartStatus)]
pub enum PartStatus {
    /// It does.
    Measured,
    /// There are none; 0 points.
    NoData,
}

impl PartCode {
    /// The four terms of contribution.
    pub fn is_contribution(self) -> bool {
        matches!(self, Self::NetRevenue | Self::Clv | Self::MeanNetAssets | Self::MarginAndProduct)
    }

    /// The code in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NetRevenue => "net_revenue",
            Self::Clv => "clv",
            Self::MeanNetAssets => "mean_net_assets",
            Self::MarginAndProduct => "margin_and_product",
            Self::Presence => "presence",
            Self::Tenure => "tenure",
            Self::Regularity => "regularity",
            Self::Breadth => "breadth",
            Self::RetainedAssets => "retained_assets",
        }
    }
}
