//! The ladder of silence: the best model that a book supports says how likely a client is not to trade.
//!
//! | step | serves where |
//! | --- | --- |
//! | [`Step::Logistic`] | a logistic regression trained on the book's own past ranked a later window of it better |
//! | [`Step::MbgNbd`] | the book shows clients leaving |
//! | [`Step::Nbd`] | it is large enough, and nobody is seen to leave |
//! | [`Step::Rhythm`] | it is small: each client's own gaps |
//!
//! - `base`: the three models without labels, as one
//! - `learned`: the logistic regression, at the horizon of its labels and at any other
//! - `past`, `lessons`: what the book is asked about itself, and what that teaches
//! - [`fit()`]: which step a book supports, and why not the one above
//! - `forecaster`: what is stored and served, a probability and its terms

mod base;
mod fit;
mod forecaster;
mod learned;
mod lessons;
mod past;

#[cfg(test)]
mod tests;

pub use base::{Base, Step};
pub use fit::{Outcome, Settings, fit};
pub use forecaster::{Forecaster, Parts, Term};
pub use learned::{Inputs, Learned};
pub use lessons::{Learning, NotLearned};
pub use past::{Past, Window, WindowDays};

use crate::btyd::History;
use crate::features::COUNT;
use crate::special::logistic_pair;

/// A client at a cutoff, and whether they were silent over the horizon after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// The [`features`](crate::features::features()) at the cutoff.
    pub features: [f64; COUNT],
    /// No active day in the horizon.
    pub silent: bool,
}

/// The history behind the features: they begin with recency, tenure and active days.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of days, at least 1")]
pub fn history(features: &[f64; COUNT]) -> History {
    let [recency, tenure, active_days, ..] = *features;
    History { x: active_days as u32 - 1, t_x: (tenure - recency) / 7.0, t: tenure / 7.0 }
}

/// ln(p / (1 − p)), finite: 0 and 1 stand for the nearest numbers that have log-odds.
pub(crate) fn logit(p: f64) -> f64 {
    const LIKELIEST: f64 = 1.0 - f64::EPSILON / 2.0;
    let p = p.clamp(f64::MIN_POSITIVE, LIKELIEST);
    p.ln() - (-p).ln_1p()
}

/// The probability whose log-odds are higher by `level`.
pub(crate) fn moved(p: f64, level: f64) -> f64 {
    if level == 0.0 { p } else { logistic_pair(logit(p) + level).0 }
}
