//! Calendars of the firm: working days with make-up days, trading days, business hours.
//!
//! Invariants: a year is loaded whole, as a new version of its calendar; a make-up day lies at a weekend and is never a
//! trading day; a year nobody has loaded counts Monday to Friday, and the answer says so.

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
    labels: &[
        LabelSet::of::<CalendarKind>(&["calendar.kind"]),
        LabelSet::of::<YearStatus>(&["calendar_year.status"]),
        LabelSet::of::<Basis>(&[]),
    ],
    calendars: Some(SOURCE),
    tables: &["calendar", "calendar_period", "calendar_year", "calendar_day"],
    ..Slice::named("firm/calendars")
};
