//! Commit and undo, chunk by chunk. Each chunk and what became of its items are one transaction, so that a worker
//! killed anywhere is followed by one that goes on; the job itself takes a context, as everything that spans
//! transactions does.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::events::*;
use super::model::{BulkCounts, BulkItem, BulkItemStatus, BulkPlan, BulkPlanAction, BulkPlanStatus, Done};
use super::{Apply, BulkKind, kind, service, store};
use crate::db::Uow;
use crate::kernel::error::Error;
use crate::kernel::event::Event;
use crate::kernel::ids::BulkPlanId;
use crate::kernel::lifecycle;
use crate::kernel::principal::Caller;
use crate::worker::{self, JobContext, JobResult};

/// Items of one transaction.
const CHUNK: i64 = 200;

#[derive(Deserialize)]
struct Payload {
    bulk_plan_id: BulkPlanId,
}

/// One of the two ways.
struct Way {
    apply: fn(&BulkKind) -> Apply,
    during: BulkPlanStatus,
    /// The last step.
    end: BulkPlanAction,
    /// Items still to be looked at.
    from: BulkItemStatus,
    /// What was written first is taken back last.
    backwards: bool,
    written: BulkItemStatus,
    left: BulkItemStatus,
    chunk_event: fn(ChunkSize, Uuid) -> Event,
    end_event: fn(PlanSize, Uuid) -> Event,
}

/// Commits a plan.
pub async fn commit(context: JobContext) -> JobResult {
    let way = Way {
        apply: |kind| kind.commit,
        during: BulkPlanStatus::Committing,
        end: BulkPlanAction::EndCommit,
        from: BulkItemStatus::Planned,
        backwards: false,
        written: BulkItemStatus::Committed,
        left: BulkItemStatus::Skipped,
        chunk_event: |size, id| Event::new(BulkPlanChunkCommitted(size), id),
        end_event: |size, id| Event::new(BulkPlanCommitted(size), id),
    };
    walk(context, way).await
}

/// Takes a committed plan back.
pub async fn undo(context: JobContext) -> JobResult {
    let way = Way {
        apply: |kind| kind.undo,
        during: BulkPlanStatus::Undoing,
        end: BulkPlanAction::EndUndo,
        from: BulkItemStatus::Committed,
        backwards: true,
        written: BulkItemStatus::Undone,
        left: BulkItemStatus::Kept,
        chunk_event: |size, id| Event::new(BulkPlanChunkUndone(size), id),
        end_event: |size, id| Event::new(BulkPlanUndone(size), id),
    };
    walk(context, way).await
}

/// Ends plans that nobody committed in time.
pub async fn expire(context: JobContext) -> JobResult {
    let mut uow = context.db.begin(&context.caller).await?;
    let expired = service::expire_due(&mut uow).await?;
    uow.finish(()).await?;
    Ok(json!({ "expired": expired }))
}

async fn walk(context: JobContext, way: Way) -> JobResult {
    let Payload { bulk_plan_id } = serde_json::from_value(context.job.payload.clone()).map_err(Error::internal)?;
    let caller = on_behalf(&context, bulk_plan_id).await?;
    loop {
        let uow = context.db.begin(&caller).await?;
        if let Some(counts) = chunk(uow, &context, bulk_plan_id, &way).await? {
            return Ok(json!({ "bulk_plan_id": bulk_plan_id, "counts": counts }));
        }
    }
}

/// One chunk; the counts when there was none left.
async fn chunk(mut uow: Uow, context: &JobContext, id: BulkPlanId, way: &Way) -> Result<Option<BulkCounts>, Error> {
    let plan = store::lock(uow.conn(), id).await?.ok_or_else(Error::not_found)?;
    if plan.status != way.during {
        // A worker that was taken for dead has ended it.
        let counts = store::counts(uow.conn(), id).await?;
        return uow.finish_unrecorded("nothing was left to do", Some(counts)).await;
    }
    let mut items = store::chunk(uow.conn(), id, way.from, way.backwards, CHUNK).await?;
    if items.is_empty() {
        return end(uow, &plan, way).await.map(Some);
    }
    let done = (way.apply)(kind(&plan.kind)?)(&mut uow, &plan, &items).await?;
    settle(&mut items, done, way)?;
    store::settle(uow.conn(), id, &items).await?;
    let counts = store::counts(uow.conn(), id).await?;
    let progress = serde_json::to_value(counts).map_err(Error::internal)?;
    worker::note_progress(uow.conn(), context.job.job_id, &progress).await?;
    uow.record((way.chunk_event)(ChunkSize { items: items.len() }, id.0));
    uow.finish(()).await?;
    Ok(None)
}

async fn end(mut uow: Uow, plan: &BulkPlan, way: &Way) -> Result<BulkCounts, Error> {
    let (to, now) = (lifecycle::step(plan.status, way.end)?, uow.now());
    store::step(uow.conn(), plan.bulk_plan_id, plan.status, to, &plan.scope.0, now).await?;
    let counts = store::counts(uow.conn(), plan.bulk_plan_id).await?;
    uow.record((way.end_event)(PlanSize::of(plan), plan.bulk_plan_id.0));
    uow.finish(()).await?;
    Ok(counts)
}

fn settle(items: &mut [BulkItem], done: Vec<Done>, way: &Way) -> Result<(), Error> {
    if items.len() != done.len() {
        return Err(Error::internal("a kind of bulk change gives one outcome an item"));
    }
    for (item, done) in items.iter_mut().zip(done) {
        match done {
            Done::Written(version) => {
                item.status = way.written;
                // What the commit wrote is what an undo looks for, and stays.
                item.version_after.get_or_insert(version);
            }
            Done::Left(reason) => (item.status, item.reason) = (way.left, Some(reason.to_owned())),
        }
    }
    Ok(())
}

/// The worker, seeing no more than whoever asked for it.
async fn on_behalf(context: &JobContext, id: BulkPlanId) -> Result<Caller, Error> {
    let mut read = context.db.read(&context.caller).await?;
    let plan = store::find(read.conn(), id, None).await?.ok_or_else(Error::not_found)?;
    let principal = plan.scope.0.limit(&context.caller.principal).into();
    Ok(Caller { principal, ..context.caller.clone() })
}
