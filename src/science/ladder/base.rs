//! The models that need no labels, as one.

use serde::{Deserialize, Serialize};

use crate::btyd::{self, Cell, FitPolicy, History, Model, NotIdentified, nbd};
use crate::rhythm::Rhythm;

/// A step of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A logistic regression on the book's own past.
    Logistic,
    /// Clients trade at a rate of their own until they leave.
    MbgNbd,
    /// Clients trade at a rate of their own.
    Nbd,
    /// The same with a prior in closed form, for a book of any size.
    Rhythm,
}

/// A model without labels and its parameters. Units are those of [`btyd`]: weeks and active days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Base {
    /// With dropout.
    MbgNbd(btyd::Parameters),
    /// Without.
    Nbd(nbd::Parameters),
    /// Own gaps.
    Rhythm(Rhythm),
}

impl Base {
    /// The highest step that a book supports, and why it does not support the one with dropout. No base at all for a
    /// book that saw no time.
    pub fn of_book(cells: &[Cell], policy: &FitPolicy) -> (Option<Self>, Result<btyd::Fitted, NotIdentified>) {
        let lifetime = btyd::fit(cells, Model::MbgNbd, policy, None);
        let without_dropout = || nbd::fit(cells, policy, None).ok().map(|fitted| Self::Nbd(fitted.parameters));
        let base = match lifetime {
            Ok(fitted) => Some(Self::MbgNbd(fitted.parameters)),
            Err(_) => without_dropout().or_else(|| Rhythm::of_book(cells).map(Self::Rhythm)),
        };
        (base, lifetime)
    }

    /// Which step it is.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self {
            Self::MbgNbd(_) => Step::MbgNbd,
            Self::Nbd(_) => Step::Nbd,
            Self::Rhythm(_) => Step::Rhythm,
        }
    }

    /// Probability of no active day in the next `weeks` (≥ 0). Falls with `weeks`.
    #[must_use]
    pub fn p_silent(&self, history: &History, weeks: f64) -> f64 {
        match self {
            Self::MbgNbd(parameters) => parameters.p_silent(history, weeks),
            Self::Nbd(parameters) => parameters.p_silent(history, weeks),
            Self::Rhythm(rhythm) => rhythm.p_silent(history, weeks),
        }
    }

    /// Probability that the client has not left; `None` where the model knows of no leaving.
    #[must_use]
    pub fn p_alive(&self, history: &History) -> Option<f64> {
        match self {
            Self::MbgNbd(parameters) => Some(parameters.p_alive(history)),
            Self::Nbd(_) | Self::Rhythm(_) => None,
        }
    }

    /// Active days expected in the next `weeks` (≥ 0) of a client who has not left.
    #[must_use]
    pub fn expected_active_days_if_alive(&self, history: &History, weeks: f64) -> f64 {
        match self {
            Self::MbgNbd(parameters) => parameters.expected_active_days_if_alive(history, weeks),
            Self::Nbd(parameters) => parameters.expected_active_days(history, weeks),
            Self::Rhythm(rhythm) => nbd::Parameters::from(*rhythm).expected_active_days(history, weeks),
        }
    }

    /// Active days expected in the next `weeks` (≥ 0).
    #[must_use]
    pub fn expected_active_days(&self, history: &History, weeks: f64) -> f64 {
        self.p_alive(history).unwrap_or(1.0) * self.expected_active_days_if_alive(history, weeks)
    }
}

impl From<Rhythm> for nbd::Parameters {
    /// The same Gamma(r, α).
    fn from(rhythm: Rhythm) -> Self {
        Self { r: rhythm.shape, alpha: rhythm.scale }
    }
}
