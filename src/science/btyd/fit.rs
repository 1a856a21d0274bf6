//! Maximum likelihood, or a reason why a book does not tell.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::likelihood::Sample;
use super::{Cell, Model, Parameters};
use crate::newton::maximise;

/// What a book must show before its parameters are believed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FitPolicy {
    /// Fewest clients.
    pub least_clients: u64,
    /// Fewest clients with a repeat active day.
    pub least_repeaters: u64,
    /// Least mean chance a/(a+b) to leave after a trade.
    pub least_dropout: f64,
    /// Least gain in log-likelihood over the NBD, in which nobody leaves.
    pub least_gain: f64,
}

impl Default for FitPolicy {
    fn default() -> Self {
        Self { least_clients: 500, least_repeaters: 100, least_dropout: 0.005, least_gain: 2.0 }
    }
}

/// Parameters of a book, with what supports them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// The maximum-likelihood estimate.
    pub parameters: Parameters,
    /// Log-likelihood of the whole book.
    pub log_likelihood: f64,
    /// Clients in the book.
    pub clients: u64,
    /// Clients with a repeat active day.
    pub repeaters: u64,
    /// Newton steps of the climb that won.
    pub iterations: u32,
    /// Log-likelihood less that of the NBD, in which nobody leaves.
    pub gain_over_no_dropout: f64,
}

/// Why a book does not determine the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotIdentified {
    /// A cell breaks the rules of [`History`](super::History) or [`Cell`].
    InvalidHistory,
    /// Fewer clients than [`FitPolicy::least_clients`].
    TooFewClients,
    /// Fewer repeaters than [`FitPolicy::least_repeaters`].
    TooFewRepeaters,
    /// No start led to a maximum.
    NotConverged,
    /// Leaving is too rare ([`FitPolicy::least_dropout`]) or explains too little ([`FitPolicy::least_gain`]).
    DropoutNotIdentified,
    /// A parameter ran to the end of its range, [1e-4, 1e4]: the book looks like a limit of the model.
    ParameterAtBound,
}

impl NotIdentified {
    /// The code, as it is stored and shown.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidHistory => "invalid_history",
            Self::TooFewClients => "too_few_clients",
            Self::TooFewRepeaters => "too_few_repeaters",
            Self::NotConverged => "not_converged",
            Self::DropoutNotIdentified => "dropout_not_identified",
            Self::ParameterAtBound => "parameter_at_bound",
        }
    }
}

impl fmt::Display for NotIdentified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for NotIdentified {}

/// Range of every ln-parameter: [1e-4, 1e4].
pub(super) const BOUNDS: (f64, f64) = (-9.210_340_371_976_184, 9.210_340_371_976_184);

/// (r, a, b) to climb from; α follows from the book's rate. Many leave late, half leave at once, few leave.
const STARTS: [[f64; 3]; 3] = [[0.5, 1.0, 2.5], [1.0, 1.0, 1.0], [2.0, 0.5, 10.0]];

/// Fits `model` to a book by maximum likelihood.
///
/// Cells come in any order and may repeat; one per distinct (x, t_x, T) is fastest. With `warm_start`, the parameters
/// of an earlier fit, that climb stands alone if it converges; otherwise the best of three starts wins.
///
/// # Errors
/// [`NotIdentified`], in the order of its variants.
pub fn fit(
    cells: &[Cell],
    model: Model,
    policy: &FitPolicy,
    warm_start: Option<&Parameters>,
) -> Result<Fitted, NotIdentified> {
    let sample = Sample::of_book(cells, model, policy)?;
    let rate = sample.rate();
    let climb = |theta: [f64; 4]| maximise(|y| sample.surface(y), theta.map(f64::ln), BOUNDS);
    let best = warm_start
        .and_then(|p| climb([p.r, p.alpha, p.a, p.b]))
        .or_else(|| {
            let tops = STARTS.iter().filter_map(|&[r, a, b]| climb([r, r / rate, a, b]));
            tops.max_by(|one, other| one.value.total_cmp(&other.value))
        })
        .ok_or(NotIdentified::NotConverged)?;
    let without_dropout = maximise(|y| sample.surface_without_dropout(y), [0.5, 0.5 / rate].map(f64::ln), BOUNDS)
        .ok_or(NotIdentified::NotConverged)?;

    let [r, alpha, a, b] = best.point.map(f64::exp);
    let gain_over_no_dropout = sample.clients * (best.value - without_dropout.value);
    if a / (a + b) < policy.least_dropout || gain_over_no_dropout < policy.least_gain {
        return Err(NotIdentified::DropoutNotIdentified);
    }
    if best.point.iter().any(|&y| y <= BOUNDS.0 || y >= BOUNDS.1) {
        return Err(NotIdentified::ParameterAtBound);
    }
    Ok(Fitted {
        parameters: Parameters { model, r, alpha, a, b },
        log_likelihood: sample.clients * best.value,
        clients: whole(sample.clients),
        repeaters: whole(sample.repeaters()),
        iterations: best.iterations,
        gain_over_no_dropout,
    })
}

impl<'a> Sample<'a> {
    /// A book that is large enough to be fitted.
    pub(super) fn of_book(cells: &'a [Cell], model: Model, policy: &FitPolicy) -> Result<Self, NotIdentified> {
        let sample = Self::new(cells, model).ok_or(NotIdentified::InvalidHistory)?;
        let (clients, repeaters) = (whole(sample.clients), whole(sample.repeaters()));
        if clients == 0 || clients < policy.least_clients {
            return Err(NotIdentified::TooFewClients);
        }
        if repeaters == 0 || repeaters < policy.least_repeaters {
            return Err(NotIdentified::TooFewRepeaters);
        }
        Ok(sample)
    }
}

/// A sum of weights as a count.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded sum of weights is a count")]
pub(super) fn whole(weight: f64) -> u64 {
    weight.round() as u64
}
