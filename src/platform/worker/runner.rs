//! Runs jobs: claims, keeps the lease while the handler works, ends.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::jobs::{self, Job, JobState};
use super::{relay, schedule};
use crate::db::{Db, Lane};
use crate::kernel::error::Error;
use crate::kernel::ids::JobId;
use crate::kernel::principal::Caller;

/// A worker that dies loses its job after this long.
const LEASE: chrono::Duration = chrono::Duration::seconds(20);
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How often a worker looks for jobs that nobody told it about.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
const TIDY_EVERY: Duration = Duration::from_secs(600);

/// What a handler gets.
#[derive(Clone)]
pub struct JobContext {
    /// The database, in the worker's lane.
    pub db: Db,
    /// The job.
    pub job: Job,
    /// The named system principal jobs act as.
    pub caller: Caller,
}

/// What a handler gives: the result shown with the job.
pub type JobResult = Result<Value, Error>;

/// Does one kind of job.
pub type Handler = fn(JobContext) -> Pin<Box<dyn Future<Output = JobResult> + Send>>;

/// A kind of job and what does it.
#[derive(Clone, Copy)]
pub struct JobKind {
    /// As jobs name it.
    pub kind: &'static str,
    /// Does one.
    pub handle: Handler,
}

/// Takes jobs and does them, one at a time.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    handlers: Arc<HashMap<&'static str, Handler>>,
    wake: Arc<Notify>,
}

impl Runner {
    /// A runner for these kinds of jobs.
    pub fn new(db: &Db, kinds: impl IntoIterator<Item = JobKind>) -> Self {
        let handlers = kinds.into_iter().map(|kind| (kind.kind, kind.handle)).collect();
        Self { db: db.lane(Lane::Worker), handlers: Arc::new(handlers), wake: Arc::default() }
    }

    /// Tells the runner there is something new to do.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Works until told to stop; the job under way is finished first, or handed back by its lease.
    pub async fn run(self, stop: Arc<Notify>) {
        tokio::select! {
            () = self.work(&stop) => {}
            () = self.keep_house() => {}
        }
    }

    async fn work(&self, stop: &Notify) {
        loop {
            let worked = self.run_next(None).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the worker could not take a job");
                None
            });
            let pause = if worked.is_some() { Duration::ZERO } else { LOOK_AGAIN };
            tokio::select! {
                () = stop.notified() => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Relays events and tidies up, however long the job beside it takes.
    async fn keep_house(&self) {
        let mut tidied: Option<tokio::time::Instant> = None;
        loop {
            log_failure(relay::relay_events(&self.db).await, "relaying events");
            if tidied.is_none_or(|at| at.elapsed() > TIDY_EVERY) {
                tidied = Some(tokio::time::Instant::now());
                log_failure(schedule::tidy(&self.db).await, "tidying");
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Does one job that never waits for others: the one named, or whichever is due.
    pub async fn run_next(&self, only: Option<JobId>) -> Result<Option<JobId>, Error> {
        #[expect(clippy::disallowed_methods, reason = "a fencing token only has to be unlike any other")]
        let token = Uuid::now_v7();
        let mut connection = self.db.connection().await?;
        jobs::give_up_on_lost(&mut connection, self.db.now()).await?;
        let claimed = jobs::claim(&mut connection, only, token, self.db.now(), LEASE).await?;
        drop(connection);
        let Some(job) = claimed else { return Ok(None) };
        let id = job.job_id;
        let outcome = self.while_leased(&job, token).await;
        self.end(&job, token, outcome).await?;
        Ok(Some(id))
    }

    /// Waits until a job has ended, doing it here unless another worker has it.
    pub async fn wait_for(&self, id: JobId) -> Result<Job, Error> {
        loop {
            self.run_next(Some(id)).await?;
            let found = jobs::find(&mut *self.db.connection().await?, id).await?.ok_or_else(Error::not_found)?;
            if matches!(found.state, JobState::Succeeded | JobState::Failed) {
                return Ok(found);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn while_leased(&self, job: &Job, token: Uuid) -> JobResult {
        let Some(handler) = self.handlers.get(job.kind.as_str()) else {
            return Err(Error::internal(format!("no handler for jobs of kind {}", job.kind)));
        };
        let caller = Caller::system("worker", job.job_id.to_string());
        // Whatever ends this function ends the work too: nobody works on a job that is somebody else's by now.
        let mut work = JoinSet::new();
        work.spawn(handler(JobContext { db: self.db.clone(), job: job.clone(), caller }));
        let mut ours_until = self.db.now() + LEASE;
        loop {
            tokio::select! {
                Some(outcome) = work.join_next() => return outcome.map_err(Error::internal)?,
                () = tokio::time::sleep(HEARTBEAT) => {
                    let until = self.db.now() + LEASE;
                    match self.extend(job, token, until).await {
                        Ok(true) => ours_until = until,
                        // A busy database is no reason to give a job back; a lease that is over is.
                        Err(error) if self.db.now() < ours_until => {
                            tracing::warn!(job_id = %job.job_id, %error, "the lease was not extended, and is tried again");
                        }
                        Ok(false) | Err(_) => {
                            work.shutdown().await;
                            return Err(Error::internal("the lease was lost"));
                        }
                    }
                }
            }
        }
    }

    async fn extend(&self, job: &Job, token: Uuid, until: DateTime<Utc>) -> Result<bool, Error> {
        jobs::extend(&mut *self.db.connection().await?, job.job_id, token, until).await
    }

    async fn end(&self, job: &Job, token: Uuid, outcome: JobResult) -> Result<(), Error> {
        let mut connection = self.db.connection().await?;
        let now = self.db.now();
        match outcome {
            Ok(result) => jobs::succeed(&mut connection, job.job_id, token, &result, now).await,
            Err(error) => {
                let (code, final_) = match &error {
                    Error::Refused(refusal) => (refusal.code.code, refusal.retry_after_s.is_none()),
                    _ => ("internal", false),
                };
                tracing::warn!(job_id = %job.job_id, kind = job.kind, %error, "a job failed");
                jobs::fail(&mut connection, job.job_id, token, code, final_, now, backoff(job.attempts, token)).await
            }
        }
    }
}

/// 2, 4, 8 … seconds, at most ten minutes, and up to a quarter more so that jobs do not come back in step.
fn backoff(attempts: i32, token: Uuid) -> chrono::Duration {
    let seconds = 2_i64.saturating_pow(attempts.clamp(1, 20).unsigned_abs()).min(600);
    let jitter = i64::from(token.as_bytes()[15]) * seconds * 1000 / 1024;
    chrono::Duration::milliseconds(seconds * 1000 + jitter)
}

fn log_failure(outcome: Result<(), Error>, doing: &str) {
    if let Err(error) = outcome {
        tracing::warn!(%error, doing, "will be tried again");
    }
}
