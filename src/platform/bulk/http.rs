//! Operations of bulk plans.

use actix_web::{get, post, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::*;
use super::service;
use crate::db::{Db, Read};
use crate::http::permission::{BulkWrite, Permission};
use crate::http::{Accepted, Actor, Created, Json, Listing, NoFilter, PageOf, Paging, Path};
use crate::kernel::error::Error;
use crate::kernel::ids::{BulkPlanId, JobId};
use crate::kernel::lifecycle::{self, AllowedAction};

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_bulk_plan)
        .service(list_bulk_plans)
        .service(get_bulk_plan)
        .service(list_bulk_plan_items)
        .service(commit_bulk_plan)
        .service(undo_bulk_plan);
}

/// A change of many, to be planned. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "advisor_reassignment",
    "filter": {"advisor_id": "01890000-0000-7000-8000-0000000000a1"},
    "change": {"advisor_id": "01890000-0000-7000-8000-0000000000a2"}
}))]
pub struct CreateBulkPlan {
    /// What is to be done: `advisor_reassignment`. (c1)
    #[schema(pattern = "^[a-z_]{1,64}$")]
    kind: String,
    /// Which are to be changed; its members depend on the kind.
    #[schema(value_type = Object)]
    filter: Map<String, Value>,
    /// What is to be changed about them; its members depend on the kind.
    #[schema(value_type = Object)]
    change: Map<String, Value>,
}

/// A plan, how many of its items are how far, and the first of them. (c1)
#[derive(Serialize, ToSchema)]
pub struct BulkPlanView {
    /// The plan.
    plan: BulkPlan,
    /// How many items are how far.
    counts: BulkCounts,
    /// The first ten items. (c2)
    sample: Vec<BulkItem>,
    /// What may be done with it now.
    allowed_actions: Vec<AllowedAction>,
}

impl BulkPlanView {
    async fn of(read: &mut Read, id: BulkPlanId) -> Result<Self, Error> {
        let (plan, counts, sample) = service::get_whole(read, id).await?;
        let allowed_actions = lifecycle::allowed(plan.status, &read.caller().principal);
        Ok(Self { plan, counts, sample, allowed_actions })
    }
}

/// One page of plans. (c1)
#[derive(Serialize, ToSchema)]
pub struct BulkPlanList {
    /// The page.
    items: Vec<BulkPlan>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// One page of a plan's items. (c1)
#[derive(Serialize, ToSchema)]
pub struct BulkItemList {
    /// The page.
    items: Vec<BulkItem>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Which items.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BulkItemQuery {
    /// That are this far.
    #[param(inline)]
    #[serde(default)]
    status: Option<BulkItemStatus>,
}

/// The job that does it. (c1)
#[derive(Serialize, ToSchema)]
pub struct BulkJobView {
    /// The plan.
    bulk_plan_id: BulkPlanId,
    /// The job.
    job_id: JobId,
}

/// Path of a plan.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct BulkPlanPath {
    /// The plan.
    bulk_plan_id: BulkPlanId,
}

/// Plan a bulk change
///
/// Looks for what the filter finds in the caller's scope and keeps it as a plan: nothing is changed yet. It takes the
/// permission of the kind as well. `advisor_reassignment` takes `clients:write`, filters by `branch_id`, `advisor_id`,
/// `tier` and `status`, and changes `advisor_id` (null: no advisor).
#[utoipa::path(
    tag = "bulk-plans",
    responses((status = CREATED, body = BulkPlanView)),
    security(("oauth2" = [BulkWrite::SCOPE]))
)]
#[post("/v1/bulk-plans")]
pub async fn create_bulk_plan(
    actor: Actor<BulkWrite>,
    Json(body): Json<CreateBulkPlan>,
    db: web::Data<Db>,
) -> Result<Created<BulkPlanView>, Error> {
    let CreateBulkPlan { kind, filter, change } = body;
    let mut uow = db.begin(&actor).await?;
    let plan = service::preview(&mut uow, &kind, Value::Object(filter), Value::Object(change)).await?;
    let location = format!("/v1/bulk-plans/{}", plan.bulk_plan_id);
    let body = BulkPlanView::of(&mut uow, plan.bulk_plan_id).await?;
    uow.finish(Created { location, version: None, body }).await
}

/// List bulk plans
///
/// Your own, and everybody's for whoever sees the whole firm; newest first.
#[utoipa::path(
    tag = "bulk-plans",
    params(Paging),
    responses((status = OK, body = BulkPlanList)),
    security(("oauth2" = [BulkWrite::SCOPE]))
)]
#[get("/v1/bulk-plans")]
pub async fn list_bulk_plans(
    actor: Actor<BulkWrite>,
    listing: Listing<NoFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<BulkPlanList>, Error> {
    let page = service::list(&mut db.read(&actor).await?, &listing.page()?).await?;
    listing.answer(page, |items, next_cursor| BulkPlanList { items, next_cursor })
}

/// Get a bulk plan
///
/// With its counts and its first items.
#[utoipa::path(
    tag = "bulk-plans",
    params(BulkPlanPath),
    responses((status = OK, body = BulkPlanView)),
    security(("oauth2" = [BulkWrite::SCOPE]))
)]
#[get("/v1/bulk-plans/{bulk_plan_id}")]
pub async fn get_bulk_plan(
    actor: Actor<BulkWrite>,
    Path(path): Path<BulkPlanPath>,
    db: web::Data<Db>,
) -> Result<Json<BulkPlanView>, Error> {
    Ok(Json(BulkPlanView::of(&mut db.read(&actor).await?, path.bulk_plan_id).await?))
}

/// List a bulk plan's items
///
/// In the order of the plan; each says what it was, and what became of it.
#[utoipa::path(
    tag = "bulk-plans",
    params(BulkPlanPath, BulkItemQuery, Paging),
    responses((status = OK, body = BulkItemList)),
    security(("oauth2" = [BulkWrite::SCOPE]))
)]
#[get("/v1/bulk-plans/{bulk_plan_id}/items")]
pub async fn list_bulk_plan_items(
    actor: Actor<BulkWrite>,
    Path(path): Path<BulkPlanPath>,
    listing: Listing<BulkItemQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<BulkItemList>, Error> {
    let mut read = db.read(&actor).await?;
    let page = service::items(&mut read, path.bulk_plan_id, listing.filter.status, &listing.page()?).await?;
    listing.answer(page, |items, next_cursor| BulkItemList { items, next_cursor })
}

/// Commit a bulk plan
///
/// Changes exactly the items of the plan. One that has changed since is skipped and listed with its reason.
#[utoipa::path(
    tag = "bulk-plans",
    params(BulkPlanPath),
    responses((status = ACCEPTED, body = BulkJobView)),
    security(("oauth2" = [BulkWrite::SCOPE]))
)]
#[post("/v1/bulk-plans/{bulk_plan_id}/commit")]
pub async fn commit_bulk_plan(
    actor: Actor<BulkWrite>,
    Path(path): Path<BulkPlanPath>,
    db: web::Data<Db>,
) -> Result<Accepted<BulkJobView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let job_id = service::commit(&mut uow, path.bulk_plan_id).await?;
    uow.finish(accepted(path.bulk_plan_id, job_id)).await
}

/// Undo a bulk plan
///
/// Gives back what the commit changed. An item somebody has changed since is kept as it is and listed with its reason.
#[utoipa::path(
    tag = "bulk-plans",
    params(BulkPlanPath),
    responses((status = ACCEPTED, body = BulkJobView)),
    security(("oauth2" = [BulkWrite::SCOPE]))
)]
#[post("/v1/bulk-plans/{bulk_plan_id}/undo")]
pub async fn undo_bulk_plan(
    actor: Actor<BulkWrite>,
    Path(path): Path<BulkPlanPath>,
    db: web::Data<Db>,
) -> Result<Accepted<BulkJobView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let job_id = service::undo(&mut uow, path.bulk_plan_id).await?;
    uow.finish(accepted(path.bulk_plan_id, job_id)).await
}

fn accepted(bulk_plan_id: BulkPlanId, job_id: JobId) -> Accepted<BulkJobView> {
    Accepted { location: format!("/v1/jobs/{job_id}"), body: BulkJobView { bulk_plan_id, job_id } }
}
