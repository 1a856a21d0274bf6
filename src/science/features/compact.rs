//! Four features for books in which twenty-three would fit the noise.

use super::catalogue::{COUNT, Family, Feature, Unit};

/// The features of [`compact`], in its order.
#[rustfmt::skip]
pub const COMPACT: [Feature; 4] = [
    Feature::new("recency_days", Family::Recency, Unit::Days),
    Feature::new("active_days", Family::Frequency, Unit::Count),
    Feature::new("log_amount", Family::Amount, Unit::LogMoney),
    Feature::new("silence_log_odds", Family::Recency, Unit::LogOdds),
];

/// Recency, frequency and amount of the 23 [`features`](super::features()), and ln(p/(1−p)) of a model without labels:
/// `p` is its probability of silence over the horizon of the labels, from the same days up to the same cutoff (see
/// [`rhythm`](crate::rhythm) and [`btyd`](crate::btyd)). It is kept 1e-6 from 0 and 1.
///
/// On books of 60 to 1500 clients drawn from two real logs, a logistic regression on these with C = .1 ranked the
/// active clients as well as or better than one on recency, frequency and amount; one on all 23 needs C = .03 and some
/// 1500 clients to be level.
#[must_use]
pub fn compact(features: &[f64; COUNT], p: f64) -> [f64; 4] {
    const EDGE: f64 = 1e-6;
    let p = p.clamp(EDGE, 1.0 - EDGE);
    let [recency, _, active_days, _, log_amount, ..] = *features;
    [recency, active_days, log_amount, p.ln() - (-p).ln_1p()]
}
