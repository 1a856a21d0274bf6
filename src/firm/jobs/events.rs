//! What people do with jobs and schedules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use platform::kernel::calendar::TimeOfDay;

platform::events! {
    JobCancelled = "job.cancelled" of "job" published c1 "A background job was called off" "后台任务已取消" (JobReference)
    JobRetried = "job.retried" of "job" published c1 "A background job was queued once more" "后台任务已重新排队" (JobReference)
    ScheduleChanged = "schedule.changed" of "schedule" published c1 "A schedule was switched or moved" "计划已调整" {
        /// Code of the schedule.
        #[schema(example = "purge")]
        pub schedule: String,
        /// Whether it runs.
        pub enabled: bool,
        /// At what time of day.
        pub time_of_day: TimeOfDay,
    }
    RecordsPurged = "records.purged" of "job" audited c1 "What need not be kept was deleted" "过期数据已清理" {
        /// Answers that were kept for retries.
        pub answers: u64,
        /// Ended jobs.
        pub jobs: u64,
        /// Notes of who read which client.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub client_reads: Option<u64>,
    }
}

/// What kind of job. (c1)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct JobReference {
    /// The kind of job.
    #[schema(example = "scoring_run")]
    pub kind: String,
}
