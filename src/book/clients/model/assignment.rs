//! Whose a client was, is, and is to be.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::Tier;
use platform::kernel::ids::{BranchId, ClientAssignmentId, ClientId, StaffId};

/// A period of a client at a branch, with an advisor or none. (c1)
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientAssignment {
    /// Id.
    pub client_assignment_id: ClientAssignmentId,
    /// Branch.
    pub branch_id: BranchId,
    /// Advisor.
    pub advisor_id: Option<StaffId>,
    /// From this instant; null for what the record had first.
    pub valid_from: Option<DateTime<Utc>>,
    /// Until just before this instant; null for what holds now.
    pub valid_to: Option<DateTime<Utc>>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    #[schema(example = "staff:01890000-0000-7000-8000-000000000001")]
    pub recorded_by: String,
    /// Whether it is yet to come; cancelled by the day it begins on.
    pub is_scheduled: bool,
}

/// Where a page of assignments ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AssignmentPlace {
    /// The last one's beginning.
    pub valid_from: DateTime<Utc>,
}

/// Whose a client is from now on.
#[derive(Clone, Copy, Debug)]
pub struct NewAssignment {
    /// The client.
    pub client_id: ClientId,
    /// Branch.
    pub branch_id: BranchId,
    /// Advisor.
    pub advisor_id: Option<StaffId>,
}

/// Whose advisor is to change. Closed clients are never among them. (c1)
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"advisor_id": "01890000-0000-7000-8000-0000000000a1"}))]
pub struct ReassignmentFilter {
    /// Clients of this branch.
    #[serde(default)]
    #[schema(value_type = BranchId)]
    pub branch_id: Option<BranchId>,
    /// Clients of this advisor.
    #[serde(default)]
    #[schema(value_type = StaffId)]
    pub advisor_id: Option<StaffId>,
    /// Clients in one of these tiers. (c2)
    #[serde(default)]
    #[schema(max_items = 3)]
    pub tier: Vec<Tier>,
    /// Clients opened on this day or earlier.
    #[serde(default)]
    #[schema(value_type = NaiveDate)]
    pub opened_to: Option<NaiveDate>,
}

/// Who is to be their advisor. (c1)
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"advisor_id": "01890000-0000-7000-8000-0000000000a2"}))]
pub struct Reassignment {
    /// The advisor; null for none.
    #[schema(required = true)]
    #[serde(deserialize_with = "Option::deserialize")]
    pub advisor_id: Option<StaffId>,
}
