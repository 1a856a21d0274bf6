//! What is trained, stored and served: raw values in, a probability and its reasons out.

use serde::{Deserialize, Serialize};

use super::{Coefficients, Form, NotFitted, Scaling, Table, fit};

/// A logistic regression with the scaling of the rows it was trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classifier {
    /// From raw values to positions.
    pub scaling: Scaling,
    /// From positions to the logit.
    pub coefficients: Coefficients,
}

/// A logit taken apart: `base` + Σ `each` is the logit.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// Logit at the reference.
    pub base: f64,
    /// βⱼ·(zⱼ − z_refⱼ), one for each column; positive where the column speaks for the event.
    pub each: Vec<f64>,
}

impl Contributions {
    /// The logit they sum to.
    #[must_use]
    pub fn logit(&self) -> f64 {
        self.base + self.each.iter().sum::<f64>()
    }
}

impl Classifier {
    /// Trains on raw rows: scaling first, then coefficients with the regularisation `c` of [`fit()`].
    ///
    /// # Errors
    /// Those of [`fit()`].
    pub fn train(raw: &Table, happened: &[bool], form: Form, c: f64) -> Result<Self, NotFitted> {
        let scaling = Scaling::of(raw, form).ok_or(NotFitted::OneOutcome)?;
        let positions = scaling.positions(raw).ok_or(NotFitted::InvalidInput)?;
        Ok(Self { coefficients: fit(&positions, happened, c)?, scaling })
    }

    /// Probability of the event for a raw row; `None` if it does not have the trained columns.
    #[must_use]
    pub fn probability(&self, raw: &[f64]) -> Option<f64> {
        Some(self.coefficients.probability(&self.scaling.position_of(raw)?))
    }

    /// Probabilities for every raw row; `None` if they do not have the trained columns.
    #[must_use]
    pub fn probabilities(&self, raw: &Table) -> Option<Vec<f64>> {
        let positions = self.scaling.positions(raw)?;
        Some(positions.rows().map(|z| self.coefficients.probability(z)).collect())
    }

    /// The logit of a raw row against a reference *in positions*: the mean position of a population
    /// (`scaling.positions(rows)` then [`Table::means`]) says why it is high, the client's own earlier position
    /// ([`Scaling::position_of`]) what changed. `None` if either does not have the trained columns.
    ///
    /// For a linear model with independent inputs these are its Shapley values (Lundberg & Lee 2017, "A Unified
    /// Approach to Interpreting Model Predictions", corollary 1). They are contributions to a figure, not causes.
    #[must_use]
    pub fn contributions(&self, raw: &[f64], reference: &[f64]) -> Option<Contributions> {
        let z = self.scaling.position_of(raw)?;
        if reference.len() != z.len() {
            return None;
        }
        let term = |((weight, z), reference): ((&f64, &f64), &f64)| weight * (z - reference);
        let each = self.coefficients.weights.iter().zip(&z).zip(reference).map(term).collect();
        Some(Contributions { base: self.coefficients.logit(reference), each })
    }
}
