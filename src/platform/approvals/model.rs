//! Changes that wait, and their life.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::kernel::ids::{ClientId, PendingChangeId};
use crate::kernel::lifecycle::{By, Lifecycle, Step};
use crate::labels;

/// A change to be proposed.
#[derive(Clone, Debug)]
pub struct NewChange {
    /// As the slice registers it.
    pub kind: &'static str,
    /// What is to be changed.
    pub subject_id: Uuid,
    /// Whose it is.
    pub client_id: Option<ClientId>,
    /// Of the subject as the maker saw it.
    pub row_version: i64,
    /// What `apply` needs.
    pub payload: Value,
    /// Why, for the checker: free text, kept as it is. What must be sealed belongs into `payload`.
    pub comment: Option<String>,
}

/// A change that waits, or has waited.
#[derive(Clone, Debug)]
pub struct PendingChange {
    /// Id.
    pub pending_change_id: PendingChangeId,
    /// As the slice registers it.
    pub kind: String,
    /// What is to be changed.
    pub subject_id: Uuid,
    /// Whose it is.
    pub client_id: Option<ClientId>,
    /// Of the subject when the change was proposed.
    pub row_version: i64,
    /// What `apply` needs, in the clear.
    pub payload: Value,
    /// How far it has come.
    pub status: ChangeStatus,
    /// Who asked for it.
    pub maker: String,
    /// Who decided.
    pub checker: Option<String>,
    /// Why it was asked for.
    pub comment: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Nobody can approve it from here on.
    pub expires_at: DateTime<Utc>,
    /// When it stopped waiting.
    pub decided_at: Option<DateTime<Utc>>,
}

labels! {
    ChangeStatus = "change_status" "How far a change that takes a second person has come" "复核状态" {
        Pending = "pending" "Waits for another person" "待复核",
        Approved = "approved" "Applied" "已批准",
        Rejected = "rejected" "Refused by another person" "已驳回",
        Withdrawn = "withdrawn" "Taken back by whoever asked for it" "已撤回",
        Expired = "expired" "Nobody decided in time" "已过期",
        Stale = "stale" "What was to be changed had changed by then; nothing was applied" "数据已变更，未执行",
    }
    ChangeAction = "change_action" "What is done with a change that takes a second person" "复核操作" {
        Approve = "approve" "Approve" "批准",
        Reject = "reject" "Reject" "驳回",
        Withdraw = "withdraw" "Withdraw" "撤回",
        Expire = "expire" "Expire" "过期",
        Invalidate = "invalidate" "Invalidate" "失效",
    }
}

const WRITE: By = By::Permission("approvals:write");

impl Lifecycle for ChangeStatus {
    type Action = ChangeAction;
    const STEPS: &'static [Step<Self, ChangeAction>] = &[
        Step { action: ChangeAction::Approve, from: &[Self::Pending], to: Self::Approved, by: WRITE },
        Step { action: ChangeAction::Reject, from: &[Self::Pending], to: Self::Rejected, by: WRITE },
        Step { action: ChangeAction::Withdraw, from: &[Self::Pending], to: Self::Withdrawn, by: WRITE },
        Step { action: ChangeAction::Expire, from: &[Self::Pending], to: Self::Expired, by: By::System },
        Step { action: ChangeAction::Invalidate, from: &[Self::Pending], to: Self::Stale, by: By::System },
    ];
}

/// Which changes.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Of this kind.
    pub kind: Option<String>,
    /// In this status.
    pub status: Option<ChangeStatus>,
    /// Of this client.
    pub client_id: Option<ClientId>,
}
