//! Work behind the requests: jobs, timers, schedules, the outbox's relay. Timers are rows, not sleeps; a job may run twice
//! and must not matter: what it does commits together with its end ([`JobContext::complete`]), or is found done.

mod jobs;
mod lease;
mod model;
mod relay;
mod runner;
pub mod schedules;

pub use jobs::{call_off, cancel, enqueue, find, list, note_progress, purge, retry};
pub use model::{Handler, Job, JobAction, JobFilter, JobKind, JobState, NewJob};
pub use relay::relay_events;
pub use runner::{JobContext, JobResult, Runner};
pub use schedules::{CalendarSource, Schedule};
