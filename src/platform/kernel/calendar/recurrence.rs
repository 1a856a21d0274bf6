//! What comes again: at a time of day, on days of a calendar or on one day of every month.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::{Calendar, TimeOfDay};

crate::labels! {
    Every = "schedule_every" "How often a schedule comes round" "计划周期" {
        Day = "day" "Every day" "每天",
        WorkingDay = "working_day" "Every working day" "每个工作日",
        TradingDay = "trading_day" "Every trading day" "每个交易日",
        Month = "month" "On one day of every month" "每月一天",
    }
}

/// How far ahead a day that counts is looked for.
const LOOK_AHEAD: usize = 400;

/// A time that comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// How often.
    pub every: Every,
    /// On which day of every month; the last one where a month is shorter. Of no meaning for the others.
    pub day_of_month: u32,
    /// At what time, by the clocks of the calendar's zone.
    pub at: TimeOfDay,
}

impl Recurrence {
    /// Every day at a time.
    pub const fn daily(at: TimeOfDay) -> Self {
        Self::on(Every::Day, at)
    }

    /// On a day of every month at a time.
    pub const fn monthly(day_of_month: u32, at: TimeOfDay) -> Self {
        Self { every: Every::Month, day_of_month, at }
    }

    /// On days of a kind at a time.
    pub const fn on(every: Every, at: TimeOfDay) -> Self {
        Self { every, day_of_month: 1, at }
    }

    /// The first time after an instant. `calendar` is that of the days it counts (any will do for days and months).
    pub fn next_after(&self, instant: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
        let today = instant.with_timezone(&calendar.time_zone).date_naive();
        let days = today.iter_days().take(LOOK_AHEAD).filter(|day| self.falls_on(*day, calendar));
        let mut times = days.map(|day| calendar.instant(day, self.at));
        // A calendar without an open day in a year is no calendar; then it comes a year from now.
        times.find(|time| *time > instant).unwrap_or(instant + chrono::TimeDelta::days(365))
    }

    fn falls_on(&self, day: NaiveDate, calendar: &Calendar) -> bool {
        match self.every {
            Every::Day => true,
            Every::WorkingDay | Every::TradingDay => calendar.is_open(day),
            Every::Month => {
                let last = day.succ_opt().is_none_or(|next| next.month() != day.month());
                day.day() == self.day_of_month || (last && day.day() < self.day_of_month)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn next(recurrence: Recurrence, after: &str) -> String {
        let calendar = Calendar::new(1, chrono_tz::Asia::Shanghai, vec![], BTreeMap::new());
        recurrence.next_after(after.parse().expect("instant"), &calendar).to_rfc3339()
    }

    #[test]
    fn a_time_comes_round_by_the_clocks_of_the_zone() {
        let daily = Recurrence::daily(TimeOfDay::minutes(150));
        assert_eq!(next(daily, "2026-03-01T18:29:59Z"), "2026-03-01T18:30:00+00:00");
        assert_eq!(next(daily, "2026-03-01T18:30:00Z"), "2026-03-02T18:30:00+00:00", "strictly after");
        let working = Recurrence::on(Every::WorkingDay, TimeOfDay::minutes(540));
        assert_eq!(next(working, "2026-03-06T02:00:00Z"), "2026-03-09T01:00:00+00:00", "over the weekend");
    }

    #[test]
    fn a_month_that_is_too_short_has_its_last_day() {
        let monthly = Recurrence::monthly(31, TimeOfDay::minutes(0));
        assert_eq!(next(monthly, "2026-02-01T00:00:00Z"), "2026-02-27T16:00:00+00:00");
        assert_eq!(next(monthly, "2026-02-28T00:00:00Z"), "2026-03-30T16:00:00+00:00");
        assert_eq!(
            next(Recurrence::monthly(1, TimeOfDay::minutes(60)), "2026-12-15T00:00:00Z"),
            "2026-12-31T17:00:00+00:00"
        );
    }
}
