//! What happens to jobs.

use chrono::{DateTime, Utc};

crate::events! {
    JobEnqueued = "job.enqueued" of "job" audited c1 "A background job was asked for" "后台任务已排队" {
        /// What kind of job.
        pub kind: String,
        /// What it is about, where only one such job may be open.
        pub key: Option<String>,
        /// Not before this instant; null for as soon as possible.
        pub run_at: Option<DateTime<Utc>>,
    }
}
