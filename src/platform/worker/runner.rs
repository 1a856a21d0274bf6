//! Runs jobs: claims, keeps the lease while the handler works, ends.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::context::{Handler, JobContext, JobKind, JobResult};
use super::model::Job;
use super::schedules::{self, CalendarSource, Schedule};
use super::subscribers::{self, Subscriber};
use super::{jobs, lease, relay};
use crate::db::{Db, Lane};
use crate::kernel::error::Error;
use crate::kernel::ids::JobId;
use crate::kernel::principal::Caller;

/// A worker that dies loses its job after this long.
const LEASE: chrono::Duration = chrono::Duration::seconds(20);
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How often a worker looks for jobs that nobody announced to it.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// Workers that take whatever is due. One: files are taken in the order they came.
const FOR_ALL: usize = 1;
/// Workers kept for short jobs, so that no long one delays a clock.
const FOR_SHORT: usize = 2;

/// Takes jobs and does them.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    handlers: Arc<HashMap<&'static str, Handler>>,
    kinds: Arc<[String]>,
    short: Arc<[String]>,
    schedules: Option<(Arc<[Schedule]>, CalendarSource)>,
    subscribers: Arc<[Subscriber]>,
    wake: Arc<Notify>,
}

impl Runner {
    /// A runner for these kinds of jobs; jobs of other kinds wait for one that knows them.
    pub fn new(db: &Db, kinds: impl IntoIterator<Item = JobKind>) -> Self {
        let all: Vec<JobKind> = kinds.into_iter().collect();
        let names =
            |short: bool| all.iter().filter(|kind| kind.short || !short).map(|kind| kind.kind.to_owned()).collect();
        Self {
            db: db.lane(Lane::Worker),
            handlers: Arc::new(all.iter().map(|kind| (kind.kind, kind.handle)).collect()),
            kinds: names(false),
            short: names(true),
            schedules: None,
            subscribers: Arc::default(),
            wake: Arc::default(),
        }
    }

    /// Fires these schedules too.
    #[must_use]
    pub fn with_schedules(mut self, schedules: impl IntoIterator<Item = Schedule>, calendars: CalendarSource) -> Self {
        self.schedules = Some((schedules.into_iter().collect(), calendars));
        self
    }

    /// Hands events to these subscribers too.
    #[must_use]
    pub fn with_subscribers(mut self, subscribers: impl IntoIterator<Item = Subscriber>) -> Self {
        self.subscribers = subscribers.into_iter().collect();
        self
    }

    /// Tells the runner there is something new to do.
    pub fn wake(&self) {
        self.wake.notify_waiters();
    }

    /// Works until it is to stop; jobs under way are finished first, or handed back by their lease.
    pub async fn run(self, stop: Arc<Notify>) {
        let (ending, end) = watch::channel(false);
        let kinds = std::iter::repeat_n(&self.kinds, FOR_ALL).chain(std::iter::repeat_n(&self.short, FOR_SHORT));
        let working = join_all(kinds.map(|kinds| self.work(kinds, end.clone())));
        let stopping = async {
            stop.notified().await;
            ending.send_replace(true);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            _ = working => {}
            () = self.keep_up() => {}
            () = stopping => {}
        }
    }

    async fn work(&self, kinds: &[String], mut end: watch::Receiver<bool>) {
        while !*end.borrow() {
            let worked = self.next(kinds, None).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the worker could not take a job");
                None
            });
            let pause = if worked.is_some() { Duration::ZERO } else { LOOK_AGAIN };
            tokio::select! {
                _ = end.changed() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Relays events and fires schedules, however long the jobs beside it take.
    async fn keep_up(&self) {
        loop {
            log_failure(relay::relay_events(&self.db).await, "relaying events");
            for subscriber in self.subscribers.iter() {
                log_failure(subscribers::deliver(&self.db, subscriber).await.map(drop), subscriber.consumer);
            }
            log_failure(self.fire_schedules().await.map(drop), "firing schedules");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Enqueues the jobs of the schedules that are due; how many.
    pub async fn fire_schedules(&self) -> Result<usize, Error> {
        match &self.schedules {
            Some((schedules, calendars)) => schedules::fire(&self.db, schedules, *calendars).await,
            None => Ok(0),
        }
    }

    /// Does one job that never waits for others: the one named, or whichever is due.
    pub async fn run_next(&self, only: Option<JobId>) -> Result<Option<JobId>, Error> {
        self.next(&self.kinds, only).await
    }

    async fn next(&self, kinds: &[String], only: Option<JobId>) -> Result<Option<JobId>, Error> {
        #[expect(clippy::disallowed_methods, reason = "a fencing token only has to be unlike any other")]
        let token = Uuid::now_v7();
        let mut connection = self.db.connection().await?;
        lease::give_up_on_lost(&mut connection, self.db.now(), LEASE).await?;
        let claimed = lease::claim(&mut connection, only, kinds, token, self.db.now(), LEASE).await?;
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
            if found.state.has_ended() {
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
        work.spawn(handler(JobContext { db: self.db.clone(), job: job.clone(), caller, token }));
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
        lease::extend(&mut *self.db.connection().await?, job.job_id, token, until).await
    }

    async fn end(&self, job: &Job, token: Uuid, outcome: JobResult) -> Result<(), Error> {
        let mut connection = self.db.connection().await?;
        let now = self.db.now();
        match outcome {
            // Whoever committed the end together with the effect has ended it already.
            Ok(result) => lease::succeed(&mut connection, job.job_id, token, &result, now).await.map(drop),
            Err(error) => {
                let (code, final_) = match &error {
                    Error::Refused(refusal) => (refusal.code.code, refusal.retry_after_s.is_none()),
                    _ => ("internal", false),
                };
                tracing::warn!(job_id = %job.job_id, kind = job.kind, %error, "a job failed");
                lease::fail(&mut connection, job.job_id, token, code, final_, now, backoff(job.attempts, token)).await
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
