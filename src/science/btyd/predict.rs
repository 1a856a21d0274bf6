//! What a fitted model says about one client's future.

use super::{History, Parameters};
use crate::special::logistic_pair;

/// Enough for a horizon ten thousand times as long as α + T; a longer one is answered from its first terms.
const MOST_TERMS: u32 = 1_000_000;
/// Sums are brought back into range here; the largest histories would otherwise overflow.
const RESCALE_ABOVE: f64 = 1e200;

impl Parameters {
    /// Probability that the client is still active: the weight of A3 in the likelihood (Fader et al. 2008, "Computing
    /// P(alive) using the BG/NBD model"; Wagner & Hoppe 2008). 1 for every one-trade client of a BG/NBD.
    ///
    /// It does not say who will leave; [`Parameters::p_silent`] does.
    #[must_use]
    pub fn p_alive(&self, history: &History) -> f64 {
        logistic_pair(self.departure_log_odds(history)).1
    }

    /// Probability of no active day in the next `horizon` weeks (≥ 0): the ratio of likelihoods
    /// L(x, t_x, T+H) / L(x, t_x, T), in which all but time cancels: P(gone) + P(alive)·((α+T)/(α+T+H))^(r+x).
    ///
    /// Falls with `horizon`, from 1 to P(gone), and with recency `t_x`.
    #[must_use]
    pub fn p_silent(&self, history: &History, horizon: f64) -> f64 {
        let (gone, alive) = logistic_pair(self.departure_log_odds(history));
        let shape = self.r + f64::from(history.x);
        let quiet = (-shape * (horizon / (self.alpha + history.t)).ln_1p()).exp();
        (gone + alive * quiet).min(1.0)
    }

    /// Expected active days in the next `weeks` (≥ 0).
    #[must_use]
    pub fn expected_active_days(&self, history: &History, weeks: f64) -> f64 {
        self.p_alive(history) * self.expected_active_days_if_alive(history, weeks)
    }

    /// Expected active days in the next `weeks` (≥ 0) of a client who is still active.
    ///
    /// Were the client unable to leave, the number n of their active days would be negative binomial; of these, the
    /// j-th happens if none before it was the last, with probability (b′)ⱼ₋₁/(a+b′)ⱼ₋₁, b′ = b+x+k. Summed over n this
    /// is Fader, Hardie & Lee (2005) eq. 10 and its MBG twin, in Euler's form
    /// (a+b′−1)/(a−1)·[1 − (1−z)^(a−1)·₂F₁(a+b′−1−r−x, a−1; a+b′−1; z)], z = t/(α+T+t),
    /// but with positive terms only: a = 1 is no exception, and nothing overflows or cancels, as the ₂F₁ does where
    /// r > a+b. Takes some tens of terms more than there are days to expect.
    #[must_use]
    pub fn expected_active_days_if_alive(&self, history: &History, weeks: f64) -> f64 {
        let shape = self.r + f64::from(history.x);
        let z = weeks / (self.alpha + history.t + weeks);
        let stays = self.b + f64::from(history.x + self.model.k());

        // Weights of n up to one common factor, which the division at the end removes.
        let (mut weight, mut weights, mut weighted_days) = (1.0, 1.0, 0.0);
        let (mut days, mut still_here) = (0.0, 1.0);
        for n in (0..MOST_TERMS).map(f64::from) {
            let growth = (shape + n) * z / (n + 1.0);
            weight *= growth;
            days += still_here;
            still_here *= (stays + n) / (self.a + stays + n);
            weights += weight;
            weighted_days += weight * days;
            // The terms left fall at least as fast as a geometric series with this ratio.
            let ratio = growth.max(z) * (1.0 + still_here / days);
            if weight * days * ratio <= f64::EPSILON / 4.0 * weighted_days * (1.0 - ratio) {
                break;
            }
            if weights > RESCALE_ABOVE {
                weight /= RESCALE_ABOVE;
                weights /= RESCALE_ABOVE;
                weighted_days /= RESCALE_ABOVE;
            }
        }
        weighted_days / weights
    }
}
