//! What happens to changes that take a second person.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

crate::events! {
    ChangeProposed = "change.proposed" of "pending_change" published c1 "A change waits for another person" "变更待他人审批" (ChangeReference)
    ChangeApproved = "change.approved" of "pending_change" published c1 "A change was approved" "变更已批准" (ChangeReference)
    ChangeRejected = "change.rejected" of "pending_change" published c1 "A change was refused" "变更已驳回" (ChangeReference)
    ChangeWithdrawn = "change.withdrawn" of "pending_change" published c1 "A change was withdrawn" "变更已撤回" (ChangeReference)
    ChangeExpired = "change.expired" of "pending_change" published c1 "A change waited too long" "变更已过期" (ChangeReference)
    ChangeStale = "change.stale" of "pending_change" published c1
        "What a change is about has changed since" "变更对象已发生变化" (ChangeReference)
}

/// What a change is about. (c1)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangeReference {
    /// The kind of change.
    #[schema(example = "policy")]
    pub kind: String,
    /// What it would change.
    pub subject_id: Uuid,
}
