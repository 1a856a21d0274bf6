//! Every statement about jobs. A job is enqueued in the unit of work that wants it, leased with a fencing token,
//! retried with backoff, and visible all along.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, QueryBuilder};

use super::context;
use super::events::JobEnqueued;
use super::model::{Job, JobFilter, JobState, NewJob};
use crate::db::Uow;
use crate::kernel::error::Error;
use crate::kernel::event::Event;
use crate::kernel::ids::JobId;
use crate::kernel::page::{Page, PageRequest};

/// Asks for a job in the same transaction as what makes it necessary. Of an open job of the same kind and key the
/// answer is that one, and it stays as it is. A kind that no slice has in its `jobs` is an internal error.
pub async fn enqueue(uow: &mut Uow, new: NewJob) -> Result<JobId, Error> {
    if !context::is_known(new.kind) {
        return Err(Error::internal(format!("no slice does jobs of the kind {}", new.kind)));
    }
    let (job_id, now): (JobId, _) = (uow.id(), uow.now());
    let requested_by = uow.caller().principal.name.clone();
    let entered = sqlx::query_scalar!(
        "INSERT INTO job (job_id, kind, key, payload, max_attempts, priority, kept, run_at, requested_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (kind, key) WHERE key IS NOT NULL AND state IN ('queued', 'running') DO NOTHING
         RETURNING job_id",
        job_id.0,
        new.kind,
        new.key,
        new.payload,
        new.max_attempts,
        new.priority,
        new.kept,
        new.run_at.unwrap_or(now),
        requested_by,
        now
    )
    .fetch_optional(uow.conn())
    .await?;
    if entered.is_some() {
        let event = JobEnqueued { kind: new.kind.to_owned(), key: new.key, run_at: new.run_at };
        uow.record(Event::new(event, job_id.0));
        return Ok(job_id);
    }
    let open = sqlx::query_scalar!(
        "SELECT job_id FROM job WHERE kind = $1 AND key = $2 AND state IN ('queued', 'running')",
        new.kind,
        new.key
    );
    // It ended between the two statements: whoever asked asks again.
    open.fetch_optional(uow.conn()).await?.map(JobId).ok_or_else(|| Error::unavailable(1))
}

/// Calls off the job of a kind and key that has not begun; false when there is none.
pub async fn call_off(uow: &mut Uow, kind: &str, key: &str) -> Result<bool, Error> {
    let now = uow.now();
    let done = sqlx::query!(
        "UPDATE job SET state = 'cancelled', finished_at = $3 WHERE kind = $1 AND key = $2 AND state = 'queued'",
        kind,
        key,
        now
    );
    Ok(done.execute(uow.conn()).await?.rows_affected() == 1)
}

/// A job by id.
pub async fn find(conn: &mut PgConnection, id: JobId) -> Result<Option<Job>, Error> {
    let job = sqlx::query_as!(
        Job,
        r#"SELECT job_id AS "job_id: JobId", kind, key, payload, state AS "state: JobState", attempts, progress, result, error_code,
                  requested_by, created_at, run_at, started_at, finished_at
           FROM job WHERE job_id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(job)
}

/// Jobs, newest first.
pub async fn list(
    conn: &mut PgConnection,
    filter: &JobFilter,
    page: &PageRequest<JobId>,
) -> Result<Page<Job, JobId>, Error> {
    let mut query = QueryBuilder::new(
        "SELECT job_id, kind, key, payload, state, attempts, progress, result, error_code, requested_by, created_at, run_at,
                started_at, finished_at
         FROM job WHERE TRUE",
    );
    if let Some(state) = filter.state {
        query.push(" AND state = ").push_bind(state);
    }
    if let Some(kind) = &filter.kind {
        query.push(" AND kind = ").push_bind(kind);
    }
    if let Some(requested_by) = &filter.requested_by {
        query.push(" AND requested_by = ").push_bind(requested_by);
    }
    if let Some(after) = page.after {
        query.push(" AND job_id < ").push_bind(after);
    }
    query.push(" ORDER BY job_id DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |job: &Job| job.job_id))
}

/// Calls off a job in `state`; a worker that has it finds its lease gone. False when the state moved on meanwhile.
pub async fn cancel(conn: &mut PgConnection, id: JobId, state: JobState, now: DateTime<Utc>) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE job SET state = 'cancelled', finished_at = $3, lease_token = NULL, leased_until = NULL
         WHERE job_id = $1 AND state = $2",
        id.0,
        state as JobState,
        now
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Queues an ended job in `state` once more, with all its tries. False when the state moved on meanwhile.
pub async fn retry(conn: &mut PgConnection, id: JobId, state: JobState, now: DateTime<Utc>) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE job SET state = 'queued', attempts = 0, run_at = $3, error_code = NULL, finished_at = NULL
         WHERE job_id = $1 AND state = $2",
        id.0,
        state as JobState,
        now
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Forgets what need not be kept: answers kept for retries before `answers`, jobs that ended before `jobs` (with their
/// files and rejected lines). Returns how many of each.
pub async fn purge(uow: &mut Uow, answers: DateTime<Utc>, jobs: DateTime<Utc>) -> Result<(u64, u64), Error> {
    let answers = sqlx::query!("DELETE FROM idempotency_record WHERE created_at < $1", answers);
    let answers = answers.execute(uow.conn()).await?.rows_affected();
    let jobs = sqlx::query!("DELETE FROM job WHERE finished_at < $1 AND NOT kept", jobs);
    let jobs = jobs.execute(uow.conn()).await?.rows_affected();
    Ok((answers, jobs))
}

/// Shows how far a job is.
pub async fn note_progress(conn: &mut PgConnection, id: JobId, progress: &Value) -> Result<(), Error> {
    sqlx::query!("UPDATE job SET progress = $2 WHERE job_id = $1", id.0, progress).execute(conn).await?;
    Ok(())
}
