//! Plans, their items, and what became of each.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::faults;
use crate::http::permission::{BulkWrite, Permission};
use crate::kernel::ids::{BranchId, BulkPlanId, ClientId};
use crate::kernel::lifecycle::{By, Lifecycle, Step};
use crate::kernel::principal::{Principal, Visibility};
use crate::labels;

/// The job that commits a plan.
pub const COMMIT_JOB: &str = "bulk_commit";
/// The job that takes a committed plan back.
pub const UNDO_JOB: &str = "bulk_undo";
/// The job that ends plans nobody committed in time.
pub const EXPIRY_JOB: &str = "bulk_plan_expiry";

labels! {
    BulkPlanStatus = "bulk_plan_status" "How far a bulk plan is" "批量计划状态" {
        Draft = "draft" "Planned; nothing is done yet" "待提交",
        Committing = "committing" "Being committed" "提交中",
        Committed = "committed" "Committed" "已提交",
        Undoing = "undoing" "Being undone" "撤销中",
        Undone = "undone" "Undone" "已撤销",
        Expired = "expired" "Nobody committed it in time" "已过期",
    }
    BulkPlanAction = "bulk_plan_action" "What is done with a bulk plan" "批量计划操作" {
        Commit = "commit" "Commit" "提交",
        EndCommit = "end_commit" "End the commit" "结束提交",
        Undo = "undo" "Undo" "撤销",
        EndUndo = "end_undo" "End the undo" "结束撤销",
        Expire = "expire" "Let it expire" "过期",
    }
    BulkItemStatus = "bulk_item_status" "What became of an item of a bulk plan" "批量计划项状态" {
        Planned = "planned" "Not looked at yet" "待执行",
        Committed = "committed" "Committed" "已执行",
        Skipped = "skipped" "Not committed; the reason says why" "已跳过",
        Undone = "undone" "Undone" "已撤销",
        Kept = "kept" "Not undone; the reason says why" "未撤销",
    }
}

impl Lifecycle for BulkPlanStatus {
    type Action = BulkPlanAction;

    const STEPS: &'static [Step<Self, BulkPlanAction>] = &[
        Step { action: BulkPlanAction::Commit, from: &[Self::Draft], to: Self::Committing, by: PLANNER },
        Step { action: BulkPlanAction::EndCommit, from: &[Self::Committing], to: Self::Committed, by: By::System },
        Step { action: BulkPlanAction::Undo, from: &[Self::Committed], to: Self::Undoing, by: PLANNER },
        Step { action: BulkPlanAction::EndUndo, from: &[Self::Undoing], to: Self::Undone, by: By::System },
        Step { action: BulkPlanAction::Expire, from: &[Self::Draft], to: Self::Expired, by: By::System },
    ];
}

const PLANNER: By = By::Permission(BulkWrite::SCOPE);

/// A change of many, planned. (c1)
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct BulkPlan {
    /// Id.
    pub bulk_plan_id: BulkPlanId,
    /// What is done.
    #[schema(example = "advisor_reassignment")]
    pub kind: String,
    /// How far it is.
    pub status: BulkPlanStatus,
    /// Which were to be changed; as sent. (c2)
    #[schema(value_type = Object, example = json!({"advisor_id": "01890000-0000-7000-8000-0000000000a1"}))]
    pub filter: Value,
    /// What is to be changed about them; as sent. (c2)
    #[schema(value_type = Object, example = json!({"advisor_id": "01890000-0000-7000-8000-0000000000a2"}))]
    pub change: Value,
    /// Items it touches.
    #[schema(example = 120)]
    pub item_count: i32,
    /// Who planned it.
    #[schema(example = "staff:01890000-0000-7000-8000-000000000001")]
    pub planned_by: String,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When it can no longer be committed.
    pub expires_at: DateTime<Utc>,
    /// When the last item was committed or skipped.
    pub committed_at: Option<DateTime<Utc>>,
    /// When the last item was undone or kept.
    pub undone_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub(super) scope: sqlx::types::Json<Scope>,
}

/// Whose clients a job may touch: the visibility and home branch of whoever asked for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Scope {
    firm: bool,
    branch_ids: Vec<uuid::Uuid>,
    advisor_id: Option<uuid::Uuid>,
    home: BranchId,
}

impl Scope {
    pub(super) fn of(principal: &Principal) -> Self {
        let Visibility { firm, branch_ids, advisor_id } = principal.visibility.clone();
        Self { firm, branch_ids, advisor_id, home: principal.branch_id }
    }

    /// The worker, seeing no more than the one who asked.
    pub(super) fn limit(self, worker: &Principal) -> Principal {
        let Self { firm, branch_ids, advisor_id, home } = self;
        Principal { visibility: Visibility { firm, branch_ids, advisor_id }, branch_id: home, ..worker.clone() }
    }
}

/// A plan to be made of items that somebody has already looked for.
pub struct NewPlan {
    /// Of the manifests' kinds.
    pub kind: &'static str,
    /// Which are to be changed.
    pub filter: Value,
    /// What is to be changed about them.
    pub change: Value,
    /// In the order in which they are committed.
    pub items: Vec<NewItem>,
}

/// One thing a plan would change.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// The client it belongs to; of one that is to be created, its id to be.
    pub client_id: ClientId,
    /// What it is now, as an undo needs it. Ids, codes and amounts; what is personal is sealed by the kind.
    pub before: Value,
    /// Its version now; none for what is not there yet.
    pub version: Option<i64>,
}

/// One item of a plan. (c1)
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct BulkItem {
    /// Its place in the plan, from 1.
    #[schema(example = 1)]
    pub item_no: i32,
    /// The client.
    pub client_id: ClientId,
    /// What became of it.
    pub status: BulkItemStatus,
    /// What it was when the plan was made. (c2)
    #[schema(value_type = Object, example = json!({"advisor_id": "01890000-0000-7000-8000-0000000000a1"}))]
    pub before: Value,
    /// Its version when the plan was made.
    #[schema(example = 3)]
    pub version_before: Option<i64>,
    /// The version the commit wrote.
    #[schema(example = 4)]
    pub version_after: Option<i64>,
    /// Why it was skipped or kept: `changed_since`, `out_of_scope`, or another code of the catalogue. (c2)
    #[schema(example = "changed_since")]
    pub reason: Option<String>,
}

/// What a kind says of an item of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// Written (or taken back) as this version.
    Written(i64),
    /// Left as it is, and why: a code of the catalogue, of problems or faults.
    Left(&'static str),
}

impl Done {
    /// It has another version by now.
    pub const CHANGED_SINCE: Self = Self::Left(faults::CHANGED_SINCE.code);
    /// Whoever asked may not see it any more.
    pub const OUT_OF_SCOPE: Self = Self::Left(faults::OUT_OF_SCOPE.code);
}

/// How many items are how far. (c1)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct BulkCounts {
    /// Not looked at yet.
    pub planned: i64,
    /// Written.
    pub committed: i64,
    /// Not written.
    pub skipped: i64,
    /// Taken back.
    pub undone: i64,
    /// Written, and not taken back.
    pub kept: i64,
}

impl BulkCounts {
    pub(super) fn set(&mut self, status: BulkItemStatus, count: i64) {
        *match status {
            BulkItemStatus::Planned => &mut self.planned,
            BulkItemStatus::Committed => &mut self.committed,
            BulkItemStatus::Skipped => &mut self.skipped,
            BulkItemStatus::Undone => &mut self.undone,
            BulkItemStatus::Kept => &mut self.kept,
        } = count;
    }
}
