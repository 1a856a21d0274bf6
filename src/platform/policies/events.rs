//! What happens to versions of policies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::events! {
    PolicyDrafted = "policy.drafted" of "policy" published c1 "A version of a policy was drafted" "策略版本已起草" (PolicyReference)
    PolicyChanged = "policy.changed" of "policy" published c1 "The draft of a policy changed" "策略草稿已修改" (PolicyReference)
    PolicySubmitted = "policy.submitted" of "policy" published c1 "A policy was submitted for approval" "策略已提交审批" (PolicyReference)
    PolicyApproved = "policy.approved" of "policy" published c1 "A policy was approved" "策略已批准" (PolicyReference)
    PolicyReturned = "policy.returned" of "policy" published c1 "A submitted policy is a draft again" "策略已退回为草稿" (PolicyReference)
    PolicyActivated = "policy.activated" of "policy" published c1 "A policy has begun to rule" "策略已生效" (PolicyReference)
    PolicySuperseded = "policy.superseded" of "policy" published c1 "A policy has ceased to rule" "策略已被取代" (PolicyReference)
    PolicyRetired = "policy.retired" of "policy" published c1 "A policy was taken out of force" "策略已停用" (PolicyReference)
}

/// Which version of which policy. (c1)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PolicyReference {
    /// The kind of policy.
    #[schema(example = "tier")]
    pub kind: String,
    /// Its version.
    #[schema(example = 2)]
    pub version: i32,
}
