//! Work behind the requests: jobs, timers, schedules, the outbox's relay. Timers are rows, not sleeps; a job may run
//! twice and must not matter: what it does commits together with its end ([`JobContext::complete`]), or is found done.

mod context;
mod events;
mod jobs;
mod lease;
mod model;
mod relay;
mod runner;
pub mod schedules;
mod subscribers;

pub use context::{Handler, JobContext, JobKind, JobResult, install};
pub use events::EVENTS;
pub use jobs::{call_off, cancel, enqueue, find, list, note_progress, purge, retry};
pub use model::{Job, JobAction, JobFilter, JobState, NewJob};
pub use relay::relay_events;
pub use runner::Runner;
pub use schedules::{CalendarSource, Schedule};
pub use subscribers::{Handle, PublishedEvent, Subscriber, deliver};
