//! Figures that judge the probability itself.

use super::{ascending, check};

/// Brier score: mean squared distance of probability and outcome.
#[must_use]
pub fn brier(happened: &[bool], p: &[f64]) -> Option<f64> {
    mean(happened, p, |happened, p| (p - f64::from(happened)).powi(2))
}

/// Mean negative log-likelihood. Probabilities are kept 1e-15 from 0 and 1, so one certain error stays finite.
#[must_use]
pub fn log_loss(happened: &[bool], p: &[f64]) -> Option<f64> {
    const EDGE: f64 = 1e-15;
    mean(happened, p, |happened, p| {
        let p = p.clamp(EDGE, 1.0 - EDGE);
        if happened { -p.ln() } else { -(-p).ln_1p() }
    })
}

/// Expected calibration error: rows by ascending probability in `bins` of equal count; the mean over rows of
/// |event rate − mean probability| of their bin. Tied probabilities keep the order of the input.
#[must_use]
pub fn calibration_error(happened: &[bool], p: &[f64], bins: usize) -> Option<f64> {
    let order = ascending(happened, p)?;
    if bins == 0 {
        return None;
    }
    let rows = order.len();
    let excess = |bin: usize| -> f64 {
        let members = &order[bin * rows / bins..(bin + 1) * rows / bins];
        members.iter().map(|&i| f64::from(happened[i]) - p[i]).sum::<f64>().abs()
    };
    Some((0..bins).map(excess).sum::<f64>() / rows as f64)
}

fn mean(happened: &[bool], p: &[f64], loss: impl Fn(bool, f64) -> f64) -> Option<f64> {
    check(happened, p)?;
    Some(happened.iter().zip(p).map(|(&happened, &p)| loss(happened, p)).sum::<f64>() / p.len() as f64)
}
