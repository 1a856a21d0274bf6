//! What happens to bulk plans.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::BulkPlan;

crate::events! {
    BulkPlanCreated = "bulk_plan.created" of "bulk_plan" published c1 "A bulk change was planned" "批量变更计划已生成" (PlanSize)
    BulkPlanCommitRequested = "bulk_plan.commit_requested" of "bulk_plan" published c1
        "The commit of a bulk plan was asked for" "已请求执行批量变更" (PlanSize)
    BulkPlanCommitted = "bulk_plan.committed" of "bulk_plan" published c1 "A bulk plan was committed" "批量变更已执行" (PlanSize)
    BulkPlanUndoRequested = "bulk_plan.undo_requested" of "bulk_plan" published c1
        "A committed bulk plan is to be taken back" "已请求撤销批量变更" (PlanSize)
    BulkPlanUndone = "bulk_plan.undone" of "bulk_plan" published c1 "A bulk plan was taken back" "批量变更已撤销" (PlanSize)
    BulkPlanExpired = "bulk_plan.expired" of "bulk_plan" published c1 "Nobody committed a bulk plan in time" "批量变更计划已过期"
        (PlanSize)
    BulkPlanChunkCommitted = "bulk_plan.chunk_committed" of "bulk_plan" audited c1
        "Some items of a bulk plan were committed" "批量变更已执行一部分" (ChunkSize)
    BulkPlanChunkUndone = "bulk_plan.chunk_undone" of "bulk_plan" audited c1
        "Some items of a bulk plan were taken back" "批量变更已撤销一部分" (ChunkSize)
}

/// What a plan changes. (c1)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanSize {
    /// The kind of bulk change.
    #[schema(example = "advisor_reassignment")]
    pub kind: String,
    /// Items of the plan.
    pub items: i32,
}

impl PlanSize {
    /// Of a plan.
    pub fn of(plan: &BulkPlan) -> Self {
        Self { kind: plan.kind.clone(), items: plan.item_count }
    }
}

/// How much was done at once. (c1)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChunkSize {
    /// Items looked at.
    pub items: usize,
}
