//! Background jobs and schedules: followed, called off, tried again, moved. The tables are the platform's.
//!
//! | job from | claim (worker) | succeed (worker) | fail (worker) | hand back (worker) | cancel | retry |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | queued | running | – | – | – | cancelled | – |
//! | running | – | succeeded | failed | queued | cancelled | – |
//! | succeeded | – | – | – | – | – | – |
//! | failed, cancelled | – | – | – | – | – | queued |

mod events;
mod http;
mod purge;
mod service;

pub use http::{JobPath, JobView};
pub use service::visible;

use platform::kernel::calendar::{Every, Recurrence, TimeOfDay};
use platform::kernel::error;
use platform::kernel::label::LabelSet;
use platform::kernel::lifecycle::LifecycleInfo;
use platform::slice::Slice;
use platform::worker::{self, JobAction, JobKind, JobState, NewJob, Schedule};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("jobs", "Background jobs and schedules 后台任务与计划")],
    routes: http::routes,
    events: &[events::EVENTS, worker::EVENTS],
    labels: &[
        LabelSet::of::<JobState>(&["job.state"]),
        LabelSet::of::<JobAction>(&[]),
        LabelSet::of::<Every>(&["schedule.every"]),
    ],
    constraints: &[("job_open_once", &error::CONFLICT)],
    lifecycles: &[LifecycleInfo::of::<JobState>("job", "state")],
    jobs: &[JobKind::short(purge::PURGE, |context| Box::pin(purge::purge(context)))],
    schedules: &[Schedule {
        code: "purge",
        en: "Forget kept answers and old jobs",
        zh: "清理过期的应答与任务",
        job: || NewJob::of(purge::PURGE, serde_json::json!({})),
        when: Recurrence::daily(TimeOfDay::minutes(190)),
        enabled: true,
    }],
    ..Slice::named("firm/jobs")
};
