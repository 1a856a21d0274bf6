//! Jobs: read.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use platform::db::Db;
use platform::http::permission::{JobsRead, Permission};
use platform::http::{Actor, Json, Path};
use platform::kernel::error::Error;
use platform::kernel::ids::JobId;
use platform::worker::{Job, JobState};

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_job);
}

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
    /// When a worker first took it.
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    finished_at: Option<DateTime<Utc>>,
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        Self {
            job_id: job.job_id,
            kind: job.kind,
            state: job.state,
            attempts: job.attempts,
            progress: job.progress,
            result: job.result,
            error_code: job.error_code,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        }
    }
}

/// Follow a job
///
/// Your own jobs, and every job for whoever sees the whole firm. `progress` moves while it runs; when `state` is
/// `succeeded`, `result` says what came out, when it is `failed`, `error_code` says why.
#[utoipa::path(tag = "imports", params(JobPath), responses((status = OK, body = JobView)), security(("oauth2" = [JobsRead::SCOPE])))]
#[get("/v1/jobs/{job_id}")]
pub async fn get_job(
    actor: Actor<JobsRead>,
    Path(path): Path<JobPath>,
    db: web::Data<Db>,
) -> Result<Json<JobView>, Error> {
    let job = service::visible(&mut *db.connection().await?, &actor, path.job_id).await?;
    Ok(Json(job.into()))
}
