//! A logistic regression on the book's own past.

use serde::{Deserialize, Serialize};

use super::{Base, Observed, history, logit};
use crate::features::{COMPACT, COUNT, FEATURES, Feature, compact};
use crate::logistic::{Classifier, Contributions, Form, NotFitted, Table};

/// What a regression reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inputs {
    /// The four of [`COMPACT`].
    Compact,
    /// All of [`FEATURES`].
    Full,
}

impl Inputs {
    /// Their names and families, in order.
    #[must_use]
    pub const fn features(self) -> &'static [Feature] {
        match self {
            Self::Compact => &COMPACT,
            Self::Full => &FEATURES,
        }
    }

    /// The inverse of the penalty: the fewer the clients, the stronger it has to be for so many inputs.
    const fn c(self) -> f64 {
        match self {
            Self::Compact => 0.1,
            Self::Full => 0.03,
        }
    }
}

/// A regression with what it takes to serve it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// What it reads.
    pub inputs: Inputs,
    /// Weeks of its labels.
    pub weeks: f64,
    /// Scaling and coefficients.
    pub classifier: Classifier,
    /// Mean position of the active clients it was trained on, which reasons compare with.
    pub reference: Vec<f64>,
}

impl Learned {
    /// Trains on a book at a cutoff, `base` being that of the book at the same cutoff.
    ///
    /// # Errors
    /// Those of the regression.
    pub fn train(
        inputs: Inputs,
        book: &[Observed],
        base: &Base,
        weeks: f64,
        active_days: f64,
    ) -> Result<Self, NotFitted> {
        let values = book.iter().flat_map(|one| read(inputs, base, &one.features, weeks)).collect();
        let table = Table::new(inputs.features().len(), values).ok_or(NotFitted::InvalidInput)?;
        let silent: Vec<bool> = book.iter().map(|one| one.silent).collect();
        let classifier = Classifier::train(&table, &silent, Form::SignedLog, inputs.c())?;
        let active = book.iter().zip(table.rows()).filter(|(one, _)| one.features[0] <= active_days);
        let active: Vec<f64> = active.flat_map(|(_, row)| row.iter().copied()).collect();
        let active = Table::new(table.columns(), active).filter(|active| !active.is_empty()).unwrap_or(table);
        let reference = classifier.scaling.positions(&active).ok_or(NotFitted::InvalidInput)?.means();
        Ok(Self { inputs, weeks, classifier, reference })
    }

    /// Log-odds of silence over `weeks`: those over the weeks of the labels, moved as far as the base moves from one
    /// horizon to the other.
    pub(super) fn logit(&self, base: &Base, features: &[f64; COUNT], weeks: f64) -> f64 {
        let at_labels = self.contributions(base, features).map_or(f64::NAN, |parts| parts.logit());
        at_labels + self.moved(base, features, weeks)
    }

    /// What the horizon adds to the log-odds; 0 at that of the labels. Falls with `weeks`, so that the whole does.
    pub(super) fn moved(&self, base: &Base, features: &[f64; COUNT], weeks: f64) -> f64 {
        if weeks == self.weeks {
            return 0.0;
        }
        let history = history(features);
        logit(base.p_silent(&history, weeks)) - logit(base.p_silent(&history, self.weeks))
    }

    /// The log-odds over the weeks of the labels, input by input against the reference.
    pub(super) fn contributions(&self, base: &Base, features: &[f64; COUNT]) -> Option<Contributions> {
        self.classifier.contributions(&read(self.inputs, base, features, self.weeks), &self.reference)
    }
}

fn read(inputs: Inputs, base: &Base, features: &[f64; COUNT], weeks: f64) -> Vec<f64> {
    match inputs {
        Inputs::Compact => compact(features, base.p_silent(&history(features), weeks)).to_vec(),
        Inputs::Full => features.to_vec(),
    }
}
