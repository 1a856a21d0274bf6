//! What the handler of a job gets and gives.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::{PoisonError, RwLock};

use serde_json::Value;
use uuid::Uuid;

use super::lease;
use super::model::Job;
use crate::db::{Db, Uow};
use crate::kernel::error::Error;
use crate::kernel::principal::Caller;

/// What a handler gets.
#[derive(Clone)]
pub struct JobContext {
    /// The database, in the worker's lane.
    pub db: Db,
    /// The job.
    pub job: Job,
    /// The named system principal jobs act as.
    pub caller: Caller,
    /// The fencing token of the lease: nobody ends the job without it.
    pub token: Uuid,
}

/// What a handler gives: the result shown with the job.
pub type JobResult = Result<Value, Error>;

impl JobContext {
    /// A unit of work of the job.
    pub async fn begin(&self) -> Result<Uow, Error> {
        self.db.begin(&self.caller).await
    }

    /// Commits what was done together with the job's end: both happen, or neither. A worker whose lease another one has
    /// by now undoes nothing of theirs.
    pub async fn complete(&self, mut uow: Uow, result: Value) -> JobResult {
        let now = uow.now();
        if !lease::succeed(uow.conn(), self.job.job_id, self.token, &result, now).await? {
            return Err(Error::internal("the lease was lost"));
        }
        uow.finish_job().await?;
        Ok(result)
    }
}

/// Does one kind of job.
pub type Handler = fn(JobContext) -> Pin<Box<dyn Future<Output = JobResult> + Send>>;

/// A kind of job and what does it.
#[derive(Clone, Copy)]
pub struct JobKind {
    /// As jobs name it.
    pub kind: &'static str,
    /// Does one.
    pub handle: Handler,
    /// It takes seconds, and workers kept for such jobs do it while a long one runs.
    pub short: bool,
}

impl JobKind {
    /// A kind whose jobs take seconds.
    pub const fn short(kind: &'static str, handle: Handler) -> Self {
        Self { kind, handle, short: true }
    }

    /// A kind whose jobs may take minutes; one after the other.
    pub const fn long(kind: &'static str, handle: Handler) -> Self {
        Self { kind, handle, short: false }
    }
}

static KNOWN: RwLock<BTreeSet<&'static str>> = RwLock::new(BTreeSet::new());

/// Makes kinds known that somebody does: no job of another kind is taken on, for it would wait for ever.
pub fn install(kinds: impl IntoIterator<Item = JobKind>) {
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).extend(kinds.into_iter().map(|kind| kind.kind));
}

pub(super) fn is_known(kind: &str) -> bool {
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).contains(kind)
}
