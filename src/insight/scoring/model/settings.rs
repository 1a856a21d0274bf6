//! How models are fitted and judged: settings of the policy of alerts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use science::FitPolicy;

/// How churn models are fitted and judged. (c1)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChurnModelSettings)]
pub struct ModelSettings {
    /// Days within which a client who traded counts as active: models are compared, and forecasts judged, on the
    /// active.
    #[schema(minimum = 1, maximum = 3650)]
    pub active_days: u32,
    /// Clients with an active day from which a model with shared parameters is fitted; a smaller book is forecast by
    /// each client's own rhythm.
    #[schema(minimum = 1)]
    pub least_clients: u32,
    /// The same of clients with a repeat active day.
    #[schema(minimum = 1)]
    pub least_repeaters: u32,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self { active_days: 90, least_clients: 500, least_repeaters: 100 }
    }
}

impl From<ModelSettings> for FitPolicy {
    fn from(settings: ModelSettings) -> Self {
        let (least_clients, least_repeaters) = (settings.least_clients.into(), settings.least_repeaters.into());
        Self { least_clients, least_repeaters, ..Self::default() }
    }
}
