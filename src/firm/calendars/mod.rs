//! Calendars of the firm: working days with make-up days, trading days, business hours.
//!
//! Invariants: a year is loaded whole, as a new version of its calendar; a make-up day lies at a weekend and is never a
//! trading day; a year nobody has loaded counts Monday to Friday, and the answer says so.

mod events;
mod http;
mod model;
mod rules;
mod service;
mod store;

pub use service::{SOURCE, trading, working};

use platform::kernel::calendar::{Basis, CalendarKind, YearStatus};
use platform::kernel::label::LabelSet;
use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("calendars", "Working days, trading days and business hours 工作日与交易日历")],
    routes: http::routes,
    events: &[events::EVENTS],
    labels: &[
        LabelSet::of::<CalendarKind>(&["calendar.kind"]),
        LabelSet::of::<YearStatus>(&["calendar_year.status"]),
        LabelSet::of::<Basis>(&[]),
    ],
    faults: faults::FAULTS,
    calendars: Some(SOURCE),
    tables: &["calendar", "calendar_period", "calendar_year", "calendar_day"],
    ..Slice::named("firm/calendars")
};

/// What can be wrong with an input of this slice.
mod faults {
    platform::faults! {
        OTHER_YEAR = "other_year" "Not a day of {year}" "不在{year}年内";
        REPEATED = "repeated" "This day is named twice" "日期重复";
        NO_TRADING_AT_WEEKENDS = "no_trading_at_weekends" "A make-up day is no trading day" "调休上班日不是交易日";
        OPEN_ANYWAY = "open_anyway" "Monday to Friday are open unless they are said to be closed"
            "周一至周五默认为工作日，无需列出";
        OUT_OF_RANGE = "out_of_range" "A day from 1990 to 2100" "应为 1990 年至 2100 年之间的日期";
    }
}
