//! What is done again and again: schedules are rows, registered from the manifests, moved by operators, and fired into
//! jobs.

use chrono::{DateTime, NaiveTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::jobs;
use super::model::NewJob;
use crate::boxed::Boxed;
use crate::db::{Db, Read, Uow};
use crate::kernel::calendar::{Calendar, CalendarKind, Every, Recurrence, TimeOfDay};
use crate::kernel::decision::Text;
use crate::kernel::error::Error;
use crate::kernel::ids::JobId;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::principal::Caller;

/// A schedule as a manifest names it: what is done, and when unless an operator says otherwise.
#[derive(Clone, Copy)]
pub struct Schedule {
    /// Stable, snake_case.
    pub code: &'static str,
    /// What it is called.
    pub en: &'static str,
    /// What it is called, in Chinese.
    pub zh: &'static str,
    /// The job it enqueues, under its code as key: one that still runs is not doubled.
    pub job: fn() -> NewJob,
    /// When.
    pub when: Recurrence,
    /// Whether it runs before anybody says so.
    pub enabled: bool,
}

impl Schedule {
    /// Its name in two languages.
    pub fn name(&self) -> Text {
        Text::new(self.en, self.zh)
    }
}

/// Gives the calendar of a kind. The platform knows no slice, so the composition root passes it in.
pub type CalendarSource = for<'a> fn(&'a mut Read, CalendarKind) -> Boxed<'a, Result<Calendar, Error>>;

/// A schedule as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSchedule {
    /// Which one.
    pub code: String,
    /// When.
    pub when: Recurrence,
    /// Whether it runs.
    pub enabled: bool,
    /// When it runs next, if it does.
    pub next_run_at: DateTime<Utc>,
    /// The job it enqueued last.
    pub last_job_id: Option<JobId>,
    /// Moves with every change an operator makes.
    pub row_version: i64,
}

struct Row {
    code: String,
    every: Every,
    day_of_month: Option<i16>,
    time_of_day: NaiveTime,
    enabled: bool,
    next_run_at: DateTime<Utc>,
    last_job_id: Option<Uuid>,
    row_version: i64,
}

impl From<Row> for StoredSchedule {
    fn from(row: Row) -> Self {
        let day_of_month = row.day_of_month.map_or(1, |day| u32::from(day.unsigned_abs()));
        Self {
            code: row.code,
            when: Recurrence { every: row.every, day_of_month, at: TimeOfDay(row.time_of_day) },
            enabled: row.enabled,
            next_run_at: row.next_run_at,
            last_job_id: row.last_job_id.map(JobId),
            row_version: row.row_version,
        }
    }
}

/// When a time comes round next, by the calendar it counts with.
pub async fn next_run(read: &mut Read, when: &Recurrence, calendars: CalendarSource) -> Result<DateTime<Utc>, Error> {
    let kind = if when.every == Every::TradingDay { CalendarKind::Trading } else { CalendarKind::Working };
    let calendar = calendars(read, kind).await?;
    Ok(when.next_after(read.now(), &calendar))
}

/// Enters the schedules that are not there yet; those that are stay as an operator left them.
pub async fn register(uow: &mut Uow, schedules: &[Schedule], calendars: CalendarSource) -> Result<(), Error> {
    for schedule in schedules {
        let known = sqlx::query_scalar!(r#"SELECT TRUE AS "known!" FROM schedule WHERE code = $1"#, schedule.code);
        if known.fetch_optional(uow.conn()).await?.is_some() {
            continue;
        }
        let next_run_at = next_run(uow, &schedule.when, calendars).await?;
        sqlx::query!(
            "INSERT INTO schedule (code, every, day_of_month, time_of_day, enabled, next_run_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            schedule.code,
            schedule.when.every as Every,
            day_of_month(&schedule.when),
            schedule.when.at.0,
            schedule.enabled,
            next_run_at
        )
        .execute(uow.conn())
        .await?;
    }
    Ok(())
}

fn day_of_month(when: &Recurrence) -> Option<i16> {
    (when.every == Every::Month).then(|| i16::try_from(when.day_of_month).unwrap_or(31))
}

/// Enqueues the job of every schedule whose time has come, and moves it on to its next time; both or neither. Times
/// that went by while nobody worked are made up for once. Returns how many fired.
pub async fn fire(db: &Db, schedules: &[Schedule], calendars: CalendarSource) -> Result<usize, Error> {
    let due = sqlx::query_scalar!("SELECT code FROM schedule WHERE enabled AND next_run_at <= $1", db.now());
    let due = due.fetch_all(&mut *db.connection().await?).await?;
    let mut fired = 0;
    for code in due {
        // A schedule of a version that was or will be is left alone.
        let Some(schedule) = schedules.iter().find(|schedule| schedule.code == code) else { continue };
        let mut uow = db.begin(&Caller::system("scheduler", schedule.code)).await?;
        // Another process that fires it holds its row.
        let stored = sqlx::query_as!(
            Row,
            r#"SELECT code, every AS "every: Every", day_of_month, time_of_day, enabled, next_run_at, last_job_id, row_version
               FROM schedule WHERE code = $1 AND enabled AND next_run_at <= $2 FOR UPDATE SKIP LOCKED"#,
            code,
            uow.now()
        )
        .fetch_optional(uow.conn())
        .await?;
        let Some(stored) = stored.map(StoredSchedule::from) else { continue };
        let next_run_at = next_run(&mut uow, &stored.when, calendars).await?;
        let job_id = jobs::enqueue(&mut uow, (schedule.job)().key(schedule.code)).await?;
        sqlx::query!(
            "UPDATE schedule SET next_run_at = $2, last_job_id = $3 WHERE code = $1",
            code,
            next_run_at,
            job_id.0
        )
        .execute(uow.conn())
        .await?;
        uow.finish_job().await?;
        fired += 1;
    }
    Ok(fired)
}

/// Schedules by code.
pub async fn list(conn: &mut PgConnection, page: &PageRequest<String>) -> Result<Page<StoredSchedule, String>, Error> {
    let rows = rows(conn, None, page.after.as_deref(), i64::from(page.limit) + 1).await?;
    Ok(Page::from_rows(rows, page.limit, |schedule| schedule.code.clone()))
}

/// One schedule.
pub async fn find(conn: &mut PgConnection, code: &str) -> Result<Option<StoredSchedule>, Error> {
    Ok(rows(conn, Some(code), None, 1).await?.pop())
}

async fn rows(
    conn: &mut PgConnection,
    only: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<StoredSchedule>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT code, every AS "every: Every", day_of_month, time_of_day, enabled, next_run_at, last_job_id, row_version
           FROM schedule WHERE ($1::text IS NULL OR code = $1) AND ($2::text IS NULL OR code > $2) ORDER BY code LIMIT $3"#,
        only,
        after,
        limit
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(StoredSchedule::from).collect())
}

/// Writes what an operator set over the version that was read; false when that is no longer the current one.
pub async fn update(conn: &mut PgConnection, schedule: &StoredSchedule, version: i64) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE schedule SET enabled = $2, time_of_day = $3, next_run_at = $4, row_version = row_version + 1
         WHERE code = $1 AND row_version = $5",
        schedule.code,
        schedule.enabled,
        schedule.when.at.0,
        schedule.next_run_at,
        version
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
