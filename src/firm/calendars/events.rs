//! What happens to calendars.

use platform::kernel::calendar::YearStatus;

platform::events! {
    CalendarYearLoaded = "calendar.year_loaded" of "calendar" published c1 "A year of a calendar was loaded" "日历年度已载入" {
        /// Code of the calendar.
        #[schema(example = "cn_working")]
        pub calendar: String,
        /// The year.
        pub year: i32,
        /// Version of the calendar that has it.
        pub version: i64,
        /// How far it can be relied on.
        pub status: YearStatus,
    }
}
