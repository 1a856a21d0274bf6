//! Alerts as people look for them.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AlertStatus, ChurnAlert, Severity};
use platform::kernel::ids::{ChurnAlertId, ClientId, StaffId};

/// An alert with the client's number and name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClientAlert {
    /// The alert.
    #[sqlx(flatten)]
    pub alert: ChurnAlert,
    /// The client's number.
    pub client_no: String,
    /// The client's name.
    pub client_name: String,
}

/// Which alerts; an empty list is any.
#[derive(Clone, Debug, Default)]
pub struct AlertFilter {
    /// Of these states.
    pub status: Vec<AlertStatus>,
    /// Of these severities.
    pub severity: Vec<Severity>,
    /// Of this advisor.
    pub advisor_id: Option<StaffId>,
    /// Of this client.
    pub client_id: Option<ClientId>,
}

/// The order of a list of alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ChurnAlertOrder)]
pub enum AlertOrder {
    /// Opened last first.
    #[default]
    #[serde(rename = "-opened_at")]
    Newest,
    /// Most value at risk first.
    #[serde(rename = "-value_at_risk")]
    Value,
    /// Most urgent first, then opened last first.
    #[serde(rename = "-severity")]
    Urgency,
}

/// Where a page of alerts ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AlertKey {
    /// The last item's.
    pub churn_alert_id: ChurnAlertId,
    /// The last item's.
    pub value_at_risk: Decimal,
    /// The last item's.
    pub severity: Severity,
}
