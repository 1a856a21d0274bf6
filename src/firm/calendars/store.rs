//! Every statement about calendars.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};
use sqlx::PgConnection;

use super::model::{ExceptionalDay, LoadedYear, StoredCalendar};
use platform::kernel::calendar::{CalendarKind, Period, TimeOfDay, YearStatus};
use platform::kernel::error::Error;
use platform::kernel::page::{Page, PageRequest};

/// Calendars by code, with their years.
pub async fn list(conn: &mut PgConnection, page: &PageRequest<String>) -> Result<Page<StoredCalendar, String>, Error> {
    let limit = i64::from(page.limit) + 1;
    let rows = calendars(conn, None, page.after.as_deref(), limit).await?;
    Ok(Page::from_rows(rows, page.limit, |calendar| calendar.code.clone()))
}

/// One calendar with its years.
pub async fn calendar(conn: &mut PgConnection, code: &str) -> Result<Option<StoredCalendar>, Error> {
    Ok(calendars(conn, Some(code), None, 1).await?.pop())
}

async fn calendars(
    conn: &mut PgConnection,
    only: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<StoredCalendar>, Error> {
    let rows = sqlx::query!(
        r#"SELECT code, kind AS "kind: CalendarKind", name_en, name_zh, version FROM calendar
           WHERE ($1::text IS NULL OR code = $1) AND ($2::text IS NULL OR code > $2) ORDER BY code LIMIT $3"#,
        only,
        after,
        limit
    )
    .fetch_all(&mut *conn)
    .await?;
    let codes: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
    let (mut periods, mut years) = (periods(&mut *conn, &codes).await?, years(conn, &codes).await?);
    let stored = rows.into_iter().map(|row| StoredCalendar {
        kind: row.kind,
        name_en: row.name_en,
        name_zh: row.name_zh,
        version: row.version,
        periods: periods.remove(&row.code).unwrap_or_default(),
        years: years.remove(&row.code).unwrap_or_default(),
        code: row.code,
    });
    Ok(stored.collect())
}

async fn periods(conn: &mut PgConnection, codes: &[String]) -> Result<HashMap<String, Vec<Period>>, Error> {
    let rows = sqlx::query!(
        "SELECT calendar_code, opens_at, closes_at FROM calendar_period WHERE calendar_code = ANY($1) ORDER BY opens_at",
        codes
    )
    .fetch_all(conn)
    .await?;
    let time = |time: NaiveTime| TimeOfDay(time);
    let mut found: HashMap<String, Vec<Period>> = HashMap::new();
    for row in rows {
        let period = Period { opens_at: time(row.opens_at), closes_at: time(row.closes_at) };
        found.entry(row.calendar_code).or_default().push(period);
    }
    Ok(found)
}

async fn years(conn: &mut PgConnection, codes: &[String]) -> Result<HashMap<String, Vec<LoadedYear>>, Error> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT ON (calendar_code, year) calendar_code, year, version, status AS "status: YearStatus", source, loaded_at
           FROM calendar_year WHERE calendar_code = ANY($1) ORDER BY calendar_code, year, version DESC"#,
        codes
    )
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<String, Vec<LoadedYear>> = HashMap::new();
    for row in rows {
        found.entry(row.calendar_code).or_default().push(LoadedYear {
            year: row.year,
            version: row.version,
            status: row.status,
            source: row.source,
            loaded_at: row.loaded_at,
        });
    }
    Ok(found)
}

/// A year as it is in force.
pub async fn year(conn: &mut PgConnection, code: &str, year: i32) -> Result<Option<LoadedYear>, Error> {
    let loaded = sqlx::query_as!(
        LoadedYear,
        r#"SELECT year, version, status AS "status: YearStatus", source, loaded_at FROM calendar_year
           WHERE calendar_code = $1 AND year = $2 ORDER BY version DESC LIMIT 1"#,
        code,
        year
    );
    Ok(loaded.fetch_optional(conn).await?)
}

/// The days of a version of a year, in order.
pub async fn days(conn: &mut PgConnection, code: &str, year: i32, version: i64) -> Result<Vec<ExceptionalDay>, Error> {
    let days = sqlx::query_as!(
        ExceptionalDay,
        "SELECT day, open, name FROM calendar_day WHERE calendar_code = $1 AND year = $2 AND version = $3 ORDER BY day",
        code,
        year,
        version
    );
    Ok(days.fetch_all(conn).await?)
}

/// Year, day and whether it counts, of every year in force.
pub async fn exceptions(conn: &mut PgConnection, code: &str) -> Result<Vec<(i32, NaiveDate, bool)>, Error> {
    let rows = sqlx::query!(
        "SELECT d.year, d.day, d.open FROM calendar_day d
         WHERE d.calendar_code = $1
           AND d.version = (SELECT max(y.version) FROM calendar_year y
                            WHERE y.calendar_code = d.calendar_code AND y.year = d.year)",
        code
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.year, row.day, row.open)).collect())
}

/// Keeps others from loading years of this calendar until the transaction ends.
pub async fn one_at_a_time(conn: &mut PgConnection, code: &str) -> Result<(), Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('calendar ' || $1, 0)) AS held", code)
        .fetch_one(conn)
        .await?;
    Ok(())
}

/// Moves the calendar's version on.
pub async fn next_version(conn: &mut PgConnection, code: &str) -> Result<i64, Error> {
    let version =
        sqlx::query_scalar!("UPDATE calendar SET version = version + 1 WHERE code = $1 RETURNING version", code);
    Ok(version.fetch_one(conn).await?)
}

/// Enters a version of a year with its days.
pub async fn insert_year(
    conn: &mut PgConnection,
    code: &str,
    loaded: &LoadedYear,
    days: &[ExceptionalDay],
    loaded_by: &str,
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO calendar_year (calendar_code, year, version, status, source, loaded_at, loaded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        code,
        loaded.year,
        loaded.version,
        loaded.status as YearStatus,
        loaded.source,
        loaded.loaded_at,
        loaded_by
    )
    .execute(&mut *conn)
    .await?;
    let dates: Vec<NaiveDate> = days.iter().map(|day| day.day).collect();
    let open: Vec<bool> = days.iter().map(|day| day.open).collect();
    let names: Vec<String> = days.iter().map(|day| day.name.clone()).collect();
    sqlx::query!(
        "INSERT INTO calendar_day (calendar_code, year, version, day, open, name)
         SELECT $1, $2, $3, d.day, d.open, d.name FROM unnest($4::date[], $5::bool[], $6::text[]) AS d (day, open, name)",
        code,
        loaded.year,
        loaded.version,
        &dates,
        &open,
        &names
    )
    .execute(conn)
    .await?;
    Ok(())
}
