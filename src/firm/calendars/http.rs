//! Operations of calendars.

use actix_web::{get, put, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{ExceptionalDay, LoadedYear, NewYear, StoredCalendar};
use super::service;
use platform::db::Db;
use platform::http::permission::{CalendarsWrite, Permission, SignedIn};
use platform::http::respond::Put;
use platform::http::{Actor, Json, Listing, Lock, PageOf, Paging, Path, Query, Tagged};
use platform::kernel::calendar::DueDay;
use platform::kernel::error::Error;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_calendars).service(get_calendar).service(get_calendar_year).service(load_calendar_year);
    config.service(get_due_day);
}

/// One page of calendars. (c1)
#[derive(Serialize, ToSchema)]
pub struct CalendarList {
    /// The page.
    items: Vec<StoredCalendar>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// A year of a calendar. (c1)
#[derive(Serialize, ToSchema)]
pub struct CalendarYearView {
    /// Code of the calendar.
    #[schema(example = "cn-working")]
    calendar: String,
    /// The year as it was loaded.
    loaded: LoadedYear,
    /// The days that are not what their weekday says.
    days: Vec<ExceptionalDay>,
}

/// No filters.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CalendarQuery {}

/// Path of a calendar.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CalendarPath {
    /// Code of the calendar.
    #[param(pattern = "^[a-z0-9-]{1,32}$", example = "cn-working")]
    code: String,
}

/// Path of a year of a calendar.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CalendarYearPath {
    /// Code of the calendar.
    #[param(pattern = "^[a-z0-9-]{1,32}$", example = "cn-working")]
    code: String,
    /// The year.
    #[param(minimum = 1990, maximum = 2100, example = 2026)]
    year: i32,
}

/// From which day to count, and how far.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DueDayQuery {
    /// The day after which counting begins; today when absent.
    #[param(example = "2026-09-30")]
    #[serde(default)]
    after: Option<NaiveDate>,
    /// Open days to count; 0 is the day itself.
    #[param(minimum = 0, maximum = 1000, default = 1, example = 3)]
    #[serde(default)]
    days: Option<u32>,
}

/// List calendars
///
/// Each with its business hours and the years it holds. A year that is not among them counts Monday to Friday.
#[utoipa::path(
    tag = "calendars",
    params(CalendarQuery, Paging),
    responses((status = OK, body = CalendarList)),
    security(("oauth2" = []))
)]
#[get("/v1/calendars")]
pub async fn list_calendars(
    actor: Actor<SignedIn>,
    listing: Listing<CalendarQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<CalendarList>, Error> {
    let mut read = db.read(&actor).await?;
    let page = service::list(&mut read, &listing.page()?).await?;
    listing.answer(page, |items, next_cursor| CalendarList { items, next_cursor })
}

/// Get a calendar
///
/// With its business hours and the years it holds.
#[utoipa::path(
    tag = "calendars",
    params(CalendarPath),
    responses((status = OK, body = StoredCalendar)),
    security(("oauth2" = []))
)]
#[get("/v1/calendars/{code}")]
pub async fn get_calendar(
    actor: Actor<SignedIn>,
    Path(path): Path<CalendarPath>,
    db: web::Data<Db>,
) -> Result<Tagged<StoredCalendar>, Error> {
    let mut read = db.read(&actor).await?;
    let calendar = service::get(&mut read, &path.code).await?;
    Ok(Tagged { version: calendar.version, body: calendar })
}

/// Get a year of a calendar
///
/// The days that are not what their weekday says, as last loaded. 404 for a year that was never loaded.
#[utoipa::path(
    tag = "calendars",
    params(CalendarYearPath),
    responses((status = OK, body = CalendarYearView)),
    security(("oauth2" = []))
)]
#[get("/v1/calendars/{code}/years/{year}")]
pub async fn get_calendar_year(
    actor: Actor<SignedIn>,
    Path(path): Path<CalendarYearPath>,
    db: web::Data<Db>,
) -> Result<Tagged<CalendarYearView>, Error> {
    let mut read = db.read(&actor).await?;
    let (loaded, days) = service::year(&mut read, &path.code, path.year).await?;
    Ok(Tagged { version: loaded.version, body: CalendarYearView { calendar: path.code, loaded, days } })
}

/// Load a year of a calendar
///
/// The whole year at once, as a new version; what was decided by an earlier version stays. The same year again changes
/// nothing. Make-up days lie at weekends and are working days only.
#[utoipa::path(
    tag = "calendars",
    params(CalendarYearPath, Lock),
    responses((status = OK, body = CalendarYearView), (status = CREATED, body = CalendarYearView)),
    security(("oauth2" = [CalendarsWrite::SCOPE]))
)]
#[put("/v1/calendars/{code}/years/{year}")]
pub async fn load_calendar_year(
    actor: Actor<CalendarsWrite>,
    Path(path): Path<CalendarYearPath>,
    lock: Lock,
    Json(body): Json<NewYear>,
    db: web::Data<Db>,
) -> Result<Put<CalendarYearView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let loaded = service::load_year(&mut uow, &path.code, path.year, body, lock).await?;
    let location = format!("/v1/calendars/{}/years/{}", path.code, path.year);
    let (version, created) = (loaded.year.version, loaded.created);
    let body = CalendarYearView { calendar: path.code, loaded: loaded.year, days: loaded.days };
    uow.finish(Put { body, created, location, version }).await
}

/// Count open days
///
/// The day that lies so many working or trading days after another. The answer names the version of the calendar and
/// the years that were never loaded (counted Monday to Friday) or are provisional.
#[utoipa::path(
    tag = "calendars",
    params(CalendarPath, DueDayQuery),
    responses((status = OK, body = DueDay)),
    security(("oauth2" = []))
)]
#[get("/v1/calendars/{code}/due-day")]
pub async fn get_due_day(
    actor: Actor<SignedIn>,
    Path(path): Path<CalendarPath>,
    Query(query): Query<DueDayQuery>,
    db: web::Data<Db>,
) -> Result<Json<DueDay>, Error> {
    let mut read = db.read(&actor).await?;
    let (after, days) = (query.after.unwrap_or(read.today()), query.days.unwrap_or(1));
    Ok(Json(service::due_day(&mut read, &path.code, after, days).await?))
}
