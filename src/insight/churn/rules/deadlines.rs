//! By when to act: in working days of the firm's calendar, or in the days of a campaign.

use chrono::{Days, NaiveDate};

use super::super::model::{ChurnPolicy, Severity};
use platform::kernel::calendar::{Calendar, DueBasis};

/// The last day to act on an alert opened on `opened_on`, and what the count of working days leans on.
pub fn due_on(
    policy: &ChurnPolicy,
    calendar: &Calendar,
    severity: Severity,
    opened_on: NaiveDate,
) -> (NaiveDate, Option<DueBasis>) {
    match policy.due.working_days(severity) {
        Some(days) => {
            let due = calendar.due(opened_on, days);
            (due.day, Some(due.basis))
        }
        None => (days_after(opened_on, policy.due.campaign_days), None),
    }
}

/// The day on which an alert opened on `opened_on` expires: the forecast's window is over.
pub fn expires_on(policy: &ChurnPolicy, opened_on: NaiveDate) -> NaiveDate {
    days_after(opened_on, policy.horizon_days)
}

fn days_after(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono_tz::Asia::Shanghai;

    use super::*;
    use platform::kernel::calendar::{Year, YearStatus};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn holidays_and_weekends_do_not_count_and_make_up_days_do() {
        // Tomb-Sweeping Day on a Monday; the Sunday after is worked.
        let exceptions = BTreeMap::from([(day("2026-04-06"), false), (day("2026-04-12"), true)]);
        let years = BTreeMap::from([(2026, Year { status: YearStatus::Official, exceptions })]);
        let (calendar, policy) = (Calendar::new(7, Shanghai, Vec::new(), years), ChurnPolicy::default());
        let due = |severity, opened_on| due_on(&policy, &calendar, severity, day(opened_on));
        let (critical, basis) = due(Severity::Critical, "2026-04-03");
        assert_eq!(critical, day("2026-04-07"), "Friday, the weekend, the holiday, Tuesday");
        assert_eq!(basis.map(|basis| (basis.calendar_version, basis.unloaded_years)), Some((7, Vec::new())));
        assert_eq!(due(Severity::High, "2026-04-09").0, day("2026-04-13"), "Friday, the Sunday, Monday");
        assert_eq!(due(Severity::Low, "2026-04-03"), (day("2026-05-03"), None), "a campaign runs in calendar days");
        let (high, basis) = due(Severity::High, "2026-12-31");
        assert_eq!((high, basis.map(|basis| basis.unloaded_years)), (day("2027-01-05"), Some(vec![2027])));
        assert_eq!(expires_on(&policy, day("2026-04-03")), day("2026-07-02"));
        assert_eq!(expires_on(&policy, NaiveDate::MAX), NaiveDate::MAX);
    }
}
