//! Models as they are kept and used.

use chrono::{DateTime, NaiveDate, Utc};

use super::{ChurnModelKind, Comparison, Features};
use platform::kernel::ids::ChurnModelId;
use science::Parameters;
use science::ladder::{Base, Forecaster};

/// A fitted model, or the attempt at one.
#[derive(Clone, Debug)]
pub struct ChurnModel {
    /// Id.
    pub churn_model_id: ChurnModelId,
    /// From 1, in the order of fitting.
    pub version: i32,
    /// The last trading day it saw.
    pub cutoff: NaiveDate,
    /// Why the book does not show clients leaving; none where MBG/NBD was fitted.
    pub code: Option<String>,
    /// The step that serves; none for an attempt.
    pub forecaster: Option<Forecaster>,
    /// Clients with an active day.
    pub clients: u64,
    /// Of these, with a repeat active day.
    pub repeaters: u64,
    /// Log-likelihood of the whole book under MBG/NBD.
    pub log_likelihood: Option<f64>,
    /// What the book's own past could teach, beside what needs no labels.
    pub comparison: Option<Comparison>,
    /// Why nothing learned from the book's own past serves.
    pub not_learned: Option<String>,
    /// When it was fitted.
    pub created_at: DateTime<Utc>,
}

impl ChurnModel {
    /// The step that serves.
    pub fn kind(&self) -> Option<ChurnModelKind> {
        self.forecaster.as_ref().map(|forecaster| forecaster.step().into())
    }

    /// The parameters of MBG/NBD, where the book shows clients leaving.
    pub fn lifetime(&self) -> Option<Parameters> {
        match self.forecaster.as_ref()?.base {
            Base::MbgNbd(parameters) => Some(parameters),
            Base::Nbd(_) | Base::Rhythm(_) => None,
        }
    }

    /// The model as a figure rests on it; none of an attempt that gave no model.
    pub fn in_use(self) -> Option<ModelInUse> {
        Some(ModelInUse {
            churn_model_id: self.churn_model_id,
            version: self.version,
            cutoff: self.cutoff,
            forecaster: self.forecaster?,
            refused: None,
            later_attempt: None,
        })
    }
}

/// A fit that the book has not supported for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The first day, without a break, on which it was refused.
    pub since: NaiveDate,
    /// Why, the last time.
    pub code: String,
}

/// The usable model a figure rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelInUse {
    /// Id.
    pub churn_model_id: ChurnModelId,
    /// Version.
    pub version: i32,
    /// The last trading day it saw.
    pub cutoff: NaiveDate,
    /// The step of the ladder, fitted.
    pub forecaster: Forecaster,
    /// That MBG/NBD was refused.
    pub refused: Option<Refused>,
    /// A later day whose fit gave no model at all: this one is older than it should be.
    pub later_attempt: Option<NaiveDate>,
}

impl ModelInUse {
    /// Probability of no trade in the `horizon_days` after the features' day.
    pub fn p_silent(&self, features: &Features, horizon_days: u32) -> f64 {
        self.forecaster.p_silent(features, f64::from(horizon_days) / 7.0)
    }
}
