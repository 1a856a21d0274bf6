//! The features of hand-made clients, and their laws.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn day(day: i32, amount: f64) -> Day {
    Day { day, trades: 2, amount, sold: amount / 4.0, new_instruments: 1 }
}

fn value(values: &[f64; COUNT], code: &str) -> f64 {
    values[FEATURES.iter().position(|feature| feature.code == code).expect("a feature")]
}

#[test]
fn clumpiness_agrees_with_the_reference() {
    let gold: Value = serde_json::from_str(include_str!("../../../tests/fixtures/science/gold_metrics.json"))
        .expect("the fixture is JSON");
    let cases = gold["clumpiness"].as_array().expect("cases");
    assert_eq!(cases.len(), 4);
    for case in cases {
        let gaps = case["gaps"].as_array().expect("gaps").iter().map(|g| g.as_f64().expect("a gap"));
        let (got, want) = (clumpiness(&gaps.collect::<Vec<_>>()), case["value"].as_f64().expect("a number"));
        assert!((got - want).abs() < 1e-9, "{got}, not {want}");
    }
    assert_eq!((clumpiness(&[]), clumpiness(&[3.0]), clumpiness(&[0.0, 0.0])), (0.0, 0.0, 0.0));
}

#[test]
fn a_client_by_hand() {
    let days = [day(0, 100.0), day(10, 50.0), day(40, 150.0), day(150, 99.0), day(180, 1.0)];
    let values = features(&days, 200).expect("features");
    let expected = [
        ("recency_days", 20.0),
        ("tenure_days", 200.0),
        ("active_days", 5.0),
        ("trades", 10.0),
        ("log_amount", 401.0_f64.ln()),
        ("mean_amount", 80.0),
        ("gap_mean", 45.0),
        ("gap_variation", 1475.0_f64.sqrt() / 45.0),
        ("gap_last", 30.0),
        ("overdue", 20.0 / 45.0),
        ("active_days_30", 1.0),
        ("active_days_90", 2.0),
        ("active_days_180", 3.0),
        ("active_days_365", 5.0),
        ("log_amount_30", 2.0_f64.ln()),
        ("log_amount_90", 101.0_f64.ln()),
        ("log_amount_180", 251.0_f64.ln()),
        ("log_amount_365", 401.0_f64.ln()),
        ("active_days_trend", (3.0_f64 / 2.0).ln()),
        ("amount_trend", (101.0_f64 / 151.0).ln()),
        ("sell_share", 0.25),
        ("instruments", 5.0),
        ("clumpiness", clumpiness(&[10.0, 30.0, 110.0, 30.0, 20.0])),
    ];
    assert_eq!(expected.map(|(code, _)| code), FEATURES.map(|feature| feature.code));
    for ((code, want), got) in expected.into_iter().zip(values) {
        assert!((got - want).abs() < 1e-12, "{code}: {got}, not {want}");
    }
}

#[test]
fn a_client_with_one_day_has_waited_as_long_as_known() {
    let values = features(&[day(5, 10.0)], 17).expect("features");
    for (code, want) in [("recency_days", 12.0), ("gap_mean", 12.0), ("overdue", 1.0), ("gap_variation", 0.0)] {
        assert_eq!(value(&values, code), want, "{code}");
    }
    let today = features(&[day(17, 10.0)], 17).expect("features");
    assert_eq!(value(&today, "overdue"), 0.0);
    assert!(today.iter().all(|v| v.is_finite()));
}

#[test]
fn a_window_of_k_days_ends_with_the_cutoff() {
    let in_window = |at: i32| value(&features(&[day(at, 1.0)], 100).expect("features"), "active_days_30");
    assert_eq!((in_window(71), in_window(70)), (1.0, 0.0), "71 … 100 are 30 days");
}

#[test]
fn the_compact_features_are_those_of_their_names() {
    let values = features(&[day(0, 100.0), day(10, 50.0)], 30).expect("features");
    let four = compact(&values, 0.8);
    for (feature, got) in COMPACT.iter().zip(four).take(3) {
        assert_eq!(got, value(&values, feature.code), "{}", feature.code);
    }
    assert_eq!(RFM.map(|at| FEATURES[at].code), ["recency_days", "active_days", "log_amount"]);
    assert!((four[3] - 4.0_f64.ln()).abs() < 1e-12, "{four:?}");
    assert!(compact(&values, 0.0)[3].is_finite() && compact(&values, 1.0)[3].is_finite());
}

#[test]
fn refuses_with_a_reason() {
    assert_eq!(features(&[], 9), Err(NoFeatures::NeverActive));
    assert_eq!(features(&[day(10, 1.0)], 9), Err(NoFeatures::NeverActive));
    assert_eq!(features(&[Day { trades: 0, ..day(8, 0.0) }], 9), Err(NoFeatures::NeverActive));
    assert_eq!(features(&[day(3, 1.0), day(3, 1.0)], 9), Err(NoFeatures::OutOfOrder));
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(features(&[day(3, bad)], 9), Err(NoFeatures::InvalidAmount));
    }
    assert_eq!(features(&[Day { sold: 2.0, ..day(3, 1.0) }], 9), Err(NoFeatures::InvalidAmount));
}

/// Ascending days with anything on them.
fn any_days() -> impl Strategy<Value = Vec<Day>> {
    let any = (1_i32..60, 0_u32..4, 0.0..1e6, 0.0..=1.0, 0_u32..3);
    prop::collection::vec(any, 0..40).prop_map(|steps| {
        let mut at = -300;
        let place = |(gap, trades, amount, share, new_instruments): (i32, u32, f64, f64, u32)| {
            at += gap;
            Day { day: at, trades, amount, sold: amount * share, new_instruments }
        };
        steps.into_iter().map(place).collect()
    })
}

proptest! {
    /// Whatever happens after the cutoff, sound or not: the features are those of the days before it alone.
    #[test]
    fn nothing_after_the_cutoff_is_read(days in any_days(), cutoff in -300_i32..1500, later in any_days()) {
        let split = days.partition_point(|day| day.day <= cutoff);
        let alone = features(&days[..split], cutoff);
        prop_assert_eq!(features(&days, cutoff), alone);
        let broken = later.iter().map(|later| Day { day: cutoff + 1 + later.day.abs(), amount: f64::NAN, ..*later });
        let other: Vec<Day> = days[..split].iter().copied().chain(broken).collect();
        prop_assert_eq!(features(&other, cutoff), alone);
    }

    #[test]
    fn every_feature_is_a_number_in_its_range(days in any_days(), cutoff in -300_i32..1500) {
        if let Ok(values) = features(&days, cutoff) {
            prop_assert!(values.iter().all(|v| v.is_finite()), "{:?}", values);
            for code in ["sell_share", "clumpiness"] {
                prop_assert!((0.0..=1.0 + 1e-12).contains(&value(&values, code)), "{}", code);
            }
            let windows = ["active_days_30", "active_days_90", "active_days_180", "active_days_365", "active_days"];
            prop_assert!(windows.map(|code| value(&values, code)).is_sorted());
            prop_assert!(value(&values, "recency_days") <= value(&values, "tenure_days"));
        } else {
            prop_assert!(days.iter().all(|day| day.day > cutoff || day.trades == 0));
        }
    }

    /// Only spans count, not where the scale of days begins; and days without a trade say nothing.
    #[test]
    fn features_do_not_depend_on_the_origin_or_on_idle_days(
        days in any_days(), cutoff in -300_i32..1500, origin in -10_000_i32..10_000,
    ) {
        let moved: Vec<Day> = days.iter().map(|day| Day { day: day.day + origin, ..*day }).collect();
        prop_assert_eq!(features(&moved, cutoff + origin), features(&days, cutoff));
        let active: Vec<Day> = days.iter().copied().filter(|day| day.trades > 0).collect();
        prop_assert_eq!(features(&active, cutoff), features(&days, cutoff));
    }

    #[test]
    fn clumpiness_has_no_unit_and_no_order(mut gaps in prop::collection::vec(0.1..100.0, 2..20), scale in 0.1..100.0) {
        let before = clumpiness(&gaps);
        gaps.reverse();
        gaps.iter_mut().for_each(|gap| *gap *= scale);
        prop_assert!((clumpiness(&gaps) - before).abs() < 1e-9);
    }
}
