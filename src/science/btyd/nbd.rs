//! The same clients if nobody ever leaves: the negative binomial distribution (Ehrenberg 1959, "The Pattern of Consumer
//! Purchases", Applied Statistics 8), for books in which leaving is not identified.
//!
//! A client trades as a Poisson process whose rate λ is Gamma(r, α) across clients, so what is known of theirs after x
//! repeat active days in T weeks is Gamma(r+x, α+T) (Fader & Hardie 2005, note on the NBD). When they traded is no
//! information: recency does not enter. The answers have the names, arguments and units of the models with dropout.

use serde::{Deserialize, Serialize};

use super::fit::{BOUNDS, FitPolicy, NotIdentified, whole};
use super::likelihood::Sample;
use super::{Cell, History, Model};
use crate::newton::maximise;
use crate::special::ln_rising;

/// A fitted NBD, both parameters positive and finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Shape of the trading rates.
    pub r: f64,
    /// Scale of the trading rates, weeks: the mean rate is r/α per week.
    pub alpha: f64,
}

/// Parameters of a book, with what supports them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// The maximum-likelihood estimate.
    pub parameters: Parameters,
    /// Log-likelihood of the whole book, comparable with that of the models with dropout.
    pub log_likelihood: f64,
    /// Clients in the book.
    pub clients: u64,
    /// Clients with a repeat active day.
    pub repeaters: u64,
    /// Newton steps of the climb.
    pub iterations: u32,
}

/// Fits the NBD to a book by maximum likelihood, from the parameters of an earlier fit if there are some.
///
/// # Errors
/// [`NotIdentified`], but for `DropoutNotIdentified`: of the policy only the clients and repeaters count.
pub fn fit(cells: &[Cell], policy: &FitPolicy, warm_start: Option<&Parameters>) -> Result<Fitted, NotIdentified> {
    let sample = Sample::of_book(cells, Model::MbgNbd, policy)?;
    let climb = |theta: [f64; 2]| maximise(|y| sample.surface_without_dropout(y), theta.map(f64::ln), BOUNDS);
    let best = warm_start
        .and_then(|p| climb([p.r, p.alpha]))
        .or_else(|| climb([0.5, 0.5 / sample.rate()]))
        .ok_or(NotIdentified::NotConverged)?;
    if best.point.iter().any(|&y| y <= BOUNDS.0 || y >= BOUNDS.1) {
        return Err(NotIdentified::ParameterAtBound);
    }
    let [r, alpha] = best.point.map(f64::exp);
    Ok(Fitted {
        parameters: Parameters { r, alpha },
        log_likelihood: sample.clients * best.value,
        clients: whole(sample.clients),
        repeaters: whole(sample.repeaters()),
        iterations: best.iterations,
    })
}

impl Parameters {
    /// Log-likelihood of one client's history: ln (r)ₓ + r ln α − (r+x) ln(α+T).
    #[must_use]
    pub fn log_likelihood(&self, history: &History) -> f64 {
        let shape = self.r + f64::from(history.x);
        ln_rising(self.r, history.x) + self.r * self.alpha.ln() - shape * (self.alpha + history.t).ln()
    }

    /// Probability of no active day in the next `horizon` weeks (≥ 0): ((α+T)/(α+T+H))^(r+x), which is
    /// L(x, T+H) / L(x, T) as in the models with dropout. Falls with `horizon` and with x, rises with T.
    #[must_use]
    pub fn p_silent(&self, history: &History, horizon: f64) -> f64 {
        let shape = self.r + f64::from(history.x);
        (-shape * (horizon / (self.alpha + history.t)).ln_1p()).exp()
    }

    /// Expected active days in the next `weeks` (≥ 0): (r+x)/(α+T) a week.
    #[must_use]
    pub fn expected_active_days(&self, history: &History, weeks: f64) -> f64 {
        (self.r + f64::from(history.x)) * weeks / (self.alpha + history.t)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn book(clients: &[(u32, f64, f64)]) -> Vec<Cell> {
        clients.iter().map(|&(x, t, weight)| Cell { x, t_x: if x == 0 { 0.0 } else { t / 2.0 }, t, weight }).collect()
    }

    /// Counts of one NBD with r = 2, α = 10, T = 20: x is a negative binomial whose shares the book has exactly.
    #[test]
    fn finds_the_parameters_of_a_book_that_is_an_nbd() {
        let (r, alpha, t) = (2.0_f64, 10.0_f64, 20.0_f64);
        let mut share = (alpha / (alpha + t)).powf(r);
        let mut clients = Vec::new();
        for x in 0_u32..400 {
            clients.push((x, t, 1e4 * share));
            share *= (r + f64::from(x)) / f64::from(x + 1) * t / (alpha + t);
        }
        let fitted = fit(&book(&clients), &FitPolicy::default(), None).expect("identified");
        assert!((fitted.parameters.r - r).abs() < 1e-6 && (fitted.parameters.alpha - alpha).abs() < 1e-5, "{fitted:?}");
        let again = fit(&book(&clients), &FitPolicy::default(), Some(&fitted.parameters)).expect("identified");
        assert!(again.iterations <= 1, "a warm start stays");
    }

    #[test]
    fn refuses_with_a_reason() {
        let fit = |cells: &[Cell]| fit(cells, &FitPolicy::default(), None).map(|_| ());
        assert_eq!(fit(&[]), Err(NotIdentified::TooFewClients));
        assert_eq!(fit(&book(&[(0, 9.0, 600.0)])), Err(NotIdentified::TooFewRepeaters));
        assert_eq!(fit(&book(&[(1, f64::NAN, 600.0)])), Err(NotIdentified::InvalidHistory));
        assert_eq!(
            fit(&book(&[(5, 9.0, 600.0)])),
            Err(NotIdentified::ParameterAtBound),
            "all alike: no spread of rates"
        );
    }

    fn any_client() -> impl Strategy<Value = (Parameters, History)> {
        (-2.0_f64..3.0, -2.0_f64..4.0, 0_u32..300, 0.1..500.0).prop_map(|(r, alpha, x, t)| {
            (Parameters { r: r.exp(), alpha: alpha.exp() }, History { x, t_x: if x == 0 { 0.0 } else { t / 3.0 }, t })
        })
    }

    proptest! {
        #[test]
        fn it_is_the_model_with_dropout_where_nobody_drops_out((p, h) in any_client(), horizon in 0.0..100.0) {
            let never = super::super::Parameters { model: Model::MbgNbd, r: p.r, alpha: p.alpha, a: 1e-300, b: 1e3 };
            let (got, want) = (p.p_silent(&h, horizon), never.p_silent(&h, horizon));
            // Its chance to be gone is not quite 0, and all that is left where the rest is smaller still.
            let gone = never.p_silent(&h, f64::INFINITY);
            let rounding = 1e-13 * (1.0 + want.ln().abs()) * want;
            prop_assert!((got - want).abs() <= gone + rounding, "{} {}", got, want);
            let (got, want) = (p.log_likelihood(&h), never.log_likelihood(&h));
            prop_assert!((got - want).abs() <= 1e-10 * (1.0 + want.abs()), "{} {}", got, want);
            // The series of the other model ends where the horizon is thousands of times the history.
            let horizon = horizon.min(10.0 * (p.alpha + h.t));
            let (got, want) = (p.expected_active_days(&h, horizon), never.expected_active_days(&h, horizon));
            prop_assert!((got - want).abs() <= 1e-9 * want, "{} {}", got, want);
        }

        #[test]
        fn silence_is_a_ratio_of_likelihoods_and_falls_with_horizon_and_count(
            (p, h) in any_client(), horizon in 0.0..100.0, more in 0.0..50.0,
        ) {
            let silent = p.p_silent(&h, horizon);
            let later = History { t: h.t + horizon, ..h };
            let ratio = (p.log_likelihood(&later) - p.log_likelihood(&h)).exp();
            let rounding = 4.0 * f64::EPSILON * (p.r + f64::from(h.x)) * (p.alpha + later.t).ln().abs().max(1.0);
            prop_assert!((silent - ratio).abs() <= 1e-12_f64.max(rounding) * ratio.max(silent), "{} {}", silent, ratio);
            prop_assert!((0.0..=1.0).contains(&silent));
            prop_assert!(p.p_silent(&h, horizon + more) <= silent);
            let busier = History { x: h.x + 1, ..h };
            prop_assert!(p.p_silent(&busier, horizon) <= silent);
        }
    }
}
