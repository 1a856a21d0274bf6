//! Operations of jobs and schedules.

mod jobs;
mod schedules;

pub use jobs::{JobPath, JobView};

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(jobs::list_jobs).service(jobs::get_job).service(jobs::cancel_job).service(jobs::retry_job);
    config.service(schedules::list_schedules).service(schedules::get_schedule).service(schedules::change_schedule);
}
