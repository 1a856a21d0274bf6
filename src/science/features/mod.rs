//! What a client's own trading says, as 23 numbers at a cutoff: the inputs of a supervised churn model.
//!
//! One function serves training and scoring, from roll-ups of client and day. Nothing after the cutoff is read, so a
//! feature of the past is what it would have been on that day; [`features()`] is the only way to compute one.
//!
//! Days are whole numbers on any one scale (days since 1970, trading days); amounts are in one currency. Let the active
//! days (days with a trade) up to the cutoff t be d₁ < … < dₙ with amounts a₁ … aₙ, and the gaps gᵢ = dᵢ₊₁ − dᵢ.
//! A window of k days holds the days after t − k up to t.

mod catalogue;
mod compact;
mod gaps;

#[cfg(test)]
mod tests;

pub use catalogue::{COUNT, FEATURES, Family, Feature, RFM, Unit};
pub use compact::{COMPACT, compact};
pub use gaps::clumpiness;

use std::fmt;

/// What a client did on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// The day.
    pub day: i32,
    /// Trades; a day without one is not active, and skipped.
    pub trades: u32,
    /// Amount traded, bought and sold together; ≥ 0.
    pub amount: f64,
    /// Of it, the amount sold; 0 ≤ `sold` ≤ `amount`.
    pub sold: f64,
    /// Instruments that the client traded for the first time on this day: their sum up to any day is the number of
    /// different instruments by then.
    pub new_instruments: u32,
}

/// Why a client has no features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoFeatures {
    /// No active day up to the cutoff.
    NeverActive,
    /// The days do not ascend.
    OutOfOrder,
    /// An amount is negative or not a number, or more was sold than traded.
    InvalidAmount,
}

impl fmt::Display for NoFeatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeverActive => "never_active",
            Self::OutOfOrder => "out_of_order",
            Self::InvalidAmount => "invalid_amount",
        })
    }
}

impl std::error::Error for NoFeatures {}

/// Lengths of the windows, days.
const WINDOWS: [i32; 4] = [30, 90, 180, 365];

/// The features of one client at the end of the day `cutoff`, in one pass over their days, which ascend.
///
/// | feature | value |
/// | --- | --- |
/// | `recency_days`, `tenure_days` | t − dₙ, t − d₁ |
/// | `active_days`, `trades` | n, number of trades |
/// | `log_amount`, `mean_amount` | ln(1 + Σa), Σa / n |
/// | `gap_mean`, `gap_variation`, `gap_last` | mean of gᵢ; their population standard deviation over it; gₙ₋₁ |
/// | `overdue` | recency over `gap_mean` |
/// | `active_days_k`, `log_amount_k` | n and ln(1 + Σa) within the last k days |
/// | `active_days_trend` | ln of (1 + active days of the last 90) / (1 + those of the 90 before) |
/// | `amount_trend` | the same of amounts |
/// | `sell_share` | Σ sold / Σ a |
/// | `instruments` | different instruments |
/// | `clumpiness` | [`clumpiness`] of g₁ … gₙ₋₁ and the open gap t − dₙ |
///
/// A client with one active day has no gap yet: `gap_mean` is the time waited, t − d₁ (so `overdue` is 1), the
/// variation and the last gap are 0. A ratio with nothing below the line is 0.
///
/// # Errors
/// [`NoFeatures`]. Days after the cutoff are not looked at, so they are never the reason.
pub fn features(days: &[Day], cutoff: i32) -> Result<[f64; COUNT], NoFeatures> {
    let mut gaps = gaps::Gaps::default();
    let (mut first, mut last) = (None, None);
    let (mut active, mut trades, mut amount, mut sold, mut instruments) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let mut recent = [(0.0, 0.0); WINDOWS.len()];
    let mut previous_day = None;
    for day in days.iter().take_while(|day| day.day <= cutoff) {
        if previous_day.replace(day.day).is_some_and(|previous| previous >= day.day) {
            return Err(NoFeatures::OutOfOrder);
        }
        if !(day.amount.is_finite() && (0.0..=day.amount).contains(&day.sold)) {
            return Err(NoFeatures::InvalidAmount);
        }
        if day.trades == 0 {
            continue;
        }
        if let Some(last) = last.replace(day.day) {
            gaps.add(span(last, day.day));
        }
        first.get_or_insert(day.day);
        active += 1.0;
        trades += f64::from(day.trades);
        amount += day.amount;
        sold += day.sold;
        instruments += f64::from(day.new_instruments);
        for (window, (days, amount)) in WINDOWS.into_iter().zip(&mut recent) {
            if span(day.day, cutoff) < f64::from(window) {
                *days += 1.0;
                *amount += day.amount;
            }
        }
    }
    let (Some(first), Some(last)) = (first, last) else { return Err(NoFeatures::NeverActive) };

    let (recency, tenure) = (span(last, cutoff), span(first, cutoff));
    let gap_mean = gaps.mean().unwrap_or(tenure);
    let [(days_30, amount_30), (days_90, amount_90), (days_180, amount_180), (days_365, amount_365)] = recent;
    let trend = |half: f64, whole: f64| half.ln_1p() - (whole - half).max(0.0).ln_1p();
    Ok([
        recency,
        tenure,
        active,
        trades,
        amount.ln_1p(),
        amount / active,
        gap_mean,
        gaps.variation(),
        gaps.last(),
        ratio(recency, gap_mean),
        days_30,
        days_90,
        days_180,
        days_365,
        amount_30.ln_1p(),
        amount_90.ln_1p(),
        amount_180.ln_1p(),
        amount_365.ln_1p(),
        trend(days_90, days_180),
        trend(amount_90, amount_180),
        ratio(sold, amount),
        instruments,
        gaps.clumpiness_with(recency),
    ])
}

/// Days from one day to a later one, in any range of days.
fn span(from: i32, to: i32) -> f64 {
    f64::from(to) - f64::from(from)
}

fn ratio(above: f64, below: f64) -> f64 {
    if below > 0.0 { above / below } else { 0.0 }
}
