//! Schedules: seen and moved.

use actix_web::{get, patch, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::service::{self, ScheduleChange};
use platform::db::Db;
use platform::http::etag::RequiredLock;
use platform::http::permission::{JobsRead, Permission, SchedulesWrite};
use platform::http::{Actor, Json, Listing, PageOf, Paging, Path, Tagged};
use platform::kernel::calendar::{Every, TimeOfDay};
use platform::kernel::error::Error;
use platform::kernel::ids::JobId;
use platform::worker::schedules::StoredSchedule;

/// Something that is done again and again. (c1)
#[derive(Serialize, ToSchema)]
pub struct ScheduleView {
    /// Stable code.
    #[schema(example = "purge")]
    code: String,
    /// How often it comes round.
    every: Every,
    /// On which day of every month, the last one where a month is shorter; null for the others.
    #[schema(example = json!(null))]
    day_of_month: Option<u32>,
    /// At what time, by the exchange's clocks.
    time_of_day: TimeOfDay,
    /// Whether it runs.
    enabled: bool,
    /// When it runs next; null while it is switched off.
    next_run_at: Option<DateTime<Utc>>,
    /// The job it enqueued last.
    last_job_id: Option<JobId>,
}

impl From<StoredSchedule> for ScheduleView {
    fn from(schedule: StoredSchedule) -> Self {
        Self {
            code: schedule.code,
            every: schedule.when.every,
            day_of_month: (schedule.when.every == Every::Month).then_some(schedule.when.day_of_month),
            time_of_day: schedule.when.at,
            enabled: schedule.enabled,
            next_run_at: schedule.enabled.then_some(schedule.next_run_at),
            last_job_id: schedule.last_job_id,
        }
    }
}

/// One page of schedules. (c1)
#[derive(Serialize, ToSchema)]
pub struct ScheduleList {
    /// The page.
    items: Vec<ScheduleView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Changes to a schedule; what is absent stays. (c1)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"enabled": true, "time_of_day": "03:30"}))]
pub struct ChangeSchedule {
    /// Whether it runs.
    #[schema(nullable = false)]
    #[serde(default)]
    enabled: Option<bool>,
    /// At what time, by the exchange's clocks.
    #[schema(nullable = false)]
    #[serde(default)]
    time_of_day: Option<TimeOfDay>,
}

/// No filters.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ScheduleQuery {}

/// Path of a schedule.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SchedulePath {
    /// Code of the schedule.
    #[param(pattern = "^[a-z0-9_]{1,64}$", example = "purge")]
    schedule_code: String,
}

/// List schedules
///
/// What the system does again and again, and when it does it next.
#[utoipa::path(
    tag = "jobs",
    params(ScheduleQuery, Paging),
    responses((status = OK, body = ScheduleList)),
    security(("oauth2" = [JobsRead::SCOPE]))
)]
#[get("/v1/schedules")]
pub async fn list_schedules(
    actor: Actor<JobsRead>,
    listing: Listing<ScheduleQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<ScheduleList>, Error> {
    let mut read = db.read(&actor).await?;
    let page = service::list_schedules(&mut read, &listing.page()?).await?;
    listing.answer(page.map(ScheduleView::from), |items, next_cursor| ScheduleList { items, next_cursor })
}

/// Get a schedule
///
/// With the job it enqueued last.
#[utoipa::path(
    tag = "jobs",
    params(SchedulePath),
    responses((status = OK, body = ScheduleView)),
    security(("oauth2" = [JobsRead::SCOPE]))
)]
#[get("/v1/schedules/{schedule_code}")]
pub async fn get_schedule(
    actor: Actor<JobsRead>,
    Path(path): Path<SchedulePath>,
    db: web::Data<Db>,
) -> Result<Tagged<ScheduleView>, Error> {
    let mut read = db.read(&actor).await?;
    let schedule = service::schedule(&mut read, &path.schedule_code).await?;
    Ok(Tagged { version: schedule.row_version, body: schedule.into() })
}

/// Change a schedule
///
/// It runs next at its first time after now; a job it enqueued before stays.
#[utoipa::path(
    tag = "jobs",
    params(SchedulePath, RequiredLock),
    responses((status = OK, body = ScheduleView)),
    security(("oauth2" = [SchedulesWrite::SCOPE]))
)]
#[patch("/v1/schedules/{schedule_code}")]
pub async fn change_schedule(
    actor: Actor<SchedulesWrite>,
    Path(path): Path<SchedulePath>,
    lock: RequiredLock,
    Json(body): Json<ChangeSchedule>,
    db: web::Data<Db>,
) -> Result<Tagged<ScheduleView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let change = ScheduleChange { enabled: body.enabled, time_of_day: body.time_of_day };
    let schedule = service::change_schedule(&mut uow, &path.schedule_code, change, lock.0).await?;
    uow.finish(Tagged { version: schedule.row_version, body: schedule.into() }).await
}
