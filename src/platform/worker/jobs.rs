//! Every statement about jobs. A job is enqueued in the unit of work that wants it, leased with a fencing token, retried
//! with backoff, and visible all along.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Uow;
use crate::kernel::error::Error;
use crate::kernel::event::Event;
use crate::kernel::ids::JobId;

/// Where a job stands: queued → running → succeeded | failed; running → queued again after a fault or a lost lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum JobState {
    /// Waiting for its time or a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Done.
    Succeeded,
    /// Given up; `error_code` says why.
    Failed,
}

/// A job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Id.
    pub job_id: JobId,
    /// What is to be done.
    pub kind: String,
    /// With what: references, never personal data.
    pub payload: Value,
    /// Where it stands.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: i32,
    /// Counts so far.
    pub progress: Value,
    /// What came out.
    pub result: Option<Value>,
    /// Why it failed.
    pub error_code: Option<String>,
    /// Who asked for it.
    pub requested_by: String,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When a worker first took it.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A job to be done.
pub struct NewJob {
    /// What is to be done.
    pub kind: &'static str,
    /// With what: references, never personal data.
    pub payload: Value,
    /// Tries before it is given up.
    pub max_attempts: i32,
}

/// Asks for a job in the same transaction as what makes it necessary.
pub async fn enqueue(uow: &mut Uow, new: NewJob) -> Result<JobId, Error> {
    let now = uow.now();
    enqueue_at(uow, new, now).await
}

/// Asks for a job that is due at an instant.
pub async fn enqueue_at(uow: &mut Uow, new: NewJob, run_at: DateTime<Utc>) -> Result<JobId, Error> {
    let (job_id, now): (JobId, _) = (uow.id(), uow.now());
    let requested_by = uow.caller().principal.name.clone();
    sqlx::query!(
        "INSERT INTO job (job_id, kind, payload, max_attempts, run_at, requested_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        job_id.0,
        new.kind,
        new.payload,
        new.max_attempts,
        run_at,
        requested_by,
        now
    )
    .execute(uow.conn())
    .await?;
    uow.record(Event::access("job.enqueued", "job", job_id.0).data(serde_json::json!({ "kind": new.kind })));
    Ok(job_id)
}

/// A job by id.
pub async fn find(conn: &mut PgConnection, id: JobId) -> Result<Option<Job>, Error> {
    let job = sqlx::query_as!(
        Job,
        r#"SELECT job_id AS "job_id: JobId", kind, payload, state AS "state: JobState", attempts, progress, result, error_code,
                  requested_by, created_at, started_at, finished_at
           FROM job WHERE job_id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(job)
}

/// Ends jobs whose worker died on their last try: whatever kills workers must not go on for ever.
pub(super) async fn give_up_on_lost(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE job SET state = 'failed', error_code = 'worker_lost', finished_at = $1, lease_token = NULL, leased_until = NULL
         WHERE state = 'running' AND leased_until < $1 AND attempts >= max_attempts",
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the next due job, or the one named, for `lease`. Jobs whose worker died are taken over once their lease is over.
pub(super) async fn claim(
    conn: &mut PgConnection,
    only: Option<JobId>,
    token: Uuid,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Option<Job>, Error> {
    let job = sqlx::query_as!(
        Job,
        r#"UPDATE job SET state = 'running', attempts = attempts + 1, lease_token = $2, leased_until = $4,
                  started_at = coalesce(started_at, $3)
           WHERE job_id = (SELECT job_id FROM job
                           WHERE state IN ('queued', 'running') AND run_at <= $3 AND (leased_until IS NULL OR leased_until < $3)
                             AND attempts < max_attempts
                             AND ($1::uuid IS NULL OR job_id = $1)
                           ORDER BY run_at, job_id FOR UPDATE SKIP LOCKED LIMIT 1)
           RETURNING job_id AS "job_id: JobId", kind, payload, state AS "state: JobState", attempts, progress, result, error_code,
                     requested_by, created_at, started_at, finished_at"#,
        only.map(|id| id.0),
        token,
        now,
        now + lease
    )
    .fetch_optional(conn)
    .await?;
    Ok(job)
}

/// Holds on to a job; false when another worker has it by now.
pub(super) async fn extend(
    conn: &mut PgConnection,
    id: JobId,
    token: Uuid,
    until: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE job SET leased_until = $3 WHERE job_id = $1 AND lease_token = $2 AND state = 'running'",
        id.0,
        token,
        until
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Shows how far a job is.
pub async fn note_progress(conn: &mut PgConnection, id: JobId, progress: &Value) -> Result<(), Error> {
    sqlx::query!("UPDATE job SET progress = $2 WHERE job_id = $1", id.0, progress).execute(conn).await?;
    Ok(())
}

/// Ends a job well, unless another worker has it by now.
pub(super) async fn succeed(
    conn: &mut PgConnection,
    id: JobId,
    token: Uuid,
    result: &Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE job SET state = 'succeeded', result = $3, error_code = NULL, finished_at = $4, lease_token = NULL, leased_until = NULL
         WHERE job_id = $1 AND lease_token = $2",
        id.0,
        token,
        result,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts a job back to be tried again after `wait`, or gives it up when it was the last try or `final_` says so.
pub(super) async fn fail(
    conn: &mut PgConnection,
    id: JobId,
    token: Uuid,
    code: &str,
    final_: bool,
    now: DateTime<Utc>,
    wait: Duration,
) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE job SET state = CASE WHEN $4 OR attempts >= max_attempts THEN 'failed' ELSE 'queued' END,
                finished_at = CASE WHEN $4 OR attempts >= max_attempts THEN $5::timestamptz END,
                error_code = $3, run_at = $6, lease_token = NULL, leased_until = NULL
         WHERE job_id = $1 AND lease_token = $2",
        id.0,
        token,
        code,
        final_,
        now,
        now + wait
    )
    .execute(conn)
    .await?;
    Ok(())
}
