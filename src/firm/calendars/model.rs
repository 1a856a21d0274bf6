//! Calendars as they are kept.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use platform::kernel::calendar::{CalendarKind, Period, YearStatus};

/// Years a calendar can hold.
pub const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// A calendar and the years it holds. (c1)
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoredCalendar {
    /// Stable code.
    #[schema(example = "cn-working")]
    pub code: String,
    /// What it counts.
    pub kind: CalendarKind,
    /// English name.
    #[schema(example = "Working days of mainland China")]
    pub name_en: String,
    /// Chinese name.
    #[schema(example = "中国内地工作日")]
    pub name_zh: String,
    /// Moves with every year loaded.
    #[schema(example = 1)]
    pub version: i64,
    /// Business hours of an open day, in the exchange's time zone.
    pub periods: Vec<Period>,
    /// The years loaded, each as it is in force.
    pub years: Vec<LoadedYear>,
}

/// A year as it was loaded. (c1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LoadedYear {
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// The version of the calendar that brought it.
    #[schema(example = 1)]
    pub version: i64,
    /// How far it can be relied on.
    pub status: YearStatus,
    /// The notice it comes from.
    #[schema(example = "国务院办公厅关于2026年部分节假日安排的通知")]
    pub source: String,
    /// When it was loaded.
    pub loaded_at: DateTime<Utc>,
}

/// A day that is not what its weekday says. (c2)
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionalDay {
    /// The day, within the year. (c1)
    #[schema(example = "2028-02-19")]
    pub day: NaiveDate,
    /// Whether it counts: a holiday does not, a make-up day at a weekend does. (c1)
    #[schema(example = true)]
    pub open: bool,
    /// What it is.
    #[schema(min_length = 1, max_length = 60, pattern = r"\S", example = "调休上班")]
    pub name: String,
}

/// A year to be loaded. (c1)
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "status": "official",
    "source": "国务院办公厅关于2027年部分节假日安排的通知",
    "days": [{"day": "2027-01-01", "open": false, "name": "元旦"}],
}))]
pub struct NewYear {
    /// How far it can be relied on.
    pub status: YearStatus,
    /// The notice it comes from.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub source: String,
    /// The days that are not what their weekday says, each once.
    #[schema(max_items = 366)]
    pub days: Vec<ExceptionalDay>,
}
