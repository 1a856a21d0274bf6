//! Two models of one book side by side.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use science::ladder::Learning;

/// A logistic regression on the book's own past beside the model that needs no labels, on the active clients of a
/// window that neither had seen. (c1)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ModelComparison)]
pub struct Comparison {
    /// Clients compared.
    #[schema(example = 1907)]
    pub clients: u64,
    /// Area under the ROC curve of the model without labels.
    #[schema(example = 0.738)]
    pub auc_base: f64,
    /// The same of the regression.
    #[schema(example = 0.752)]
    pub auc_learned: f64,
    /// Mean squared error of the model without labels.
    #[schema(example = 0.193)]
    pub brier_base: f64,
    /// The same of the regression.
    #[schema(example = 0.186)]
    pub brier_learned: f64,
}

impl From<Learning> for Comparison {
    fn from(learning: Learning) -> Self {
        let Learning { clients, auc_base, auc_learned, brier_base, brier_learned } = learning;
        Self { clients, auc_base, auc_learned, brier_base, brier_learned }
    }
}
