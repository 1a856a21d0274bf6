//! Calendars read and loaded.

use std::collections::BTreeMap;

use super::events::CalendarYearLoaded;
use super::model::{ExceptionalDay, LoadedYear, NewYear, StoredCalendar, YEARS};
use super::{faults, rules, store};
use platform::db::{Read, Uow};
use platform::kernel::calendar::{Calendar, CalendarKind, DueDay, Year};
use platform::kernel::error::{self, Error};
use platform::kernel::event::Event;
use platform::kernel::lock::Lock;
use platform::kernel::page::{Page, PageRequest};
use platform::worker::CalendarSource;

/// The calendar the firm works by.
const WORKING: &str = "cn-working";
/// The calendar the exchange trades by.
const TRADING: &str = "cn-trading";

/// The firm's working days, as loaded by now.
pub async fn working(read: &mut Read) -> Result<Calendar, Error> {
    load(read, WORKING).await
}

/// The exchange's trading days, as loaded by now.
pub async fn trading(read: &mut Read) -> Result<Calendar, Error> {
    load(read, TRADING).await
}

/// Either of them.
pub const SOURCE: CalendarSource = |read, kind| {
    Box::pin(async move {
        match kind {
            CalendarKind::Working => working(read).await,
            CalendarKind::Trading => trading(read).await,
        }
    })
};

/// A calendar ready to count with.
pub(super) async fn load(read: &mut Read, code: &str) -> Result<Calendar, Error> {
    let stored = get(read, code).await?;
    let mut years: BTreeMap<i32, Year> = stored
        .years
        .iter()
        .map(|loaded| (loaded.year, Year { status: loaded.status, exceptions: BTreeMap::new() }))
        .collect();
    for (year, day, open) in store::exceptions(read.conn(), code).await? {
        if let Some(year) = years.get_mut(&year) {
            year.exceptions.insert(day, open);
        }
    }
    Ok(Calendar::new(stored.version, read.calendar().time_zone, stored.periods, years))
}

/// The calendars of the firm.
pub async fn list(read: &mut Read, page: &PageRequest<String>) -> Result<Page<StoredCalendar, String>, Error> {
    store::list(read.conn(), page).await
}

/// One calendar.
pub async fn get(read: &mut Read, code: &str) -> Result<StoredCalendar, Error> {
    store::calendar(read.conn(), code).await?.ok_or_else(Error::not_found)
}

/// A year as it is in force.
pub async fn year(read: &mut Read, code: &str, year: i32) -> Result<(LoadedYear, Vec<ExceptionalDay>), Error> {
    let loaded = store::year(read.conn(), code, year).await?.ok_or_else(Error::not_found)?;
    let days = store::days(read.conn(), code, year, loaded.version).await?;
    Ok((loaded, days))
}

/// The `n`-th open day after `day`.
pub async fn due_day(read: &mut Read, code: &str, day: chrono::NaiveDate, n: u32) -> Result<DueDay, Error> {
    if !YEARS.contains(&chrono::Datelike::year(&day)) {
        return Err(Error::code(&error::MALFORMED).with(|it| it.faults.push(faults::OUT_OF_RANGE.at("?after"))));
    }
    Ok(load(read, code).await?.add_working_days(day, n))
}

/// What came of loading a year.
pub struct Loaded {
    /// The year.
    pub year: LoadedYear,
    /// Its days.
    pub days: Vec<ExceptionalDay>,
    /// Whether the calendar did not hold it before.
    pub created: bool,
}

/// Loads a year whole, as a new version of its calendar. The same year again changes nothing. The lock is
/// on the year, which may not be there yet.
pub async fn load_year(uow: &mut Uow, code: &str, year: i32, mut new: NewYear, lock: Lock) -> Result<Loaded, Error> {
    store::one_at_a_time(uow.conn(), code).await?;
    let kind = get(uow, code).await?.kind;
    if !YEARS.contains(&year) {
        return Err(Error::not_found());
    }
    let found = rules::faults(kind, year, &new);
    if !found.is_empty() {
        return Err(Error::invalid(found));
    }
    new.days.sort_unstable();
    let before = store::year(uow.conn(), code, year).await?;
    before.as_ref().map_or_else(|| lock.check_absent(), |before| lock.check(before.version))?;
    if let Some(before) = &before {
        let days = store::days(uow.conn(), code, year, before.version).await?;
        if (before.status, &before.source, &days) == (new.status, &new.source, &new.days) {
            return Ok(Loaded { year: before.clone(), days, created: false });
        }
    }
    let version = store::next_version(uow.conn(), code).await?;
    let (now, loaded_by) = (uow.now(), uow.caller().principal.name.clone());
    let loaded = LoadedYear { year, version, status: new.status, source: new.source, loaded_at: now };
    store::insert_year(uow.conn(), code, &loaded, &new.days, &loaded_by).await?;
    let event = CalendarYearLoaded { calendar: code.to_owned(), year, version, status: loaded.status };
    uow.record(Event::new(event, None));
    Ok(Loaded { year: loaded, days: new.days, created: before.is_none() })
}
