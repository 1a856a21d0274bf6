//! Models as they are kept and used.

use chrono::{DateTime, NaiveDate, Utc};

use super::ActiveClient;
use platform::kernel::ids::ChurnModelId;
use platform::labels;
use science::Parameters;

labels! {
    ChurnModelKind = "churn_model_kind" "The family of a churn model" "流失模型类型" {
        MbgNbd = "mbg_nbd" "Modified beta-geometric / negative binomial (MBG/NBD)" "修正 β-几何/负二项模型（MBG/NBD）",
    }
}

/// A fitted model, or the attempt at one.
#[derive(Clone, Debug)]
pub struct ChurnModel {
    /// Id.
    pub churn_model_id: ChurnModelId,
    /// From 1, in the order of fitting.
    pub version: i32,
    /// The last trading day it saw.
    pub cutoff: NaiveDate,
    /// Why the book did not determine it; none for a usable model.
    pub code: Option<String>,
    /// Fitted; none for an attempt.
    pub parameters: Option<Parameters>,
    /// Clients with an active day.
    pub clients: u64,
    /// Of these, with a repeat active day.
    pub repeaters: u64,
    /// Log-likelihood of the whole book.
    pub log_likelihood: Option<f64>,
    /// When it was fitted.
    pub created_at: DateTime<Utc>,
}

impl ChurnModel {
    /// The model as a figure rests on it; none of an attempt that gave no model.
    pub fn in_use(&self) -> Option<ModelInUse> {
        Some(ModelInUse {
            churn_model_id: self.churn_model_id,
            version: self.version,
            cutoff: self.cutoff,
            parameters: self.parameters?,
        })
    }
}

/// The usable model a figure rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelInUse {
    /// Id.
    pub churn_model_id: ChurnModelId,
    /// Version.
    pub version: i32,
    /// The last trading day it saw.
    pub cutoff: NaiveDate,
    /// Its fitted parameters.
    pub parameters: Parameters,
}

impl ModelInUse {
    /// Probability that a client does not trade in the `horizon_days` after `as_of`.
    pub fn p_silent(&self, client: &ActiveClient, as_of: NaiveDate, horizon_days: u32) -> f64 {
        self.parameters.p_silent(&client.history(as_of), f64::from(horizon_days) / 7.0)
    }
}
