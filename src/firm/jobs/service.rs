//! Who may follow a job or move a schedule, and what they may do with it.

use serde_json::json;

use super::events::*;
use platform::db::{Read, Uow};
use platform::kernel::calendar::TimeOfDay;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::JobId;
use platform::kernel::lifecycle;
use platform::kernel::lock::Lock;
use platform::kernel::page::{Page, PageRequest};
use platform::worker::schedules::{self, StoredSchedule};
use platform::worker::{self, Job, JobAction, JobFilter};

use crate::calendars;

/// A job the caller asked for, or any job for whoever sees the whole firm.
pub async fn visible(read: &mut Read, id: JobId) -> Result<Job, Error> {
    let found = worker::find(read.conn(), id).await?;
    let in_scope = |job: &Job| read.scope().firm || job.requested_by == read.caller().principal.name;
    found.filter(in_scope).ok_or_else(Error::not_found)
}

/// Jobs the caller may follow, newest first.
pub async fn list(
    read: &mut Read,
    mut filter: JobFilter,
    page: &PageRequest<JobId>,
) -> Result<Page<Job, JobId>, Error> {
    if !read.scope().firm {
        filter.requested_by = Some(read.caller().principal.name.clone());
    }
    worker::list(read.conn(), &filter, page).await
}

/// Calls off a job or queues it once more.
pub async fn act(uow: &mut Uow, id: JobId, action: JobAction) -> Result<Job, Error> {
    let mut lock = Lock::none();
    loop {
        let before = visible(uow, id).await?;
        lifecycle::step(before.state, action)?;
        let now = uow.now();
        let reference = JobReference { kind: before.kind };
        let (done, event) = match action {
            JobAction::Cancel => {
                let done = worker::cancel(uow.conn(), id, before.state, now).await?;
                (done, Event::new(JobCancelled(reference), id.0))
            }
            _ => {
                let done = worker::retry(uow.conn(), id, before.state, now).await?;
                (done, Event::new(JobRetried(reference), id.0))
            }
        };
        if done {
            uow.record(event);
            return visible(uow, id).await;
        }
        lock.overtaken()?;
    }
}

/// What an operator changes about a schedule.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleChange {
    /// Whether it runs.
    pub enabled: Option<bool>,
    /// At what time of day.
    pub time_of_day: Option<TimeOfDay>,
}

/// Schedules by code.
pub async fn list_schedules(
    read: &mut Read,
    page: &PageRequest<String>,
) -> Result<Page<StoredSchedule, String>, Error> {
    schedules::list(read.conn(), page).await
}

/// One schedule.
pub async fn schedule(read: &mut Read, code: &str) -> Result<StoredSchedule, Error> {
    schedules::find(read.conn(), code).await?.ok_or_else(Error::not_found)
}

/// Switches a schedule or moves its time; it runs next at its first time after now.
pub async fn change_schedule(
    uow: &mut Uow,
    code: &str,
    change: ScheduleChange,
    mut lock: Lock,
) -> Result<StoredSchedule, Error> {
    loop {
        let before = schedule(uow, code).await?;
        lock.check(before.row_version)?;
        let mut after = before.clone();
        after.enabled = change.enabled.unwrap_or(before.enabled);
        after.when.at = change.time_of_day.unwrap_or(before.when.at);
        if after == before {
            return Ok(before);
        }
        after.next_run_at = schedules::next_run(uow, &after.when, calendars::SOURCE).await?;
        if schedules::update(uow.conn(), &after, before.row_version).await? {
            let (enabled, time_of_day) = (after.enabled, after.when.at);
            let shown = |s: &StoredSchedule| json!({ "enabled": s.enabled, "time_of_day": s.when.at });
            let event = Event::new(ScheduleChanged { schedule: code.to_owned(), enabled, time_of_day }, None);
            uow.record(event.change(&shown(&before), &shown(&after)));
            return Ok(StoredSchedule { row_version: before.row_version + 1, ..after });
        }
        lock.overtaken()?;
    }
}
