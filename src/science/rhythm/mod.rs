//! A book too small for a fitted model: each client's own gaps, held together by what the book has in common.
//!
//! A client's gaps between active days are exponential with a rate λ of their own; over the book λ is Gamma(r, α), so
//! after x gaps and T weeks it is Gamma(r+x, α+T). That is the model of [`nbd`](crate::nbd); here the prior comes from
//! two moments in closed form, tempered by a few imagined clients, so that a book of one client has one, too. It does
//! not know that clients leave: what it says is that they are silent so long *at the rhythm they have kept*.

mod bounds;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use bounds::Bounds;

use crate::btyd::{Cell, History};
use crate::special::gamma_quantile;

/// What the clients of a book have in common: rates are Gamma(shape, scale), both positive and finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rhythm {
    /// r: the less, the more clients differ.
    pub shape: f64,
    /// α, weeks: the mean rate is r/α per week.
    pub scale: f64,
}

/// The probability of silence with the range in which this client's own may lie.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// Probability of no active day in the horizon: the mean of e^(−λH) over what is known of λ.
    pub probability: f64,
    /// e^(−λH) at the 95 % quantile of λ.
    pub low: f64,
    /// e^(−λH) at the 5 % quantile of λ.
    pub high: f64,
}

/// So many clients with r = 1, the exponential spread of rates, count in the variance beside the real ones.
const IMAGINED: f64 = 10.0;
/// Range of r: from clients who have little in common to clients who are nearly alike.
const SHAPES: (f64, f64) = (0.1, 10.0);

impl Rhythm {
    /// From the moments of a book of n clients with counts x over T weeks:
    /// mean rate m = (Σx + ½) / ΣT (Jeffreys' estimate, positive in a book without a repeat), and, as
    /// E[(x − mT)² − mT] = v T² for rates with variance v,
    /// v = (Σ[(x − mT)² − mT] + k m² Q/n) / (Q + k Q/n), Q = ΣT², k = 10; then r = m²/v within [.1, 10], α = r/m.
    ///
    /// `None` for a book that saw no time, or a cell that is no history.
    #[must_use]
    pub fn of_book(cells: &[Cell]) -> Option<Self> {
        let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
            cells.iter().map(|cell| cell.weight * f(f64::from(cell.x), cell.t)).sum()
        };
        let (clients, weeks, squares) = (sum(&|_, _| 1.0), sum(&|_, t| t), sum(&|_, t| t * t));
        let sound = cells.iter().all(|cell| cell.weight > 0.0 && cell.t >= 0.0) && weeks > 0.0 && squares.is_finite();
        if !sound {
            return None;
        }
        let mean = (sum(&|x, _| x) + 0.5) / weeks;
        let spread = sum(&|x, t| (x - mean * t).powi(2) - mean * t);
        let imagined = IMAGINED * squares / clients;
        let variance = (spread + imagined * mean * mean) / (squares + imagined);
        let shape = if variance > 0.0 { mean * mean / variance } else { SHAPES.1 };
        let shape = shape.clamp(SHAPES.0, SHAPES.1);
        Some(Self { shape, scale: shape / mean })
    }

    /// Probability of no active day in the next `horizon` weeks (≥ 0): ((α+T)/(α+T+H))^(r+x).
    #[must_use]
    pub fn p_silent(&self, history: &History, horizon: f64) -> f64 {
        let (shape, weeks) = (self.shape + f64::from(history.x), self.scale + history.t);
        (-shape * (horizon / weeks).ln_1p()).exp()
    }

    /// [`Rhythm::p_silent`] and its range, which
    /// holds 90 % of what the client's own probability may be, widened to the mean where that is skewed beyond it.
    #[must_use]
    pub fn silence(&self, history: &History, horizon: f64) -> Silence {
        let (shape, weeks) = (self.shape + f64::from(history.x), self.scale + history.t);
        let probability = self.p_silent(history, horizon);
        let at = |level: f64| (-gamma_quantile(shape, level) / weeks * horizon).exp();
        Silence { probability, low: at(0.95).min(probability), high: at(0.05).max(probability) }
    }

    /// The gap that this client exceeds every second time, weeks, from the gaps completed: (α+t_x)·(2^(1/(r+x)) − 1).
    #[must_use]
    pub fn usual_gap(&self, history: &History) -> f64 {
        let shape = self.shape + f64::from(history.x);
        (self.scale + history.t_x) * (std::f64::consts::LN_2 / shape).exp_m1()
    }

    /// How often a gap of this client lasts as long as the open one, from the gaps completed:
    /// ((α+t_x)/(α+T))^(r+x). Small: out of rhythm.
    #[must_use]
    pub fn chance_of_open_gap(&self, history: &History) -> f64 {
        let shape = self.shape + f64::from(history.x);
        (-shape * ((history.t - history.t_x) / (self.scale + history.t_x)).ln_1p()).exp()
    }
}
