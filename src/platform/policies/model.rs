//! Versions of policies and their life.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::kernel::ids::PolicyId;
use crate::kernel::lifecycle::{By, Lifecycle, Step};
use crate::labels;

/// Rules of a known type, with the version they are.
#[derive(Clone, Debug)]
pub struct Stored<P> {
    /// Id.
    pub policy_id: PolicyId,
    /// From 1, a kind.
    pub version: i32,
    /// The rules.
    pub rules: P,
}

labels! {
    PolicyStatus = "policy_status" "How far a version of a policy has come" "策略版本状态" {
        Draft = "draft" "Being written" "草稿",
        Submitted = "submitted" "Waits for another person" "待审批",
        Approved = "approved" "Will rule from a later day" "已批准",
        Active = "active" "Rules" "生效中",
        Retired = "retired" "Ruled once, or was withdrawn before it did" "已失效",
    }
    PolicyAction = "policy_action" "What is done with a version of a policy" "策略版本操作" {
        Change = "change" "Change" "修改",
        Submit = "submit" "Submit" "提交审批",
        Approve = "approve" "Approve" "批准",
        Reject = "reject" "Reject" "驳回",
        Activate = "activate" "Activate" "生效",
        Supersede = "supersede" "Supersede" "被取代",
        Retire = "retire" "Retire" "停用",
    }
}

const WRITE: By = By::Permission("policies:write");
const APPROVE: By = By::Permission("policies:approve");

impl Lifecycle for PolicyStatus {
    type Action = PolicyAction;
    const STEPS: &'static [Step<Self, PolicyAction>] = &[
        Step { action: PolicyAction::Change, from: &[Self::Draft], to: Self::Draft, by: WRITE },
        Step { action: PolicyAction::Submit, from: &[Self::Draft], to: Self::Submitted, by: WRITE },
        Step { action: PolicyAction::Approve, from: &[Self::Submitted], to: Self::Approved, by: APPROVE },
        Step { action: PolicyAction::Reject, from: &[Self::Submitted], to: Self::Draft, by: APPROVE },
        Step { action: PolicyAction::Activate, from: &[Self::Approved], to: Self::Active, by: By::System },
        Step { action: PolicyAction::Supersede, from: &[Self::Active], to: Self::Retired, by: By::System },
        Step { action: PolicyAction::Retire, from: &[Self::Approved, Self::Active], to: Self::Retired, by: APPROVE },
    ];
}

/// A version as kept.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow)]
pub struct PolicyVersion {
    pub policy_id: PolicyId,
    pub kind: String,
    /// From 1, a kind.
    pub version: i32,
    pub status: PolicyStatus,
    pub rules: Value,
    /// Why, in the words of whoever wrote it.
    pub note: Option<String>,
    /// The trading day it is to rule from; as soon as it is approved when none is named.
    pub effective_on: Option<NaiveDate>,
    /// Rules from here on; none while it is not approved, and of the first version, which has ruled since ever.
    pub valid_from: Option<DateTime<Utc>>,
    /// Rules until here.
    pub valid_to: Option<DateTime<Utc>>,
    pub drafted_by: String,
    pub submitted_by: Option<String>,
    pub approved_by: Option<String>,
    pub row_version: i64,
    pub created_at: DateTime<Utc>,
}

/// A version to be drafted.
#[derive(Clone, Debug)]
pub struct NewPolicy {
    pub kind: String,
    pub rules: Value,
    pub note: Option<String>,
    pub effective_on: Option<NaiveDate>,
}

/// Which versions.
#[derive(Clone, Debug, Default)]
pub struct PolicyFilter {
    pub kind: Option<String>,
    pub status: Option<PolicyStatus>,
}
