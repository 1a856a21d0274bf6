//! Time as a value: read once at the edge, passed inward, settable in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{AnyOfBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

/// Where "now" comes from. PostgreSQL keeps microseconds, so that is all it gives.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands where it was set (microseconds since the epoch).
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `instant` until it is set again.
    pub fn fixed(instant: DateTime<Utc>) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(instant.timestamp_micros())))
    }

    /// The present instant, to the microsecond.
    #[expect(clippy::disallowed_methods, reason = "the one place that may ask the machine for the time")]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match self {
            Self::System => Utc::now().timestamp_micros(),
            Self::Fixed(micros) => micros.load(Ordering::Relaxed),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a fixed clock; the machine's clock stays as it is.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Self::Fixed(micros) = self {
            micros.store(instant.timestamp_micros(), Ordering::Relaxed);
        }
    }
}

/// The exchange's calendar: which trading day an instant belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradingCalendar {
    /// The exchange's time zone.
    pub time_zone: Tz,
}

impl TradingCalendar {
    /// The trading day an instant belongs to.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.time_zone).date_naive()
    }

    /// The first instant of a trading day.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        self.end_of(day.checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN))
    }

    /// The first instant after a trading day: `as_of` a date means everything before this.
    pub fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN);
        match self.time_zone.from_local_datetime(&midnight).earliest() {
            Some(instant) => instant.to_utc(),
            // Midnight fell into a clock change; the zone's offset just before it is near enough.
            None => self.time_zone.from_utc_datetime(&midnight).to_utc(),
        }
    }
}

/// `as_of=`: a trading day (its end) or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AsOf {
    /// The end of this trading day.
    Day(NaiveDate),
    /// This instant.
    Instant(DateTime<Utc>),
}

impl AsOf {
    /// What a caller means: the present when nothing was asked for, and nothing later than the present.
    pub fn asked(asked: Option<Self>, now: DateTime<Utc>, calendar: &TradingCalendar) -> Self {
        match asked {
            None => Self::Day(calendar.day_of(now)),
            Some(Self::Day(day)) => Self::Day(day.min(calendar.day_of(now))),
            Some(Self::Instant(instant)) => Self::Instant(instant.min(now)),
        }
    }

    /// The last trading day that counts.
    pub fn day(self, calendar: &TradingCalendar) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Instant(instant) => calendar.day_of(instant),
        }
    }

    /// Everything strictly before this instant counts.
    pub fn before(self, calendar: &TradingCalendar) -> DateTime<Utc> {
        match self {
            Self::Day(day) => calendar.end_of(day),
            Self::Instant(instant) => instant + chrono::Duration::microseconds(1),
        }
    }
}

impl utoipa::PartialSchema for AsOf {
    fn schema() -> RefOr<Schema> {
        let text = |format, example| {
            let format = Some(SchemaFormat::KnownFormat(format));
            ObjectBuilder::new().schema_type(Type::String).format(format).examples([serde_json::json!(example)])
        };
        AnyOfBuilder::new()
            .item(text(KnownFormat::Date, "2026-03-31"))
            .item(text(KnownFormat::DateTime, "2026-03-31T07:00:00Z"))
            .into()
    }
}

impl utoipa::ToSchema for AsOf {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_asks_for_the_future() {
        let calendar = TradingCalendar { time_zone: chrono_tz::UTC };
        let now = "2026-03-01T16:30:00Z".parse().expect("instant");
        let asked = |text: &str| AsOf::asked(serde_json::from_value(text.into()).ok(), now, &calendar);
        assert_eq!(AsOf::asked(None, now, &calendar).day(&calendar).to_string(), "2026-03-01");
        assert_eq!(asked("2026-04-01"), AsOf::Day("2026-03-01".parse().expect("day")));
        assert_eq!(asked("2026-03-01T17:00:00Z"), AsOf::Instant(now));
        assert_eq!(
            asked("2026-02-01T17:00:00+08:00").before(&calendar).to_rfc3339(),
            "2026-02-01T09:00:00.000001+00:00"
        );
    }

    #[test]
    fn a_day_ends_where_the_exchange_says() {
        let shanghai = TradingCalendar { time_zone: chrono_tz::Asia::Shanghai };
        let late = "2026-03-01T16:30:00Z".parse().expect("instant");
        assert_eq!(shanghai.day_of(late).to_string(), "2026-03-02");
        let day = "2026-03-01".parse().expect("day");
        assert_eq!(shanghai.end_of(day).to_rfc3339(), "2026-03-01T16:00:00+00:00");
        assert_eq!(shanghai.day_of(shanghai.end_of(day)), day.succ_opt().expect("next"));
    }
}
