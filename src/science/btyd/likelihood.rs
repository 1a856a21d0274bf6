//! The likelihood of a history, and of a book with its exact gradient and curvature.
//!
//! ll = ln (r)ₓ + ln (b)ₓ₊ₖ − ln (a+b)ₓ₊ₖ + r ln α + ln(e^A3 + e^A4), with A3 = −(r+x) ln(α+T) for a client still
//! active and A4 = ln a − ln(b+x−1+k) − (r+x) ln(α+t_x) for one who left on the last active day (−∞ in BG/NBD at
//! x = 0). Fader, Hardie & Lee (2005) eq. 6 and, for k = 1, Batislam et al. (2007); (z)ₙ is the rising factorial.

use super::{Cell, History, Model, Parameters};
use crate::newton::Surface;
use crate::special::{ln_rising, logistic_pair, softplus};

impl Parameters {
    /// Log-likelihood of one client's history.
    #[must_use]
    pub fn log_likelihood(&self, history: &History) -> f64 {
        let chances = history.x + self.model.k();
        let events = ln_rising(self.r, history.x) + ln_rising(self.b, chances) - ln_rising(self.a + self.b, chances);
        let shape = self.r + f64::from(history.x);
        let silence = self.r * self.alpha.ln() - shape * (self.alpha + history.t).ln();
        events + (silence + softplus(self.departure_log_odds(history)))
    }

    /// A4 − A3: the log-odds that the client left on the last active day.
    pub(super) fn departure_log_odds(&self, history: &History) -> f64 {
        let Some(stays) = (history.x + self.model.k()).checked_sub(1) else { return f64::NEG_INFINITY };
        let leaves_last = self.a / (self.b + f64::from(stays));
        let shape = self.r + f64::from(history.x);
        // ln((α+T)/(α+t_x)), with its digits when the last active day was just now.
        leaves_last.ln() + shape * ((history.t - history.t_x) / (self.alpha + history.t_x)).ln_1p()
    }
}

/// A book prepared for many evaluations.
///
/// Every rising factorial of the book is a sum over one count: Σ ln (r)ₓ over clients is Σⱼ `above[j]`·ln(r+j). So the
/// gamma functions cost one logarithm per possible count, and a cell only its two terms in time.
pub(super) struct Sample<'a> {
    cells: &'a [Cell],
    model: Model,
    /// Clients in the book.
    pub clients: f64,
    /// `above[j]`: clients with more than j repeat active days.
    above: Vec<f64>,
}

/// More active days than any history holds: a century of them.
const MOST_EVENTS: u32 = 36_525;

impl<'a> Sample<'a> {
    /// Counts the book. `None` if a cell is no history: see [`History`] and [`Cell`].
    pub fn new(cells: &'a [Cell], model: Model) -> Option<Self> {
        let is_history = |cell: &Cell| {
            cell.weight > 0.0
                && cell.weight.is_finite()
                && cell.t.is_finite()
                && (0.0..=cell.t).contains(&cell.t_x)
                && (cell.x > 0 || cell.t_x == 0.0)
                && cell.x <= MOST_EVENTS
        };
        if !cells.iter().all(is_history) {
            return None;
        }
        let most = cells.iter().map(|cell| cell.x).max().unwrap_or(0);
        let mut above = vec![0.0; most as usize];
        for cell in cells.iter().filter(|cell| cell.x > 0) {
            above[cell.x as usize - 1] += cell.weight;
        }
        for j in (1..above.len()).rev() {
            above[j - 1] += above[j];
        }
        Some(Self { cells, model, clients: cells.iter().map(|cell| cell.weight).sum(), above })
    }

    /// Clients with a repeat active day.
    pub fn repeaters(&self) -> f64 {
        self.above.first().copied().unwrap_or(0.0)
    }

    /// Repeat active days per week of observation; infinite if the book saw no time.
    pub fn rate(&self) -> f64 {
        self.above.iter().sum::<f64>() / self.cells.iter().map(|cell| cell.weight * cell.t).sum::<f64>()
    }

    /// Mean log-likelihood per client in (ln r, ln α, ln a, ln b).
    pub fn surface(&self, logarithms: &[f64; 4]) -> Surface<4> {
        let theta @ [r, alpha, a, b] = logarithms.map(f64::exp);
        let mut sum = Surface::ZERO;
        self.add_rates(&mut sum, r, alpha);
        self.add_silence(&mut sum, r, alpha);
        self.add_stays(&mut sum, a, b);
        self.add_departure(&mut sum, &theta);
        self.mean_in_logarithms(sum, &theta)
    }

    /// The same for the NBD, in which nobody leaves, in (ln r, ln α).
    pub fn surface_without_dropout(&self, logarithms: &[f64; 2]) -> Surface<2> {
        let theta @ [r, alpha] = logarithms.map(f64::exp);
        let mut sum = Surface::ZERO;
        self.add_rates(&mut sum, r, alpha);
        self.add_silence(&mut sum, r, alpha);
        self.mean_in_logarithms(sum, &theta)
    }

    /// Σ ln (r)ₓ + r ln α.
    fn add_rates<const N: usize>(&self, sum: &mut Surface<N>, r: f64, alpha: f64) {
        for (j, &clients) in self.above.iter().enumerate() {
            let rate = r + j as f64;
            sum.value += clients * rate.ln();
            sum.gradient[0] += clients / rate;
            sum.hessian[0][0] -= clients / (rate * rate);
        }
        sum.value += self.clients * r * alpha.ln();
        sum.gradient[0] += self.clients * alpha.ln();
        sum.gradient[1] += self.clients * r / alpha;
        sum.hessian[0][1] += self.clients / alpha;
        sum.hessian[1][1] -= self.clients * r / (alpha * alpha);
    }

    /// Σ A3: no trade since the last, as if everyone were still active.
    fn add_silence<const N: usize>(&self, sum: &mut Surface<N>, r: f64, alpha: f64) {
        for cell in self.cells {
            let (shape, since_first) = (r + f64::from(cell.x), alpha + cell.t);
            let (ln_since, u) = (cell.weight * since_first.ln(), cell.weight / since_first);
            sum.value -= shape * ln_since;
            sum.gradient[0] -= ln_since;
            sum.gradient[1] -= shape * u;
            sum.hessian[0][1] -= u;
            sum.hessian[1][1] += shape * u / since_first;
        }
    }

    /// Σ ln(1 + e^(A4−A3)): they may also have left. With w = P(gone) and d = ∇(A4−A3) the slope is w·d and the
    /// curvature w·∇²(A4−A3) + w(1−w)·d dᵀ.
    fn add_departure(&self, sum: &mut Surface<4>, &[r, alpha, a, b]: &[f64; 4]) {
        let k = self.model.k();
        let leaves_last: Vec<f64> = (0..self.above.len() + k as usize).map(|j| (a / (b + j as f64)).ln()).collect();
        for cell in self.cells {
            // In BG/NBD whoever traded once cannot have left.
            let Some(stays) = (cell.x + k).checked_sub(1) else { continue };
            let shape = r + f64::from(cell.x);
            let (u, v) = (1.0 / (alpha + cell.t), 1.0 / (alpha + cell.t_x));
            let gap = ((alpha + cell.t) * v).ln();
            let log_odds = leaves_last[stays as usize] + shape * gap;
            let (gone, alive) = logistic_pair(log_odds);
            let slope = [gap, shape * (u - v), 1.0 / a, -1.0 / (b + f64::from(stays))];
            let (weight, spread) = (cell.weight * gone, cell.weight * gone * alive);
            sum.value += cell.weight * softplus(log_odds);
            for i in 0..4 {
                sum.gradient[i] += weight * slope[i];
                for j in i..4 {
                    sum.hessian[i][j] += spread * slope[i] * slope[j];
                }
            }
            sum.hessian[0][1] += weight * (u - v);
            sum.hessian[1][1] += weight * shape * (v * v - u * u);
            sum.hessian[2][2] -= weight * slope[2] * slope[2];
            sum.hessian[3][3] += weight * slope[3] * slope[3];
        }
    }

    /// Σ ln (b)ₓ₊ₖ − ln (a+b)ₓ₊ₖ: every chance to leave that was not taken, but perhaps the last.
    fn add_stays(&self, sum: &mut Surface<4>, a: f64, b: f64) {
        let first = (self.model.k() > 0).then_some(&self.clients);
        for (j, &clients) in first.into_iter().chain(&self.above).enumerate() {
            let (stay, either) = (b + j as f64, a + b + j as f64);
            sum.value += clients * (stay / either).ln();
            sum.gradient[2] -= clients / either;
            sum.gradient[3] += clients * (1.0 / stay - 1.0 / either);
            let bend = clients / (either * either);
            sum.hessian[2][2] += bend;
            sum.hessian[2][3] += bend;
            sum.hessian[3][3] += bend - clients / (stay * stay);
        }
    }

    /// From sums in the parameters, upper triangle filled, to means in their logarithms.
    fn mean_in_logarithms<const N: usize>(&self, mut sum: Surface<N>, theta: &[f64; N]) -> Surface<N> {
        for i in 0..N {
            for j in 0..i {
                sum.hessian[i][j] = sum.hessian[j][i];
            }
        }
        sum.scaled(1.0 / self.clients).in_logarithms(theta)
    }
}
