use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("day")
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("instant")
}

fn period(opens_at: u32, closes_at: u32) -> Period {
    Period { opens_at: TimeOfDay::minutes(opens_at * 60), closes_at: TimeOfDay::minutes(closes_at * 60) }
}

/// National Day 2026: off from 1 to 7 October, with make-up days on Sunday 20 September and Saturday 10 October.
fn working() -> Calendar {
    let mut exceptions: BTreeMap<_, _> = (1..=7).map(|date| (day(&format!("2026-10-0{date}")), false)).collect();
    exceptions.extend([(day("2026-09-20"), true), (day("2026-10-10"), true)]);
    let year = Year { status: YearStatus::Official, exceptions };
    let next = Year { status: YearStatus::Provisional, exceptions: BTreeMap::from([(day("2027-01-01"), false)]) };
    Calendar::new(3, Shanghai, vec![period(13, 17), period(9, 12)], BTreeMap::from([(2026, year), (2027, next)]))
}

#[test]
fn holidays_do_not_count_and_make_up_days_do() {
    let due = |from: &str, n| working().add_working_days(day(from), n).day.to_string();
    assert_eq!(due("2026-09-30", 0), "2026-09-30");
    assert_eq!(due("2026-09-30", 1), "2026-10-08");
    assert_eq!(due("2026-09-30", 3), "2026-10-10", "a make-up Saturday");
    assert_eq!(due("2026-09-30", 4), "2026-10-12");
    assert_eq!(due("2026-09-18", 1), "2026-09-20", "a make-up Sunday");
    assert_eq!(working().open_days(day("2026-09-30"), day("2026-10-10")), 3);
}

#[test]
fn the_answer_says_which_years_it_leaned_on() {
    let due = working().add_working_days(day("2026-12-31"), 2);
    assert_eq!((due.day, due.calendar_version), (day("2027-01-05"), 3));
    assert_eq!((due.unloaded_years, due.provisional_years), (vec![], vec![2027]));
    let due = working().add_working_days(day("2025-12-31"), 1);
    assert_eq!((due.day, due.unloaded_years), (day("2026-01-01"), vec![]), "the start itself is not counted");
    let due = working().add_working_days(day("2027-12-31"), 1);
    assert_eq!((due.day, due.unloaded_years, due.provisional_years), (day("2028-01-03"), vec![2028], vec![]));
    let due = working().add_working_days(day("2028-01-03"), 0);
    assert!(due.unloaded_years.is_empty(), "nothing was counted");
    assert_eq!(working().add_working_days(NaiveDate::MAX, 3).day, NaiveDate::MAX);
}

#[test]
fn a_deadline_ends_with_its_day_and_keeps_what_it_leans_on() {
    let due = working().due(day("2026-12-31"), 2);
    assert_eq!((due.day, due.at), (day("2027-01-05"), instant("2027-01-05T16:00:00Z")));
    assert_eq!((due.basis.calendar_version, due.basis.provisional_years), (3, vec![2027]));
}

#[test]
fn business_time_is_told_piece_by_piece() {
    // From half past eleven on the last day before the holiday until half past nine on the first day after it.
    let pieces = working().business_time(instant("2026-09-30T03:30:00Z"), instant("2026-10-08T01:30:00Z"));
    let pieces: Vec<_> = pieces.iter().map(|piece| (piece.from.to_rfc3339(), piece.to.to_rfc3339())).collect();
    let piece = |from: &str, to: &str| (format!("2026-{from}:00+00:00"), format!("2026-{to}:00+00:00"));
    assert_eq!(
        pieces,
        [piece("09-30T03:30", "09-30T04:00"), piece("09-30T05:00", "09-30T09:00"), piece("10-08T01:00", "10-08T01:30"),]
    );
    let lunch = working().business_time(instant("2026-09-30T04:00:00Z"), instant("2026-09-30T05:00:00Z"));
    assert_eq!(lunch, []);
    assert_eq!(working().business_time(instant("2026-09-30T09:00:00Z"), instant("2026-09-30T01:00:00Z")), []);
}

#[test]
fn a_time_left_out_by_a_clock_change_is_counted_from_before_it() {
    let berlin = Calendar::new(1, chrono_tz::Europe::Berlin, vec![], BTreeMap::new());
    let half_past_two = TimeOfDay::minutes(150);
    assert_eq!(berlin.instant(day("2026-03-29"), half_past_two), instant("2026-03-29T01:30:00Z"));
    assert_eq!(berlin.instant(day("2026-10-25"), half_past_two), instant("2026-10-25T00:30:00Z"), "the first of two");
}

#[test]
fn a_time_of_day_is_hours_and_minutes() {
    assert_eq!(serde_json::to_string(&TimeOfDay::minutes(570)).expect("json"), "\"09:30\"");
    assert_eq!(serde_json::from_str::<TimeOfDay>("\"23:59\"").expect("time"), TimeOfDay::minutes(1439));
    assert!(serde_json::from_str::<TimeOfDay>("\"24:00\"").is_err());
}

prop_compose! {
    /// Any exceptions in three years, of which any may be loaded.
    fn calendars()(
        exceptions in prop::collection::btree_map(0_u64..1_096, any::<bool>(), 0..200),
        loaded in prop::collection::btree_set(2026_i32..2029, 0..4),
    ) -> Calendar {
        let mut years: BTreeMap<i32, Year> = loaded
            .into_iter()
            .map(|year| (year, Year { status: YearStatus::Official, exceptions: BTreeMap::new() }))
            .collect();
        for (offset, open) in exceptions {
            let date = day("2026-01-01") + Days::new(offset);
            if let Some(year) = years.get_mut(&date.year()) {
                year.exceptions.insert(date, open);
            }
        }
        Calendar::new(1, Shanghai, vec![period(9, 12), period(13, 15), period(20, 23)], years)
    }
}

proptest! {
    #[test]
    fn exactly_n_open_days_lie_between(calendar in calendars(), start in 0_u64..1_000, n in 1_u32..90) {
        let start = day("2026-01-01") + Days::new(start);
        let due = calendar.add_working_days(start, n);
        prop_assert!(calendar.is_open(due.day));
        prop_assert_eq!(calendar.open_days(start, due.day), n);
        let walked = start.iter_days().skip(1).take_while(|day| *day <= due.day);
        let walked: BTreeSet<i32> = walked.map(|day| day.year()).collect();
        let unloaded: Vec<i32> = walked.into_iter().filter(|year| !calendar.years.contains_key(year)).collect();
        prop_assert_eq!(due.unloaded_years, unloaded);
    }

    #[test]
    fn business_time_adds_up(
        calendar in calendars(),
        start in 0_i64..1_400_000,
        (first, second) in (0_i64..20_000, 0_i64..20_000),
    ) {
        let from = instant("2026-01-01T00:00:00Z") + TimeDelta::minutes(start);
        let (middle, end) = (from + TimeDelta::minutes(first), from + TimeDelta::minutes(first + second));
        let whole = calendar.business_time(from, end);
        let parts = total(&calendar.business_time(from, middle)) + total(&calendar.business_time(middle, end));
        prop_assert_eq!(total(&whole), parts);
        prop_assert!(whole.windows(2).all(|pair| pair[0].to <= pair[1].from));
        prop_assert!(whole.iter().all(|piece| from <= piece.from && piece.to <= end && calendar.is_open(piece.day)));
    }
}
