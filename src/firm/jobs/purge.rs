//! Forgetting what need not be kept.

use chrono::Duration;
use serde_json::json;

use super::events::RecordsPurged;
use crate::audit;
use platform::kernel::event::Event;
use platform::worker::{self, JobContext, JobResult};

/// The kind of these jobs.
pub const PURGE: &str = "purge";

/// Answers kept for retries are good for a day.
const KEEP_ANSWERS: Duration = Duration::hours(24);
/// Ended jobs are kept so long, with their files and rejected lines.
const KEEP_JOBS: Duration = Duration::days(90);

/// Purges once.
pub async fn purge(context: JobContext) -> JobResult {
    let mut uow = context.begin().await?;
    let now = uow.now();
    let (answers, jobs) = worker::purge(&mut uow, now - KEEP_ANSWERS, now - KEEP_JOBS).await?;
    let client_reads = audit::purge_reads(&mut uow).await?;
    let event = RecordsPurged { answers, jobs, client_reads: Some(client_reads) };
    uow.record(Event::new(event, context.job.job_id.0));
    context.complete(uow, json!({ "answers": answers, "jobs": jobs, "client_reads": client_reads })).await
}
