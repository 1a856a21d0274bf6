//! How far a figure could be off: the nonparametric bootstrap (Efron & Tibshirani 1993, *An Introduction to the
//! Bootstrap*, §13.3, percentile interval), which draws clients with replacement.
//!
//! Chance is handed in as a source of random 64-bit words, so the same source gives the same interval. A draw is how
//! often each row was drawn: a figure needs one pass and no new sorting, and both models of a comparison see the same
//! rows.

use serde::{Deserialize, Serialize};

use super::drift::quantile;
use super::{ascending, auc, brier, check};

/// A figure with the range in which resampling leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The figure on the rows as they are.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// How an interval is made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Resampling {
    /// How many times the rows are drawn anew.
    pub draws: u32,
    /// Share of the draws within the interval, between 0 and 1.
    pub level: f64,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { draws: 1000, level: 0.95 }
    }
}

impl Resampling {
    /// The interval of a figure of `rows` rows that is computed from how often each was drawn.
    ///
    /// `None` where the figure has none on the rows as they are, or on more than half of the draws; other draws without
    /// one are left out.
    pub fn interval(
        &self,
        rows: usize,
        words: &mut dyn FnMut() -> u64,
        figure: impl Fn(&[f64]) -> Option<f64>,
    ) -> Option<Interval> {
        let estimate = figure(&vec![1.0; rows])?;
        let mut figures = Vec::new();
        let mut times = vec![0.0; rows];
        for _ in 0..self.draws {
            times.fill(0.0);
            for _ in 0..rows {
                times[below(rows, words())] += 1.0;
            }
            figures.extend(figure(&times));
        }
        if figures.is_empty() || figures.len() * 2 < self.draws as usize {
            return None;
        }
        figures.sort_by(f64::total_cmp);
        let tail = (1.0 - self.level) / 2.0;
        Some(Interval { estimate, low: quantile(&figures, tail), high: quantile(&figures, 1.0 - tail) })
    }
}

/// A number below `rows` from 64 random bits: the high word of their product (Lemire 2019). Its bias is rows/2⁶⁴.
#[expect(clippy::cast_possible_truncation, reason = "the high word is below rows")]
fn below(rows: usize, word: u64) -> usize {
    ((u128::from(word) * rows as u128) >> 64) as usize
}

/// AUC of the challenger less that of the champion on the same rows, paired.
pub fn auc_gain(
    happened: &[bool],
    champion: &[f64],
    challenger: &[f64],
    resampling: &Resampling,
    words: &mut dyn FnMut() -> u64,
) -> Option<Interval> {
    let (old, new) = (Ranked::new(happened, champion)?, Ranked::new(happened, challenger)?);
    let gain = |times: &[f64]| Some(new.auc(times)? - old.auc(times)?);
    let interval = resampling.interval(happened.len(), words, gain)?;
    Some(Interval { estimate: auc(happened, challenger)? - auc(happened, champion)?, ..interval })
}

/// Brier score of the challenger less that of the champion on the same rows, paired; negative is better.
pub fn brier_gain(
    happened: &[bool],
    champion: &[f64],
    challenger: &[f64],
    resampling: &Resampling,
    words: &mut dyn FnMut() -> u64,
) -> Option<Interval> {
    check(happened, champion)?;
    check(happened, challenger)?;
    let square = |p: f64, happened: bool| (p - f64::from(happened)).powi(2);
    let row = |((&happened, &old), &new): ((&bool, &f64), &f64)| square(new, happened) - square(old, happened);
    let gains: Vec<f64> = happened.iter().zip(champion).zip(challenger).map(row).collect();
    let gain = |times: &[f64]| Some(gains.iter().zip(times).map(|(g, t)| g * t).sum::<f64>() / times.len() as f64);
    let interval = resampling.interval(happened.len(), words, gain)?;
    Some(Interval { estimate: brier(happened, challenger)? - brier(happened, champion)?, ..interval })
}

/// Outcomes in the order of their score, to be weighed many times.
pub struct Ranked {
    /// (row, event) by ascending score, and whether the next row has a higher score.
    rows: Vec<(usize, bool, bool)>,
}

impl Ranked {
    /// Sorts once. `None` as for [`auc`], but for one outcome only, which a draw may have too.
    #[must_use]
    pub fn new(happened: &[bool], score: &[f64]) -> Option<Self> {
        let order = ascending(happened, score)?;
        let rises = |at: usize| order.get(at + 1).is_none_or(|&next| score[next] > score[order[at]]);
        let rows = order.iter().enumerate().map(|(at, &row)| (row, happened[row], rises(at))).collect();
        Some(Self { rows })
    }

    /// [`auc`] where row i counts `times[i]` times.
    #[must_use]
    pub fn auc(&self, times: &[f64]) -> Option<f64> {
        let (mut events, mut others, mut wins) = (0.0, 0.0, 0.0);
        let (mut tied_events, mut tied_others) = (0.0, 0.0);
        for &(row, event, last_of_its_score) in &self.rows {
            let weight = times[row];
            if event {
                tied_events += weight
            } else {
                tied_others += weight
            }
            if last_of_its_score {
                wins += tied_events * (others + tied_others / 2.0);
                events += tied_events;
                others += tied_others;
                (tied_events, tied_others) = (0.0, 0.0);
            }
        }
        (events > 0.0 && others > 0.0).then(|| wins / (events * others))
    }
}
