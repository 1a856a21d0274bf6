//! Jobs as values: what a kind of job is, what is asked for, how a job lives.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::kernel::ids::JobId;
use crate::kernel::lifecycle::{By, Lifecycle, Step};

crate::labels! {
    JobState = "job_state" "Where a job stands" "任务状态" {
        Queued = "queued" "Waiting for its time or a worker" "等待执行",
        Running = "running" "A worker has it" "执行中",
        Succeeded = "succeeded" "Done" "已完成",
        Failed = "failed" "Given up; `error_code` says why" "已失败",
        Cancelled = "cancelled" "Called off" "已取消",
    }

    JobAction = "job_action" "What is done to a job" "任务操作" {
        Claim = "claim" "Take up" "领取",
        HandBack = "hand_back" "Hand back, to be tried again" "退回重试",
        Succeed = "succeed" "Finish" "完成",
        Fail = "fail" "Give up" "放弃",
        Cancel = "cancel" "Call off" "取消",
        Retry = "retry" "Try again" "重试",
    }
}

/// What it takes to call off a job or to try it again.
const WRITE: By = By::Permission("jobs:write");

impl Lifecycle for JobState {
    type Action = JobAction;
    const STEPS: &'static [Step<Self, JobAction>] = &[
        Step { action: JobAction::Claim, from: &[Self::Queued], to: Self::Running, by: By::System },
        Step { action: JobAction::HandBack, from: &[Self::Running], to: Self::Queued, by: By::System },
        Step { action: JobAction::Succeed, from: &[Self::Running], to: Self::Succeeded, by: By::System },
        Step { action: JobAction::Fail, from: &[Self::Running], to: Self::Failed, by: By::System },
        Step { action: JobAction::Cancel, from: &[Self::Queued, Self::Running], to: Self::Cancelled, by: WRITE },
        Step { action: JobAction::Retry, from: &[Self::Failed, Self::Cancelled], to: Self::Queued, by: WRITE },
    ];
}

impl JobState {
    /// Whether nothing more happens by itself.
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// Tries before a job is given up, unless said otherwise.
const TRIES: i32 = 5;

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub(super) kind: &'static str,
    pub(super) key: Option<String>,
    pub(super) payload: Value,
    pub(super) run_at: Option<DateTime<Utc>>,
    pub(super) priority: i16,
    pub(super) max_attempts: i32,
    pub(super) kept: bool,
}

impl NewJob {
    /// At once, with what: references, never personal data.
    pub fn of(kind: &'static str, payload: Value) -> Self {
        Self { kind, key: None, payload, run_at: None, priority: 0, max_attempts: TRIES, kept: false }
    }

    /// What it is about: of one kind and key there is one open job at the most.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Not before this instant: a timer.
    #[must_use]
    pub fn at(mut self, instant: DateTime<Utc>) -> Self {
        self.run_at = Some(instant);
        self
    }

    /// Tries before it is given up; 5 unless said otherwise.
    #[must_use]
    pub fn tries(mut self, tries: i32) -> Self {
        self.max_attempts = tries;
        self
    }

    /// Its row is never purged, because what it did is answered for by its id.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.kept = true;
        self
    }

    /// Before due jobs of a lower priority; 0 unless said otherwise.
    #[must_use]
    pub fn priority(mut self, priority: i16) -> Self {
        self.priority = priority;
        self
    }
}

/// A job.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Job {
    /// Id.
    pub job_id: JobId,
    /// What is to be done.
    pub kind: String,
    /// What it is about; of one kind and key there is one open job at the most.
    pub key: Option<String>,
    /// With what: references, never personal data.
    pub payload: Value,
    /// Where it stands.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: i32,
    /// Counts so far.
    pub progress: Value,
    /// What came out.
    pub result: Option<Value>,
    /// Why it failed.
    pub error_code: Option<String>,
    /// Who asked for it.
    pub requested_by: String,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Not before this instant.
    pub run_at: DateTime<Utc>,
    /// When a worker first took it.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Which jobs to list.
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    /// In this state.
    pub state: Option<JobState>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Asked for by this principal.
    pub requested_by: Option<String>,
}
