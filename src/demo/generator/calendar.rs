//! The trading days of the invented exchange: Monday to Friday without the long holidays.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Months of history in a book.
const HISTORY_MONTHS: u32 = 24;
/// Days closed from the eve of the Spring Festival on.
const FESTIVAL_DAYS: u64 = 8;
/// New year's day of the lunar calendar, as (year, month, day).
const LUNAR_NEW_YEAR: [(i32, u32, u32); 16] = [
    (2020, 1, 25),
    (2021, 2, 12),
    (2022, 2, 1),
    (2023, 1, 22),
    (2024, 2, 10),
    (2025, 1, 29),
    (2026, 2, 17),
    (2027, 2, 6),
    (2028, 1, 26),
    (2029, 2, 13),
    (2030, 2, 3),
    (2031, 1, 23),
    (2032, 2, 11),
    (2033, 1, 31),
    (2034, 2, 19),
    (2035, 2, 8),
];

/// Every trading day of the 24 months up to and including `as_of`.
pub(super) fn trading_days(as_of: NaiveDate) -> Vec<NaiveDate> {
    let start = as_of.checked_sub_months(Months::new(HISTORY_MONTHS)).unwrap_or(as_of);
    start.iter_days().skip(1).take_while(|day| *day <= as_of).filter(|day| is_open(*day)).collect()
}

fn is_open(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !is_holiday(day)
}

fn is_holiday(day: NaiveDate) -> bool {
    match (day.month(), day.day()) {
        (1, 1) | (4, 4..=5) | (5, 1..=5) | (10, 1..=7) => true,
        _ => in_spring_festival(day),
    }
}

fn in_spring_festival(day: NaiveDate) -> bool {
    LUNAR_NEW_YEAR.iter().filter_map(|(year, month, date)| NaiveDate::from_ymd_opt(*year, *month, *date)).any(
        |new_year| {
            let eve = new_year - Days::new(1);
            eve <= day && day < eve + Days::new(FESTIVAL_DAYS)
        },
    )
}
