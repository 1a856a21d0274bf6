//! Scoring runs.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::super::model::ScoringRun;
use platform::kernel::error::Error;
use platform::kernel::ids::{ChurnModelId, JobId, ScoringRunId};
use platform::kernel::page::{Page, PageRequest};

/// Where a page of runs ended.
pub type RunKey = (NaiveDate, ScoringRunId);

struct Row {
    scoring_run_id: uuid::Uuid,
    job_id: uuid::Uuid,
    as_of: NaiveDate,
    horizon_days: i32,
    churn_model_id: uuid::Uuid,
    summary: Value,
    created_at: DateTime<Utc>,
}

impl Row {
    fn run(self) -> Result<ScoringRun, Error> {
        Ok(ScoringRun {
            scoring_run_id: ScoringRunId(self.scoring_run_id),
            job_id: JobId(self.job_id),
            as_of: self.as_of,
            horizon_days: self.horizon_days.unsigned_abs(),
            churn_model_id: ChurnModelId(self.churn_model_id),
            summary: serde_json::from_value(self.summary).map_err(Error::internal)?,
            created_at: self.created_at,
        })
    }
}

/// Keeps other runs waiting until this transaction ends: one after the other is what makes the second find nothing to
/// do.
pub async fn one_at_a_time(conn: &mut PgConnection) -> Result<(), Error> {
    // A run may take longer than anybody else waits for a lock.
    sqlx::query!("SET LOCAL lock_timeout = 0").execute(&mut *conn).await?;
    sqlx::query!("SELECT pg_advisory_xact_lock(7261010)").execute(&mut *conn).await?;
    sqlx::query!("SET LOCAL lock_timeout TO DEFAULT").execute(conn).await?;
    Ok(())
}

/// The last day that was scored, and when.
pub async fn newest(conn: &mut PgConnection) -> Result<Option<(NaiveDate, DateTime<Utc>)>, Error> {
    let row =
        sqlx::query!("SELECT as_of, created_at FROM scoring_run ORDER BY as_of DESC, scoring_run_id DESC LIMIT 1");
    Ok(row.fetch_optional(conn).await?.map(|row| (row.as_of, row.created_at)))
}

/// The run of a job, if it was done.
pub async fn of_job(conn: &mut PgConnection, job_id: JobId) -> Result<Option<ScoringRun>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT scoring_run_id, job_id, as_of, horizon_days, churn_model_id, summary, created_at FROM scoring_run WHERE job_id = $1",
        job_id.0
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::run).transpose()
}

/// Enters a run.
pub async fn insert(conn: &mut PgConnection, run: &ScoringRun) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO scoring_run (scoring_run_id, job_id, as_of, horizon_days, churn_model_id, summary, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        run.scoring_run_id.0,
        run.job_id.0,
        run.as_of,
        run.horizon_days.cast_signed(),
        run.churn_model_id.0,
        json!(run.summary),
        run.created_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the summary of a run entered before.
pub async fn set_summary(conn: &mut PgConnection, run: &ScoringRun) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE scoring_run SET summary = $2 WHERE scoring_run_id = $1",
        run.scoring_run_id.0,
        json!(run.summary)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Runs, latest day first.
pub async fn list(conn: &mut PgConnection, page: &PageRequest<RunKey>) -> Result<Page<ScoringRun, RunKey>, Error> {
    let (day, id) = page.after.unwrap_or((NaiveDate::MAX, ScoringRunId(uuid::Uuid::max())));
    let rows = sqlx::query_as!(
        Row,
        "SELECT scoring_run_id, job_id, as_of, horizon_days, churn_model_id, summary, created_at FROM scoring_run
         WHERE (as_of, scoring_run_id) < ($1, $2) ORDER BY as_of DESC, scoring_run_id DESC LIMIT $3",
        // The calendar of PostgreSQL ends before ours.
        day.min(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default()),
        id.0,
        i64::from(page.limit) + 1
    )
    .fetch_all(conn)
    .await?;
    let runs = rows.into_iter().map(Row::run).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_rows(runs, page.limit, |run| (run.as_of, run.scoring_run_id)))
}

/// One run.
pub async fn one(conn: &mut PgConnection, id: ScoringRunId) -> Result<Option<ScoringRun>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT scoring_run_id, job_id, as_of, horizon_days, churn_model_id, summary, created_at FROM scoring_run WHERE scoring_run_id = $1",
        id.0
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::run).transpose()
}
