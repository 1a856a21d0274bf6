//! Work behind the requests: jobs, timers, the outbox's relay. Timers are rows, not sleeps; a job may run twice and must not matter.

mod jobs;
mod relay;
mod runner;
mod schedule;

pub use jobs::{Job, JobState, NewJob, enqueue, enqueue_at, find, note_progress};
pub use relay::relay_events;
pub use runner::{Handler, JobContext, JobKind, JobResult, Runner};
pub use schedule::tidy;
