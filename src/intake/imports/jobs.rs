//! The job that takes an upload in.

use std::io::{self, Read};

use serde_json::Value;
use tokio::sync::mpsc;

use super::events::ImportRead;
use super::model::Kind;
use super::service::{self, Import, JOB_TRIES, Payload, Progress};
use super::{LINES_REJECTED, NOTHING_APPLIED, store};
use platform::bulk;
use platform::db::{Db, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::JobId;
use platform::kernel::principal::{Caller, Principal};
use platform::worker::{self, JobContext, JobResult};

/// Takes an upload in. A job that was killed goes on where it stopped; the upload is deleted when nobody will need it.
pub async fn handle(context: JobContext) -> JobResult {
    let (db, job_id) = (context.db.clone(), context.job.job_id);
    let is_last_try = context.job.attempts >= JOB_TRIES;
    let outcome = take_in(context).await;
    let is_final = match &outcome {
        Ok(_) => false,
        Err(Error::Refused(refusal)) => refusal.retry_after_s.is_none(),
        Err(_) => false,
    };
    if outcome.is_err() && (is_final || is_last_try) {
        store::delete_chunks(&mut *db.connection().await?, job_id).await?;
    }
    outcome
}

async fn take_in(context: JobContext) -> JobResult {
    let JobContext { db, job, caller, .. } = context;
    let payload: Payload = serde_json::from_value(job.payload).map_err(Error::internal)?;
    let done: Progress = serde_json::from_value(job.progress).unwrap_or_default();
    if let Some(summary) = &done.summary {
        return serde_json::to_value(summary).map_err(Error::internal);
    }
    let caller = on_behalf_of(&caller, &payload, &job.requested_by);
    let strict = payload.options.strict;
    let input = Upload::of_job(&db, job.job_id, payload.facts.bytes);
    let import = Import::start(&db, caller.clone(), payload.options, payload.facts, input).await?;
    let mut import = import.of_job(job.job_id, done);
    while import.step().await?.is_some() {}
    let (plan, refused) = match import.plan() {
        Err(Error::Refused(refusal)) => (None, Some(refusal.code.code.to_owned())),
        plan => (plan?, None),
    };
    let (mut progress, mut summary) = import.finish();
    summary.no_bulk_plan = refused;
    let counts = &summary.counts;
    if strict && counts.rejected > 0 {
        return Err(Error::code(&LINES_REJECTED));
    }
    if !counts.anything_applied() {
        return Err(Error::code(&NOTHING_APPLIED));
    }
    // The plan is of whoever sent the file, and is theirs to see and to commit.
    let planner = Principal { name: job.requested_by, ..(*caller.principal).clone() };
    let mut uow = db.begin(&Caller { principal: planner.into(), ..caller }).await?;
    if let Some(plan) = plan {
        summary.bulk_plan_id = Some(bulk::plan(&mut uow, plan).await?.bulk_plan_id);
    }
    let result = serde_json::to_value(&summary).map_err(Error::internal)?;
    progress.summary = Some(summary);
    end(uow, job.job_id, &progress).await?;
    Ok(result)
}

/// The result and the end of the upload in one unit: a worker that dies just after knows that all is done.
async fn end(mut uow: Uow, job_id: JobId, progress: &Progress) -> Result<(), Error> {
    let shown: Value = serde_json::to_value(progress).map_err(Error::internal)?;
    worker::note_progress(uow.conn(), job_id, &shown).await?;
    store::delete_chunks(uow.conn(), job_id).await?;
    uow.record(Event::new(ImportRead {}, job_id.0));
    uow.finish(()).await
}

/// The worker, seeing no more than the one who sent the file. What the file changes, they change: nobody approves
/// what they asked for in a file.
fn on_behalf_of(caller: &Caller, payload: &Payload, requested_by: &str) -> Caller {
    let (visibility, branch_id) = (payload.visibility(), payload.home());
    let mut principal = Principal { visibility, branch_id, ..(*caller.principal).clone() };
    if payload.options.kind == Kind::Clients {
        requested_by.clone_into(&mut principal.name);
    }
    Caller { principal: principal.into(), ..caller.clone() }
}

/// An upload, read from the database part by part by a thread that may wait.
struct Upload {
    parts: mpsc::Receiver<Result<Vec<u8>, Error>>,
    part: io::Cursor<Vec<u8>>,
    /// Bytes still to come.
    left: u64,
}

impl Upload {
    fn of_job(db: &Db, id: JobId, bytes: u64) -> Self {
        let (sender, parts) = mpsc::channel(2);
        let db = db.clone();
        tokio::spawn(async move {
            for sequence in 0.. {
                let Some(part) = service::part(&db, id, sequence).await.transpose() else { return };
                if sender.send(part).await.is_err() {
                    return;
                }
            }
        });
        Self { parts, part: io::Cursor::default(), left: bytes }
    }
}

impl Read for Upload {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.part.read(buffer)? {
                0 => match self.parts.blocking_recv() {
                    Some(part) => self.part = io::Cursor::new(part.map_err(io::Error::other)?),
                    None if self.left > 0 => return Err(io::Error::other("a part of the upload is missing")),
                    None => return Ok(0),
                },
                read => {
                    self.left = self.left.saturating_sub(read as u64);
                    return Ok(read);
                }
            }
        }
    }
}
