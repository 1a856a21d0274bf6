//! Buy-till-you-die: a client trades at a rate of their own until, unseen, they stop.
//!
//! While active, a client trades as a Poisson process whose rate is Gamma(r, α) across clients; after a trade they
//! leave with a probability that is Beta(a, b) across clients. In [`Model::BgNbd`] only a repeat trade may be the last
//! (so whoever traded once is active for ever); in [`Model::MbgNbd`] the first trade may be, too.
//!
//! - `likelihood`: what a history says about the parameters, one client or a whole book
//! - `fit`: parameters from a book
//! - [`nbd`]: the same clients if nobody ever leaves
//! - `predict`: what parameters and a history say about the future
//!
//! Time is in weeks, counts are *active trading days*; a client enters the model on their first active day.
//!
//! Sources: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24 (BG/NBD);
//! Batislam, Denizel & Filiztekin (2007), Int. J. Research in Marketing 24, and Wagner & Hoppe (2008), Marketing
//! Science 27 (MBG/NBD). Both are one formula in k, 0 or 1.

mod fit;
mod likelihood;
pub mod nbd;
mod predict;

use serde::{Deserialize, Serialize};

pub use fit::{FitPolicy, Fitted, NotIdentified, fit};

/// Which of the two models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// A client may leave only after a repeat trade (k = 0).
    BgNbd,
    /// A client may leave after any trade, the first included (k = 1).
    MbgNbd,
}

impl Model {
    /// Chances to leave that the first trade gives: the k of the formulas.
    const fn k(self) -> u32 {
        match self {
            Self::BgNbd => 0,
            Self::MbgNbd => 1,
        }
    }
}

/// A model with its parameters, all positive and finite. Client-level answers are methods on it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Which model the parameters belong to.
    pub model: Model,
    /// Shape of the trading rates.
    pub r: f64,
    /// Scale of the trading rates, weeks: the mean rate is r/α per week.
    pub alpha: f64,
    /// First shape of the chance to leave after a trade; its mean is a/(a+b).
    pub a: f64,
    /// Second shape of the chance to leave.
    pub b: f64,
}

/// All the models need to know of one client. 0 ≤ `t_x` ≤ `t`, and `t_x` is 0 where `x` is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Repeat active days: active days after the first.
    pub x: u32,
    /// Weeks from the first active day to the last.
    pub t_x: f64,
    /// Weeks from the first active day to now (T).
    pub t: f64,
}

/// Clients who share one history, as a fit takes them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Repeat active days.
    pub x: u32,
    /// Weeks from the first active day to the last.
    pub t_x: f64,
    /// Weeks from the first active day to now (T).
    pub t: f64,
    /// How many clients; > 0.
    pub weight: f64,
}

impl Cell {
    /// The history its clients share.
    #[must_use]
    pub const fn history(&self) -> History {
        History { x: self.x, t_x: self.t_x, t: self.t }
    }
}

#[cfg(test)]
mod tests;
