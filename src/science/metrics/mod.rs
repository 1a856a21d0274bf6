//! How good a score is, how to mend it, and whether the population is still the one it was made for.
//!
//! | file | holds |
//! | --- | --- |
//! | `ranking` | AUC, average precision, Kolmogorov–Smirnov, lift: the order alone |
//! | `probability` | Brier score, log-loss, calibration error: the probability itself |
//! | `calibration` | Platt scaling, isotonic regression, intercept update: scores made into probabilities |
//! | `drift` | population stability index |
//! | `bootstrap` | intervals by resampling clients, paired between two models |
//!
//! Inputs are parallel: `happened[i]` is the outcome whose score or probability is `p[i]`.
//! Every figure is `None` where it has no meaning: no rows, unequal lengths, a score that is not a number, or, for
//! figures that compare the two outcomes, only one of them present.

mod bootstrap;
mod calibration;
mod drift;
mod probability;
mod ranking;

#[cfg(test)]
pub(crate) mod tests;

pub use bootstrap::{Interval, Ranked, Resampling, auc_gain, brier_gain};
pub use calibration::{Isotonic, Platt, intercept_update};
pub use drift::{decile_edges, population_stability};
pub use probability::{brier, calibration_error, log_loss};
pub use ranking::{auc, average_precision, kolmogorov_smirnov, lift};

/// Row numbers by ascending score, ties in the order of the input.
fn ascending(happened: &[bool], score: &[f64]) -> Option<Vec<usize>> {
    check(happened, score)?;
    let mut order: Vec<usize> = (0..score.len()).collect();
    order.sort_by(|&i, &j| score[i].total_cmp(&score[j]));
    Some(order)
}

fn check(happened: &[bool], score: &[f64]) -> Option<()> {
    let sound = !score.is_empty() && happened.len() == score.len() && score.iter().all(|s| !s.is_nan());
    sound.then_some(())
}
