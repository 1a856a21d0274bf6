//! What a year may say.

use std::collections::BTreeSet;

use chrono::{Datelike, Weekday};

use super::faults;
use super::model::NewYear;
use platform::kernel::calendar::CalendarKind;
use platform::kernel::error::Fault;

/// What is wrong with the days of a year, each with its pointer.
pub fn faults(kind: CalendarKind, year: i32, new: &NewYear) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (index, exception) in new.days.iter().enumerate() {
        let pointer = |member: &str| format!("/days/{index}/{member}");
        if exception.day.year() != year {
            found.push(faults::OTHER_YEAR.with(pointer("day"), &[("year", &year)]));
        }
        if !seen.insert(exception.day) {
            found.push(faults::REPEATED.at(pointer("day")));
        }
        let weekend = matches!(exception.day.weekday(), Weekday::Sat | Weekday::Sun);
        if exception.open && kind == CalendarKind::Trading {
            found.push(faults::NO_TRADING_AT_WEEKENDS.at(pointer("open")));
        } else if exception.open && !weekend {
            found.push(faults::OPEN_ANYWAY.at(pointer("open")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use platform::kernel::calendar::YearStatus;

    use super::super::model::ExceptionalDay;
    use super::*;

    fn pointers(kind: CalendarKind, days: &[(&str, bool)]) -> Vec<(String, &'static str)> {
        let day = |(day, open): &(&str, bool)| ExceptionalDay {
            day: day.parse().expect("day"),
            open: *open,
            name: "节假日".to_owned(),
        };
        let days = days.iter().map(day).collect();
        let new = NewYear { status: YearStatus::Official, source: "通知".to_owned(), days };
        faults(kind, 2026, &new).into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn every_fault_is_found_at_its_place() {
        let fault = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        let working = |days: &[(&str, bool)]| pointers(CalendarKind::Working, days);
        assert_eq!(working(&[("2026-10-01", false), ("2026-10-10", true), ("2026-10-03", false)]), []);
        assert_eq!(working(&[("2027-10-01", false)]), fault("/days/0/day", "other_year"));
        assert_eq!(working(&[("2026-10-01", false), ("2026-10-01", false)]), fault("/days/1/day", "repeated"));
        assert_eq!(working(&[("2026-10-12", true)]), fault("/days/0/open", "open_anyway"));
        let trading = pointers(CalendarKind::Trading, &[("2026-10-10", true)]);
        assert_eq!(trading, fault("/days/0/open", "no_trading_at_weekends"));
    }
}
