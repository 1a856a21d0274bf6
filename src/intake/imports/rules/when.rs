//! Dates and instants as files write them. What reads two ways is refused, never guessed.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Timelike};
use chrono_tz::Tz;

use crate::imports::faults;
use platform::kernel::error::Fault;

/// A day: 2026-03-31, 2026/3/31, 2026.3.31, 2026年3月31日 or 20260331, as YYYY-MM-DD. What is none of these stays as it
/// is, for the rules of items to refuse.
pub fn day(pointer: &str, text: String) -> Result<String, Fault> {
    match date(&text) {
        Ok(day) => Ok(day.to_string()),
        // A day that a spreadsheet wrote with its midnight.
        Err(_) if local(&text).is_some_and(|local| local.time() == NaiveTime::MIN) => {
            Ok(local(&text).map_or(text, |local| local.date().to_string()))
        }
        Err(unread) => unread.refuse(pointer, text),
    }
}

/// An instant (RFC 3339), from one, or from a date with or without a time of the exchange's own clock. A time over
/// which that clock was put forward is none.
pub fn instant(pointer: &str, text: String, zone: Tz) -> Result<String, Fault> {
    if DateTime::parse_from_rfc3339(&text).is_ok() {
        return Ok(text);
    }
    let at_zone = |local: NaiveDateTime| zone.from_local_datetime(&local).earliest();
    match local(&text) {
        Some(local) => {
            Ok(at_zone(local).map_or(text, |instant| instant.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)))
        }
        None => date(text.split_whitespace().next().unwrap_or_default())
            .err()
            .unwrap_or(Unread::NoDate)
            .refuse(pointer, text),
    }
}

/// A date or an instant in digits, the same however it was written; other text stays as it is.
pub fn in_digits(text: &str) -> String {
    match (date(text), local(text)) {
        (Ok(day), _) => day.format("%Y%m%d").to_string(),
        (Err(_), Some(local)) => local.format("%Y%m%d%H%M%S%.f").to_string(),
        _ => text.to_owned(),
    }
}

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unread {
    NoDate,
    /// Reads as these two days.
    TwoWays(NaiveDate, NaiveDate),
}

impl Unread {
    fn refuse(self, pointer: &str, text: String) -> Result<String, Fault> {
        let Self::TwoWays(one, other) = self else { return Ok(text) };
        Err(faults::AMBIGUOUS_DATE.with(pointer, &[("text", &text), ("one", &one), ("other", &other)]))
    }
}

fn date(text: &str) -> Result<NaiveDate, Unread> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        8 if digits => ymd(&text[..4], &text[4..6], &text[6..]).ok_or(Unread::NoDate),
        6 | 7 if digits => Err(split_two_ways(text)),
        _ if digits => Err(Unread::NoDate),
        _ => separated(text),
    }
}

/// Year, month and day with marks between them, the year first; the year last is refused, in both its orders.
fn separated(text: &str) -> Result<NaiveDate, Unread> {
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).collect();
    let [one, two, three] = parts[..] else { return Err(Unread::NoDate) };
    if one.len() == 4 {
        return ymd(one, two, three).ok_or(Unread::NoDate);
    }
    match (three.len() == 4, ymd(three, one, two), ymd(three, two, one)) {
        (true, Some(month_first), Some(day_first)) if month_first != day_first => {
            Err(Unread::TwoWays(month_first, day_first))
        }
        _ => Err(Unread::NoDate),
    }
}

/// Digits without marks that are too few: 2026111 is 11 January or 1 November.
fn split_two_ways(text: &str) -> Unread {
    let (year, rest) = text.split_at(4);
    let ways = (1..rest.len()).filter_map(|at| ymd(year, &rest[..at], &rest[at..])).collect::<Vec<_>>();
    match ways[..] {
        [one, other] => Unread::TwoWays(one, other),
        _ => Unread::NoDate,
    }
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let number = |text: &str, most: usize| {
        let is_number = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.parse::<u32>().ok() } else { None }
    };
    let year = i32::try_from(number(year, 4).filter(|_| year.len() == 4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(month, 2)?, number(day, 2)?)
}

/// A date and a time: parted by a blank or `T`, or in 14 or 17 digits; a date alone is its midnight. Of a date and an
/// instant of that date, as two columns give them, the instant.
fn local(text: &str) -> Option<NaiveDateTime> {
    if matches!(text.len(), 14 | 17) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(date(&text[..8]).ok()?.and_time(time(&text[8..])?));
    }
    let (first, rest) = match text.split_once([' ', 'T']) {
        None => return Some(date(text).ok()?.and_time(NaiveTime::MIN)),
        Some((first, rest)) => (date(first).ok()?, rest.trim_start()),
    };
    let (before, after) = rest.split_once(' ').unwrap_or_default();
    match time(rest) {
        Some(time) => Some(first.and_time(time)),
        // A date that a spreadsheet wrote with its midnight, and the time of the next column.
        None if time(before) == Some(NaiveTime::MIN) => Some(first.and_time(time(after)?)),
        None => local(rest).filter(|local| local.date() == first),
    }
}

/// 9:31, 09:31:05.123, 0931, 93105, 093105, 093105123, 9时31分05秒; with 上午, 下午, AM or PM on a clock of twelve hours.
fn time(text: &str) -> Option<NaiveTime> {
    for (mark, afternoon) in [("上午", false), ("下午", true), ("AM", false), ("PM", true)] {
        if let Some(rest) = text.strip_prefix(mark).or_else(|| text.strip_suffix(mark)) {
            let (is_pm, time) = (afternoon, time(rest.trim())?);
            let hour = (1..=12).contains(&time.hour()).then(|| time.hour() % 12 + if is_pm { 12 } else { 0 })?;
            return time.with_hour(hour);
        }
    }
    if text.contains('时') {
        let colons = text.replace(['时', '分'], ":");
        return time(colons.trim_end_matches('秒').trim_end_matches(':'));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let padded = match text.len() {
            4 => format!("{text}00000"),
            5 => format!("0{text}000"),
            6 => format!("{text}000"),
            8 => format!("0{text}"),
            9 => text.to_owned(),
            _ => return None,
        };
        let part = |from: usize, to: usize| padded[from..to].parse::<u32>().ok();
        return NaiveTime::from_hms_milli_opt(part(0, 2)?, part(2, 4)?, part(4, 6)?, part(6, 9)?);
    }
    ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}
