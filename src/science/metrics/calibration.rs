//! Scores made into probabilities, on rows that the model has not seen.

use serde::{Deserialize, Serialize};

use super::{ascending, check};
use crate::logistic::{Coefficients, Table, fit};
use crate::special::logistic_pair;

/// Platt scaling: logit P = slope·logit(p) + intercept, fitted by maximum likelihood on the outcomes as they are (Platt
/// 1999, "Probabilistic Outputs for Support Vector Machines", eq. 1, without his smoothing of the targets).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    /// 1 where the scores are as sure as they should be; below 1 where they are too sure.
    pub slope: f64,
    /// Added to the logit; 0 where the base rate fits.
    pub intercept: f64,
}

impl Platt {
    /// `None` also for a probability that is 0 or 1, for one outcome only, and where the scores separate the outcomes.
    #[must_use]
    pub fn fit(happened: &[bool], p: &[f64]) -> Option<Self> {
        let logits = logits(happened, p)?;
        let Coefficients { intercept, weights } = fit(&Table::new(1, logits)?, happened, f64::INFINITY).ok()?;
        Some(Self { slope: *weights.first()?, intercept })
    }

    /// The probability that `p` (0 < p < 1) stands for.
    #[must_use]
    pub fn apply(&self, p: f64) -> f64 {
        logistic_pair(self.slope * logit(p) + self.intercept).0
    }
}

/// What to add to a model's intercept so that its probabilities again sum to the events: the mend for a base rate that
/// has moved. Maximum likelihood with the slope held at 1, by Newton's method. `None` as for [`Platt::fit`].
#[must_use]
pub fn intercept_update(happened: &[bool], p: &[f64]) -> Option<f64> {
    const MAX_ITERATIONS: u32 = 100;
    let logits = logits(happened, p)?;
    let events = happened.iter().filter(|&&happened| happened).count() as f64;
    if events == 0.0 || events == happened.len() as f64 {
        return None;
    }
    let mut shift = 0.0;
    for _ in 0..MAX_ITERATIONS {
        let (mut expected, mut spread) = (0.0, 0.0);
        for logit in &logits {
            let (p, q) = logistic_pair(logit + shift);
            expected += p;
            spread += p * q;
        }
        // The sum is concave in one variable; a cut step keeps the tails, where it is flat, from being overshot.
        let step = ((events - expected) / spread).clamp(-1.0, 1.0);
        shift += step;
        if step.abs() < 1e-9 {
            return Some(shift);
        }
    }
    None
}

fn logit(p: f64) -> f64 {
    p.ln() - (-p).ln_1p()
}

fn logits(happened: &[bool], p: &[f64]) -> Option<Vec<f64>> {
    check(happened, p)?;
    p.iter().all(|&p| 0.0 < p && p < 1.0).then(|| p.iter().map(|&p| logit(p)).collect())
}

/// Isotonic regression: the non-decreasing function nearest to the outcomes in squares, by pooling adjacent violators
/// (Ayer et al. 1955; Zadrozny & Elkan 2002, "Transforming Classifier Scores into Accurate Probability Estimates").
/// Linear between the scores it was fitted on, constant beyond them. Fewer than some thousand events make steps, not a
/// curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Isotonic {
    /// (score, probability), both ascending: the ends of every pool.
    knots: Vec<(f64, f64)>,
}

/// Rows pooled to one level.
struct Pool {
    first: f64,
    last: f64,
    events: f64,
    rows: f64,
}

impl Isotonic {
    /// Tied scores are one point.
    #[must_use]
    pub fn fit(happened: &[bool], score: &[f64]) -> Option<Self> {
        let mut pools: Vec<Pool> = Vec::new();
        for i in ascending(happened, score)? {
            let event = f64::from(happened[i]);
            match pools.last_mut() {
                Some(pool) if pool.last == score[i] => {
                    pool.events += event;
                    pool.rows += 1.0;
                }
                _ => pools.push(Pool { first: score[i], last: score[i], events: event, rows: 1.0 }),
            }
        }
        let mut settled: Vec<Pool> = Vec::new();
        for mut pool in pools {
            while let Some(before) = settled.pop_if(|before| before.events * pool.rows >= pool.events * before.rows) {
                pool.first = before.first;
                pool.events += before.events;
                pool.rows += before.rows;
            }
            settled.push(pool);
        }
        let ends = |pool: Pool| {
            let level = pool.events / pool.rows;
            [(pool.first, level), (pool.last, level)]
        };
        let mut knots: Vec<(f64, f64)> = settled.into_iter().flat_map(ends).collect();
        knots.dedup();
        Some(Self { knots })
    }

    /// The probability that a score stands for; NaN for NaN.
    #[must_use]
    pub fn apply(&self, score: f64) -> f64 {
        let above = self.knots.partition_point(|knot| knot.0 < score);
        match (above.checked_sub(1).map(|below| self.knots[below]), self.knots.get(above)) {
            (Some((x, p)), Some(&(x_next, p_next))) => p_next - (p_next - p) * (x_next - score) / (x_next - x),
            (None, Some(&(_, p))) | (Some((_, p)), None) if !score.is_nan() => p,
            _ => f64::NAN,
        }
    }
}
