//! Which days and hours count. Monday to Friday, corrected by a year's notice: holidays, and make-up days at weekends.
//! A year that was never loaded counts Monday to Friday, and every answer that leans on such a year names it.

mod recurrence;
mod time_of_day;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::clock::TradingCalendar;
pub use recurrence::{Every, Recurrence};
pub use time_of_day::TimeOfDay;

crate::labels! {
    CalendarKind = "calendar_kind" "What a calendar counts" "日历类型" {
        Working = "working" "Days on which the firm works; make-up days count" "工作日（含调休上班日）",
        Trading = "trading" "Days on which the exchange trades; no weekend counts" "交易日（周末不交易）",
    }

    YearStatus = "calendar_year_status" "How far a loaded year can be relied on" "日历年度状态" {
        Official = "official" "As announced" "已公布",
        Provisional = "provisional" "Worked out before the announcement; make-up days are not known yet" "公布前推算，调休未定",
    }

    Basis = "calendar_basis" "What is known of a day's year" "日历依据" {
        Official = "official" "Counted as announced" "按公布的安排",
        Provisional = "provisional" "Counted by a notice still to be confirmed" "按推算的安排",
        Unloaded = "unloaded" "Counted Monday to Friday, for want of a loaded year" "年度未导入，按周一至周五",
    }
}

/// A loaded year: the days that are not what their weekday says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// How far it can be relied on.
    pub status: YearStatus,
    /// Day → whether it counts: holidays do not, make-up days do.
    pub exceptions: BTreeMap<NaiveDate, bool>,
}

/// Business hours of one stretch of a day; midnight is never crossed. (c1)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Period {
    /// First minute.
    pub opens_at: TimeOfDay,
    /// First minute after.
    pub closes_at: TimeOfDay,
}

/// A version of a calendar: working days or trading days.
#[derive(Clone, Debug)]
pub struct Calendar {
    version: i64,
    time_zone: Tz,
    periods: Vec<Period>,
    years: BTreeMap<i32, Year>,
}

/// A day found by counting, and what the count leaned on. (c1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DueDay {
    /// The day.
    pub day: NaiveDate,
    /// Version of the calendar that was used.
    #[schema(example = 1)]
    pub calendar_version: i64,
    /// Years that were counted Monday to Friday because nobody has loaded them.
    #[schema(example = json!([]))]
    pub unloaded_years: Vec<i32>,
    /// Years that were counted by a notice still to be confirmed.
    #[schema(example = json!([2027]))]
    pub provisional_years: Vec<i32>,
}

/// What the last day to act leans on. (c1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChurnAlertDueBasis)]
pub struct DueBasis {
    /// Version of the calendar of working days.
    #[schema(example = 4)]
    pub calendar_version: i64,
    /// Years counted Monday to Friday because nobody has loaded them.
    #[schema(example = json!([]))]
    pub unloaded_years: Vec<i32>,
    /// Years counted by a notice still to be confirmed.
    #[schema(example = json!([2027]))]
    pub provisional_years: Vec<i32>,
}

/// A deadline: what a record keeps of it, and when its timer fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day to act.
    pub day: NaiveDate,
    /// The first instant after it.
    pub at: DateTime<Utc>,
    /// What the day leans on.
    pub basis: DueBasis,
}

/// An unbroken piece of business time. (c1)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Segment {
    /// The day it counts for.
    pub day: NaiveDate,
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after.
    pub to: DateTime<Utc>,
    /// What is known of its year.
    pub basis: Basis,
}

/// Business time in all: what a clock that runs in business hours shows.
pub fn total(segments: &[Segment]) -> TimeDelta {
    segments.iter().fold(TimeDelta::zero(), |sum, segment| sum + (segment.to - segment.from))
}

impl Calendar {
    /// A version of a calendar; without years it counts Monday to Friday.
    pub fn new(version: i64, time_zone: Tz, mut periods: Vec<Period>, years: BTreeMap<i32, Year>) -> Self {
        periods.sort_unstable();
        Self { version, time_zone, periods, years }
    }

    /// Moves with every year loaded.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Whether a day counts.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        let exception = self.years.get(&day.year()).and_then(|year| year.exceptions.get(&day));
        exception.copied().unwrap_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    /// What is known of a day's year.
    pub fn basis(&self, day: NaiveDate) -> Basis {
        match self.years.get(&day.year()).map(|year| year.status) {
            Some(YearStatus::Official) => Basis::Official,
            Some(YearStatus::Provisional) => Basis::Provisional,
            None => Basis::Unloaded,
        }
    }

    /// The `n`-th open day after `day`, which itself never counts; `day` for 0. On a calendar of trading days, the
    /// `n`-th trading day.
    pub fn add_working_days(&self, day: NaiveDate, n: u32) -> DueDay {
        let mut due = day;
        let mut left = n;
        let mut years = BTreeSet::new();
        while left > 0 {
            let Some(next) = due.succ_opt() else { break };
            due = next;
            years.insert(due.year());
            left -= u32::from(self.is_open(due));
        }
        let of_status = |status: Option<YearStatus>| {
            let known = |year: &&i32| self.years.get(year).map(|year| year.status) == status;
            years.iter().filter(known).copied().collect()
        };
        DueDay {
            day: due,
            calendar_version: self.version,
            unloaded_years: of_status(None),
            provisional_years: of_status(Some(YearStatus::Provisional)),
        }
    }

    /// The deadline `n` open days after `day`.
    pub fn due(&self, day: NaiveDate, n: u32) -> Due {
        let DueDay { day, calendar_version, unloaded_years, provisional_years } = self.add_working_days(day, n);
        let at = TradingCalendar { time_zone: self.time_zone }.end_of(day);
        Due { day, at, basis: DueBasis { calendar_version, unloaded_years, provisional_years } }
    }

    /// Open days after `from`, up to and with `to`.
    pub fn open_days(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        days.fold(0, |count, day| count + u32::from(self.is_open(day)))
    }

    /// The business time between two instants, piece by piece, in order.
    pub fn business_time(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Segment> {
        let day_of = |instant: DateTime<Utc>| instant.with_timezone(&self.time_zone).date_naive();
        let days = day_of(from).iter_days().take_while(|day| *day <= day_of(to)).filter(|day| self.is_open(*day));
        let on = |day: NaiveDate| {
            self.periods.iter().map(move |period| Segment {
                day,
                from: self.instant(day, period.opens_at).max(from),
                to: self.instant(day, period.closes_at).min(to),
                basis: self.basis(day),
            })
        };
        days.flat_map(on).filter(|segment| segment.from < segment.to).collect()
    }

    /// The instant at which clocks of the calendar's zone show `time` on `day`; the first of two, and where a clock
    /// change leaves the time out, the same time counted from before the change.
    pub fn instant(&self, day: NaiveDate, time: TimeOfDay) -> DateTime<Utc> {
        let local = day.and_time(time.0);
        if let Some(found) = self.time_zone.from_local_datetime(&local).earliest() {
            return found.to_utc();
        }
        let before = local.checked_sub_days(Days::new(1)).unwrap_or(local);
        let found = self.time_zone.from_local_datetime(&before).earliest().map(|found| found.to_utc());
        found.map_or_else(|| local.and_utc(), |found| found + TimeDelta::days(1))
    }
}
