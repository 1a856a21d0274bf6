//! Who works on a job: leases with a fencing token.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Job, JobState};
use crate::kernel::error::Error;
use crate::kernel::ids::JobId;

/// Ends jobs whose worker died on their last try: whatever kills workers must not go on for ever.
pub(super) async fn give_up_on_lost(conn: &mut PgConnection, now: DateTime<Utc>, lease: Duration) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE job SET state = 'failed', error_code = 'worker_lost', finished_at = $1, lease_token = NULL, leased_until = NULL
         WHERE state = 'running' AND (leased_until < $1 OR leased_until > $2) AND attempts >= max_attempts",
        now,
        now + lease
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the next due job of these kinds, or the one named, for `lease`. Jobs whose worker died are taken over once
/// their lease is over; one that ends later than a lease could was given before the clock was set back, and is over
/// too.
pub(super) async fn claim(
    conn: &mut PgConnection,
    only: Option<JobId>,
    kinds: &[String],
    token: Uuid,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Option<Job>, Error> {
    let job = sqlx::query_as!(
        Job,
        r#"UPDATE job SET state = 'running', attempts = attempts + 1, lease_token = $2, leased_until = $4,
                  started_at = coalesce(started_at, $3)
           WHERE job_id = (SELECT job_id FROM job
                           WHERE state IN ('queued', 'running') AND run_at <= $3
                             AND (leased_until IS NULL OR leased_until < $3 OR leased_until > $4)
                             AND attempts < max_attempts AND kind = ANY($5)
                             AND ($1::uuid IS NULL OR job_id = $1)
                           ORDER BY priority DESC, run_at, job_id FOR UPDATE SKIP LOCKED LIMIT 1)
           RETURNING job_id AS "job_id: JobId", kind, key, payload, state AS "state: JobState", attempts, progress, result, error_code,
                     requested_by, created_at, run_at, started_at, finished_at"#,
        only.map(|id| id.0),
        token,
        now,
        now + lease,
        kinds
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

/// Ends a job well; false when another worker has it by now, or nobody.
pub(super) async fn succeed(
    conn: &mut PgConnection,
    id: JobId,
    token: Uuid,
    result: &Value,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE job SET state = 'succeeded', result = $3, error_code = NULL, finished_at = $4, lease_token = NULL, leased_until = NULL
         WHERE job_id = $1 AND lease_token = $2",
        id.0,
        token,
        result,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
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
