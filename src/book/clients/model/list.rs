//! Which clients, in which order.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::codes::{ClientKind, ClientStatus, Tier};
use platform::kernel::ids::{BranchId, ClientId, StaffId};

/// Which clients to list. Empty lists do not filter.
#[derive(Clone, Debug, Default)]
pub struct ClientFilter {
    /// With this number.
    pub client_no: Option<String>,
    /// Of this branch.
    pub branch_id: Option<BranchId>,
    /// Of this advisor.
    pub advisor_id: Option<StaffId>,
    /// In one of these tiers.
    pub tiers: Vec<Tier>,
    /// In one of these states.
    pub statuses: Vec<ClientStatus>,
    /// Of this kind.
    pub kind: Option<ClientKind>,
    /// Opened on or after.
    pub opened_from: Option<NaiveDate>,
    /// Opened on or before.
    pub opened_to: Option<NaiveDate>,
    /// Part of the name or number.
    pub q: Option<String>,
    /// Whose they were just before this instant; today's branch and advisor when absent.
    pub before: Option<DateTime<Utc>>,
    /// Opened by the end of that instant's day.
    pub known_by: Option<NaiveDate>,
}

/// The order of a list of clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum ClientOrder {
    /// Entered last first.
    #[default]
    #[serde(rename = "-created_at")]
    Newest,
    /// Opened first first.
    #[serde(rename = "opened_on")]
    OpenedFirst,
    /// Opened last first.
    #[serde(rename = "-opened_on")]
    OpenedLast,
}

/// Where a page of clients ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ClientKey {
    /// The last item's.
    pub opened_on: NaiveDate,
    /// The last item's.
    pub client_id: ClientId,
}
