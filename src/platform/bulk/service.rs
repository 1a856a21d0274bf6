//! Use cases of bulk plans.

use chrono::Duration;
use serde_json::{Value, json};
use sqlx::types::Json;

use super::events::*;
use super::model::*;
use super::{BulkKind, PLAN_EXPIRED, TOO_MANY_ITEMS, UNKNOWN_KIND, kind, store};
use crate::db::{Read, Uow};
use crate::kernel::error::{self, Error};
use crate::kernel::event::{Event, EventType};
use crate::kernel::ids::{BulkPlanId, JobId};
use crate::kernel::lifecycle;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::principal::Caller;
use crate::worker::{self, NewJob};

/// Items of a plan at the most: it is made within a request.
pub const MOST_ITEMS: usize = 20_000;
/// How long a plan waits to be committed: what it was made of is stale by then.
const WAITS: Duration = Duration::days(14);
/// Plans that one run of the timer ends.
const EXPIRED_TOGETHER: i64 = 10;
/// Items shown with a plan.
const SAMPLE: u32 = 10;
/// A worker that is killed is replaced; each goes on where the one before was.
const MAX_ATTEMPTS: i32 = 20;

/// Looks for what a filter finds and plans to change it.
pub async fn preview(uow: &mut Uow, name: &str, filter: Value, change: Value) -> Result<BulkPlan, Error> {
    let kind = permitted(uow.caller(), name)?;
    let preview = kind.preview.ok_or_else(|| Error::code(&UNKNOWN_KIND))?;
    let items = preview(uow, &filter, &change).await?;
    plan(uow, NewPlan { kind: kind.kind, filter, change, items }).await
}

/// Plans to change items that were looked for another way. Nothing about them is changed yet.
pub async fn plan(uow: &mut Uow, new: NewPlan) -> Result<BulkPlan, Error> {
    if new.items.len() > MOST_ITEMS {
        return Err(Error::code(&TOO_MANY_ITEMS));
    }
    let plan = BulkPlan {
        bulk_plan_id: uow.id(),
        kind: new.kind.to_owned(),
        status: BulkPlanStatus::Draft,
        filter: new.filter,
        change: new.change,
        item_count: i32::try_from(new.items.len()).map_err(Error::internal)?,
        planned_by: uow.caller().principal.name.clone(),
        created_at: uow.now(),
        expires_at: uow.now() + WAITS,
        committed_at: None,
        undone_at: None,
        scope: Json(Scope::of(&uow.caller().principal)),
    };
    store::insert(uow.conn(), &plan, &new.items).await?;
    let timer = NewJob::of(EXPIRY_JOB, json!({ "bulk_plan_id": plan.bulk_plan_id }));
    worker::enqueue(uow, timer.key(plan.bulk_plan_id.to_string()).at(plan.expires_at)).await?;
    note(uow, BulkPlanCreated, &plan);
    Ok(plan)
}

/// A plan of the caller's, or any plan for whoever sees the whole firm.
pub async fn get(read: &mut Read, id: BulkPlanId) -> Result<BulkPlan, Error> {
    let planner = planner(read);
    store::find(read.conn(), id, planner.as_deref()).await?.ok_or_else(Error::not_found)
}

/// A plan with its counts and its first items.
pub async fn get_whole(read: &mut Read, id: BulkPlanId) -> Result<(BulkPlan, BulkCounts, Vec<BulkItem>), Error> {
    let plan = get(read, id).await?;
    let counts = store::counts(read.conn(), id).await?;
    let sample = store::items(read.conn(), id, None, &PageRequest { limit: SAMPLE, after: None }).await?;
    Ok((plan, counts, sample.items))
}

/// Plans of the caller's, or everybody's for whoever sees the whole firm; newest first.
pub async fn list(read: &mut Read, page: &PageRequest<BulkPlanId>) -> Result<Page<BulkPlan, BulkPlanId>, Error> {
    let planner = planner(read);
    store::list(read.conn(), planner.as_deref(), page).await
}

/// Items of a plan, in its order.
pub async fn items(
    read: &mut Read,
    id: BulkPlanId,
    status: Option<BulkItemStatus>,
    page: &PageRequest<i32>,
) -> Result<Page<BulkItem, i32>, Error> {
    get(read, id).await?;
    store::items(read.conn(), id, status, page).await
}

/// Asks for the commit of a plan: exactly its items, each only while it is as it was seen.
pub async fn commit(uow: &mut Uow, id: BulkPlanId) -> Result<JobId, Error> {
    let plan = get(uow, id).await?;
    permitted(uow.caller(), &plan.kind)?;
    step(uow, &plan, BulkPlanAction::Commit).await?;
    note(uow, BulkPlanCommitRequested, &plan);
    enqueue(uow, COMMIT_JOB, id).await
}

/// Asks for a committed plan to be taken back: each item only while it is as the commit wrote it.
pub async fn undo(uow: &mut Uow, id: BulkPlanId) -> Result<JobId, Error> {
    let plan = get(uow, id).await?;
    permitted(uow.caller(), &plan.kind)?;
    step(uow, &plan, BulkPlanAction::Undo).await?;
    note(uow, BulkPlanUndoRequested, &plan);
    enqueue(uow, UNDO_JOB, id).await
}

/// Ends plans that have waited too long, with their items; how many.
pub async fn expire_due(uow: &mut Uow) -> Result<usize, Error> {
    let (now, to) = (uow.now(), lifecycle::step(BulkPlanStatus::Draft, BulkPlanAction::Expire)?);
    let expired = store::expire(uow.conn(), now, to, EXPIRED_TOGETHER).await?;
    expired.iter().for_each(|plan| note(uow, BulkPlanExpired, plan));
    Ok(expired.len())
}

/// Faults of a filter or change under the pointer where the request has it.
pub fn within(pointer: &str, error: Error) -> Error {
    error.with(|refusal| {
        for fault in &mut refusal.faults {
            fault.pointer = format!("{pointer}{}", fault.pointer);
        }
    })
}

fn note<E: EventType>(uow: &mut Uow, event: fn(PlanSize) -> E, plan: &BulkPlan) {
    uow.record(Event::new(event(PlanSize::of(plan)), plan.bulk_plan_id.0));
}

/// Takes a step in the caller's scope: the job then touches no client they may not see.
async fn step(uow: &mut Uow, plan: &BulkPlan, action: BulkPlanAction) -> Result<(), Error> {
    let to = lifecycle::step(plan.status, action)?;
    if plan.status == BulkPlanStatus::Draft && plan.expires_at <= uow.now() {
        return Err(Error::code(&PLAN_EXPIRED));
    }
    let (scope, now) = (Scope::of(&uow.caller().principal), uow.now());
    if store::step(uow.conn(), plan.bulk_plan_id, plan.status, to, &scope, now).await? {
        return Ok(());
    }
    // Somebody else took it a moment ago: the next try answers what is possible now.
    Err(Error::code(&error::CONFLICT).with(|refusal| refusal.retry_after_s = Some(1)))
}

async fn enqueue(uow: &mut Uow, kind: &'static str, id: BulkPlanId) -> Result<JobId, Error> {
    let payload = json!({ "bulk_plan_id": id });
    worker::enqueue(uow, NewJob::of(kind, payload).tries(MAX_ATTEMPTS)).await
}

/// Whose plans a caller may see: their own, unless they see the whole firm.
fn planner(read: &Read) -> Option<String> {
    (!read.scope().firm).then(|| read.caller().principal.name.clone())
}

fn permitted(caller: &Caller, name: &str) -> Result<&'static BulkKind, Error> {
    let kind = kind(name)?;
    if caller.principal.scopes.contains(kind.permission) {
        return Ok(kind);
    }
    let permission = kind.permission;
    let (en, zh) = (format!("It takes the permission {permission}."), format!("需要权限 {permission}。"));
    Err(Error::detailed(&error::FORBIDDEN, en, zh))
}
