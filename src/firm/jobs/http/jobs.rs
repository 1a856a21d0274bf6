//! Jobs: followed, called off, tried again.

use actix_web::{get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::super::service;
use platform::db::Db;
use platform::http::permission::{JobsRead, JobsWrite, Permission};
use platform::http::{Actor, Json, Listing, PageOf, Paging, Path};
use platform::kernel::error::Error;
use platform::kernel::ids::JobId;
use platform::kernel::lifecycle::{self, AllowedAction};
use platform::kernel::principal::Principal;
use platform::worker::{Job, JobAction, JobFilter, JobState};

/// Path of a job.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct JobPath {
    /// The job.
    pub job_id: JobId,
}

/// A background job. (c1)
#[derive(Serialize, ToSchema)]
pub struct JobView {
    /// Id.
    job_id: JobId,
    /// What is done: `import`, `scoring`.
    #[schema(example = "import")]
    kind: String,
    /// Where it stands.
    state: JobState,
    /// What can be done with it, and for each what keeps this caller from it.
    allowed_actions: Vec<AllowedAction>,
    /// How often it was tried; a worker that dies is replaced.
    #[schema(example = 1)]
    attempts: i32,
    /// Counts so far; what they count depends on the kind.
    #[schema(value_type = Object, example = json!({"read": 4000, "accepted": 3990, "duplicate": 0, "rejected": 10, "clients_created": 12}))]
    progress: Value,
    /// What came out; null until it succeeded.
    #[schema(value_type = Option<Object>, example = json!(null))]
    result: Option<Value>,
    /// Why it failed: a code of the catalogue of problems.
    #[schema(example = json!(null))]
    error_code: Option<String>,
    /// When it was asked for.
    created_at: DateTime<Utc>,
    /// It does not begin before this.
    run_at: DateTime<Utc>,
    /// When a worker first took it.
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    finished_at: Option<DateTime<Utc>>,
}

impl JobView {
    /// A job as a caller sees it.
    pub fn new(job: Job, principal: &Principal) -> Self {
        Self {
            job_id: job.job_id,
            kind: job.kind,
            state: job.state,
            allowed_actions: lifecycle::allowed(job.state, principal),
            attempts: job.attempts,
            progress: job.progress,
            result: job.result,
            error_code: job.error_code,
            created_at: job.created_at,
            run_at: job.run_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        }
    }
}

/// One page of jobs. (c1)
#[derive(Serialize, ToSchema)]
pub struct JobList {
    /// The page.
    items: Vec<JobView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Which jobs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobQuery {
    /// In this state.
    #[param(inline)]
    #[serde(default)]
    state: Option<JobState>,
    /// Of this kind.
    #[param(pattern = "^[a-z0-9_]{1,64}$", example = "import")]
    #[serde(default)]
    kind: Option<String>,
}

/// List jobs
///
/// Newest first: your own jobs, and every job for whoever sees the whole firm.
#[utoipa::path(
    tag = "jobs",
    params(JobQuery, Paging),
    responses((status = OK, body = JobList)),
    security(("oauth2" = [JobsRead::SCOPE]))
)]
#[get("/v1/jobs")]
pub async fn list_jobs(
    actor: Actor<JobsRead>,
    listing: Listing<JobQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<JobList>, Error> {
    let mut read = db.read(&actor).await?;
    let filter = JobFilter { state: listing.filter.state, kind: listing.filter.kind.clone(), requested_by: None };
    let page = service::list(&mut read, filter, &listing.page()?).await?;
    let view = |job| JobView::new(job, &actor.principal);
    listing.answer(page.map(view), |items, next_cursor| JobList { items, next_cursor })
}

/// Get a job
///
/// Your own jobs, and every job for whoever sees the whole firm. `progress` moves while it runs; when `state` is
/// `succeeded`, `result` says what came out, when it is `failed`, `error_code` says why.
#[utoipa::path(
    tag = "imports",
    params(JobPath),
    responses((status = OK, body = JobView)),
    security(("oauth2" = [JobsRead::SCOPE]))
)]
#[get("/v1/jobs/{job_id}")]
pub async fn get_job(
    actor: Actor<JobsRead>,
    Path(path): Path<JobPath>,
    db: web::Data<Db>,
) -> Result<Json<JobView>, Error> {
    let mut read = db.read(&actor).await?;
    let job = service::visible(&mut read, path.job_id).await?;
    Ok(Json(JobView::new(job, &actor.principal)))
}

/// Cancel a job
///
/// One that waits never begins; one that runs is stopped within seconds, and what it has committed by then stays.
#[utoipa::path(
    tag = "jobs",
    params(JobPath),
    responses((status = OK, body = JobView)),
    security(("oauth2" = [JobsWrite::SCOPE]))
)]
#[post("/v1/jobs/{job_id}/cancel")]
pub async fn cancel_job(
    actor: Actor<JobsWrite>,
    Path(path): Path<JobPath>,
    db: web::Data<Db>,
) -> Result<Json<JobView>, Error> {
    act(actor, path, db, JobAction::Cancel).await
}

/// Retry a job
///
/// One that failed or was called off is queued once more, with all its tries; it goes on where it stopped.
#[utoipa::path(
    tag = "jobs",
    params(JobPath),
    responses((status = OK, body = JobView)),
    security(("oauth2" = [JobsWrite::SCOPE]))
)]
#[post("/v1/jobs/{job_id}/retry")]
pub async fn retry_job(
    actor: Actor<JobsWrite>,
    Path(path): Path<JobPath>,
    db: web::Data<Db>,
) -> Result<Json<JobView>, Error> {
    act(actor, path, db, JobAction::Retry).await
}

async fn act(
    actor: Actor<JobsWrite>,
    path: JobPath,
    db: web::Data<Db>,
    action: JobAction,
) -> Result<Json<JobView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let job = service::act(&mut uow, path.job_id, action).await?;
    uow.finish(Json(JobView::new(job, &actor.principal))).await
}
