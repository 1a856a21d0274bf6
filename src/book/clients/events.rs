//! What happens to clients.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::ClientKind;
use platform::kernel::ids::{BranchId, BulkPlanId, StaffId};

platform::events! {
    ClientOpened = "client.opened" of "client" published c1 "A client was opened" "客户已开户" {
        /// Where the client belongs.
        pub branch_id: BranchId,
        /// Who looks after the client.
        pub advisor_id: Option<StaffId>,
        /// What kind of client.
        pub kind: ClientKind,
    }
    ClientChanged = "client.changed" of "client" published c1 "The profile of a client changed" "客户资料已变更" (ChangedMembers)
    ClientClosed = "client.closed" of "client" published c1 "A client was closed" "客户已销户" (ChangedMembers)
    ClientReopened = "client.reopened" of "client" published c1 "A closed client was opened again" "客户已重新开户" (ChangedMembers)
    ClientAssignmentCorrected = "client.assignment_corrected" of "client" published c1
        "It was corrected whose a client has been" "客户归属历史已更正" {
        /// From this day on.
        pub since: NaiveDate,
    }
    ClientAssignmentScheduled = "client.assignment_scheduled" of "client" published c1
        "Branch or advisor of a client are to change on a later day" "客户归属变更已预定" {
        /// From this day on.
        pub effective_on: NaiveDate,
        /// Which of the two.
        pub members: Vec<String>,
    }
    ClientAssignmentCancelled = "client.assignment_cancelled" of "client" published c1
        "A change of branch or advisor for a later day was cancelled" "客户归属预定变更已取消" {
        /// The day it was for.
        pub effective_on: NaiveDate,
    }
    ClientRevealed = "client.revealed" of "client" audited c1 "The identifiers of a client were revealed" "已查看客户完整证件与联系方式" {}
}

/// What changed about a client. (c1)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangedMembers {
    /// Names of the members, never their values.
    #[schema(example = json!(["advisor_id"]))]
    pub changed: Vec<String>,
    /// The bulk plan that did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk_plan_id: Option<BulkPlanId>,
}

impl ChangedMembers {
    /// These, changed by somebody for this client alone.
    pub fn by_hand(changed: Vec<String>) -> Self {
        Self { changed, bulk_plan_id: None }
    }
}
