//! The figures against reference values, and their laws.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn gold() -> Value {
    serde_json::from_str(include_str!("../../../tests/fixtures/science/gold_metrics.json"))
        .expect("the fixture is JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().expect("a list").iter().map(number).collect()
}

fn outcomes(list: &Value) -> Vec<bool> {
    numbers(list).into_iter().map(|y| y == 1.0).collect()
}

/// SplitMix64 (Steele, Lea & Flood 2014): random words from a seed.
pub fn words(mut seed: u64) -> impl FnMut() -> u64 {
    move || {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[test]
fn figures_agree_with_the_reference() {
    let gold = gold();
    let (happened, p) = (outcomes(&gold["y"]), numbers(&gold["p"]));
    let figures = [
        ("auc", auc(&happened, &p)),
        ("prauc", average_precision(&happened, &p)),
        ("brier", brier(&happened, &p)),
        ("logloss", log_loss(&happened, &p)),
        ("ece10", calibration_error(&happened, &p, 10)),
        ("ks", kolmogorov_smirnov(&happened, &p)),
        ("lift10", lift(&happened, &p, 0.1)),
    ];
    for (name, figure) in figures {
        let (got, want) = (figure.expect(name), number(&gold["metrics"][name]));
        assert!((got - want).abs() < 1e-9, "{name}: {got}, not {want}");
    }
}

#[test]
fn ties_have_no_order() {
    let happened = [true, false, false, true, false, false];
    let p = [0.5; 6];
    assert_eq!(auc(&happened, &p), Some(0.5));
    assert_eq!(average_precision(&happened, &p), Some(1.0 / 3.0));
    assert_eq!(kolmogorov_smirnov(&happened, &p), Some(0.0));
    assert_eq!(lift(&happened, &p, 0.5), Some(1.0));
}

#[test]
fn a_perfect_score_is_perfect() {
    let (happened, p) = ([false, true, false, true], [0.0, 1.0, 0.0, 1.0]);
    assert_eq!(auc(&happened, &p), Some(1.0));
    assert_eq!(average_precision(&happened, &p), Some(1.0));
    assert_eq!(kolmogorov_smirnov(&happened, &p), Some(1.0));
    assert_eq!(lift(&happened, &p, 0.5), Some(2.0));
    assert_eq!(brier(&happened, &p), Some(0.0));
    assert_eq!(calibration_error(&happened, &p, 2), Some(0.0));
    assert!(log_loss(&happened, &p).is_some_and(|loss| loss < 1e-14));
}

#[test]
fn what_has_no_meaning_has_no_figure() {
    assert_eq!(auc(&[], &[]), None);
    assert_eq!(auc(&[true, true], &[0.1, 0.2]), None);
    assert_eq!(brier(&[true], &[0.1, 0.2]), None);
    assert_eq!(brier(&[true], &[f64::NAN]), None);
    assert_eq!(lift(&[true, false], &[0.1, 0.2], 0.0), None);
    assert_eq!(calibration_error(&[true], &[0.1], 0), None);
    assert!(log_loss(&[true], &[0.0]).is_some_and(f64::is_finite));
}

#[test]
fn calibration_agrees_with_the_reference() {
    let gold = gold();
    let (happened, p) = (outcomes(&gold["y"]), numbers(&gold["p"]));
    let platt = Platt::fit(&happened, &p).expect("both outcomes");
    for (name, got) in [("slope", platt.slope), ("intercept", platt.intercept)] {
        let want = number(&gold["platt"][name]);
        assert!((got - want).abs() < 1e-9, "{name}: {got}, not {want}");
    }
    // A maximum of the likelihood over slope and intercept foretells the events, and their mean logit.
    let applied: Vec<f64> = p.iter().map(|&p| platt.apply(p)).collect();
    let weighed = |weight: &dyn Fn(f64) -> f64| -> f64 {
        p.iter().zip(&applied).zip(&happened).map(|((&p, got), &y)| weight(p) * (got - f64::from(y))).sum()
    };
    assert!(weighed(&|_| 1.0).abs() < 1e-9 && weighed(&|p| (p / (1.0 - p)).ln()).abs() < 1e-9);
    let isotonic = Isotonic::fit(&happened, &p).expect("rows");
    for (score, want) in gold["isotonic_at"].as_object().expect("an object") {
        let (got, want) = (isotonic.apply(score.parse().expect("a score")), number(want));
        assert!((got - want).abs() < 1e-9, "{score}: {got}, not {want}");
    }
}

#[test]
fn stability_agrees_with_the_reference() {
    let gold = gold();
    let (p, psi) = (numbers(&gold["p"]), &gold["psi"]);
    let edges = decile_edges(&p).expect("numbers");
    for (got, want) in edges.iter().zip(numbers(&psi["edges"])) {
        assert!((got - want).abs() < 1e-12, "{got}, not {want}");
    }
    let got = population_stability(&p, &numbers(&psi["q"]), &edges, number(&psi["floor"])).expect("numbers");
    assert!((got - number(&psi["value"])).abs() < 1e-9, "{got}");
    assert_eq!(population_stability(&p, &p, &edges, 1e-4), Some(0.0));
    assert_eq!(population_stability(&[], &p, &edges, 1e-4), None);
    assert_eq!(decile_edges(&[3.0, 3.0]), Some(vec![3.0]), "a decile that repeats is one edge");
}

#[test]
fn an_interval_tells_a_better_model_from_an_equal_one() {
    let gold = gold();
    let (happened, p) = (outcomes(&gold["y"]), numbers(&gold["p"]));
    let resampling = Resampling::default();
    let noise: Vec<f64> = p.iter().enumerate().map(|(i, _)| (i as f64 * 0.618).fract()).collect();
    let better = auc_gain(&happened, &noise, &p, &resampling, &mut words(1)).expect("both outcomes");
    assert!(better.low > 0.1 && better.low < better.estimate && better.estimate < better.high, "{better:?}");
    let equal = auc_gain(&happened, &p, &p, &resampling, &mut words(2)).expect("both outcomes");
    assert_eq!(equal, Interval { estimate: 0.0, low: 0.0, high: 0.0 }, "paired: the same rows in both");
    let worse = brier_gain(&happened, &p, &noise, &resampling, &mut words(3)).expect("both outcomes");
    assert!(worse.low > 0.0, "{worse:?}");
    let again = auc_gain(&happened, &noise, &p, &resampling, &mut words(1)).expect("both outcomes");
    assert_eq!(again, better, "one seed, one interval");
    assert_eq!(auc_gain(&[true; 3], &[0.1; 3], &[0.2; 3], &resampling, &mut words(4)), None);
}

/// The interval of a mean of 400 coin throws has the width that the central limit theorem gives it.
#[test]
fn an_interval_is_as_wide_as_theory_has_it() {
    let mut coin = words(5);
    let throws: Vec<f64> = (0..400).map(|_| (coin() & 1) as f64).collect();
    let mean = |times: &[f64]| Some(throws.iter().zip(times).map(|(v, t)| v * t).sum::<f64>() / 400.0);
    let interval = Resampling::default().interval(400, &mut words(6), mean).expect("a mean");
    let width = interval.high - interval.low;
    assert!((width - 2.0 * 1.96 * 0.5 / 20.0).abs() < 0.01, "{width}");
}

fn any_rows() -> impl Strategy<Value = (Vec<bool>, Vec<f64>)> {
    // Coarse scores, so that ties are common.
    prop::collection::vec((any::<bool>(), 1_u8..20), 2..60)
        .prop_map(|rows| rows.into_iter().map(|(happened, score)| (happened, f64::from(score) / 20.0)).unzip())
}

proptest! {
    #[test]
    fn the_weighed_auc_is_the_auc_of_the_rows_repeated(
        (happened, score) in any_rows(),
        times in prop::collection::vec(0_u8..4, 60),
    ) {
        let repeated = || (0..score.len()).flat_map(|i| (0..times[i]).map(move |_| i));
        let (events, scores): (Vec<bool>, Vec<f64>) = repeated().map(|i| (happened[i], score[i])).unzip();
        let want = auc(&events, &scores);
        let weights: Vec<f64> = times.iter().take(score.len()).copied().map(f64::from).collect();
        let got = Ranked::new(&happened, &score).expect("rows").auc(&weights);
        prop_assert_eq!(got.is_some(), want.is_some());
        prop_assert!((got.unwrap_or_default() - want.unwrap_or_default()).abs() < 1e-12);
    }

    #[test]
    fn figures_do_not_depend_on_the_order_of_rows((mut happened, mut score) in any_rows()) {
        let figures = |happened: &[bool], score: &[f64]| {
            let precision = average_precision(happened, score);
            [auc(happened, score), precision, kolmogorov_smirnov(happened, score), lift(happened, score, 0.3)]
        };
        let before = figures(&happened, &score);
        happened.reverse();
        score.reverse();
        for (one, other) in before.into_iter().zip(figures(&happened, &score)) {
            prop_assert_eq!(one.is_some(), other.is_some());
            prop_assert!((one.unwrap_or_default() - other.unwrap_or_default()).abs() < 1e-12);
        }
    }

    /// Rising, between 0 and 1, keeps the number of events, and no step up or down at any score fits better.
    #[test]
    fn isotonic_is_the_nearest_rising_function((happened, score) in any_rows()) {
        let isotonic = Isotonic::fit(&happened, &score).expect("rows");
        let fitted: Vec<f64> = score.iter().map(|&s| isotonic.apply(s)).collect();
        let mut levels: Vec<(f64, f64)> = score.iter().copied().zip(fitted.iter().copied()).collect();
        levels.sort_by(|a, b| a.0.total_cmp(&b.0));
        prop_assert!(levels.windows(2).all(|w| w[0].1 <= w[1].1) && fitted.iter().all(|p| (0.0..=1.0).contains(p)));
        let residual = |from: f64| -> f64 {
            score.iter().zip(&happened).zip(&fitted)
                .filter(|((s, _), _)| **s >= from).map(|((_, &y), p)| f64::from(y) - p).sum()
        };
        // Karush–Kuhn–Tucker: raising all above a score gains nothing; raising all is balanced.
        prop_assert!(residual(f64::NEG_INFINITY).abs() < 1e-9);
        prop_assert!(score.iter().all(|&from| residual(from) < 1e-9));
    }

    #[test]
    fn the_intercept_update_restores_the_base_rate((happened, score) in any_rows()) {
        if let Some(shift) = intercept_update(&happened, &score) {
            let shifted = Platt { slope: 1.0, intercept: shift };
            let expected: f64 = score.iter().map(|&p| shifted.apply(p)).sum();
            let events = happened.iter().filter(|&&y| y).count() as f64;
            prop_assert!((expected - events).abs() < 1e-6, "{} {}", expected, events);
        } else {
            prop_assert!(happened.iter().all(|&y| y == happened[0]));
        }
    }
}
