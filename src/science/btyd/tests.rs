//! The models against reference digits, and their laws.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::likelihood::Sample;
use super::{Cell, FitPolicy, History, Model, NotIdentified, Parameters, fit};
use crate::newton::Surface;

const NUMERICS: &str = include_str!("../../../tests/fixtures/science/gold_numerics.json");
const CDNOW: &str = include_str!("../../../tests/fixtures/science/cdnow_customers_summary.csv");
const MODELS: [(Model, &str); 2] = [(Model::BgNbd, "bgnbd"), (Model::MbgNbd, "mbgnbd")];

fn gold() -> Value {
    serde_json::from_str(NUMERICS).expect("the fixture is JSON")
}

/// Reference digits are strings, to keep all fifty.
fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).expect("a number")
}

fn history(row: &Value) -> History {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of the reference rows")]
    let x = number(&row["x"]) as u32;
    History { x, t_x: number(&row["t_x"]), t: number(&row["T"]) }
}

fn parameters(gold: &Value, model: Model, name: &str) -> Parameters {
    let [r, alpha, a, b] = std::array::from_fn(|i| number(&gold["params"][name][i]));
    Parameters { model, r, alpha, a, b }
}

fn cdnow() -> Vec<Cell> {
    let mut clients: BTreeMap<(u32, &str, &str), f64> = BTreeMap::new();
    for line in CDNOW.lines().skip(1) {
        let mut fields = line.split(',').skip(1);
        let mut next = || fields.next().expect("four columns");
        *clients.entry((next().parse().expect("a count"), next(), next())).or_default() += 1.0;
    }
    let weeks = |text: &str| text.parse().expect("weeks");
    clients.into_iter().map(|((x, t_x, t), weight)| Cell { x, t_x: weeks(t_x), t: weeks(t), weight }).collect()
}

fn assert_close(got: f64, want: f64, relative: f64, what: impl std::fmt::Display) {
    assert!((got - want).abs() <= relative * want.abs(), "{what}: {got:e}, not {want:e}");
}

#[test]
fn rows_agree_to_nine_digits() {
    let gold = gold();
    for (model, name) in MODELS {
        let parameters = parameters(&gold, model, name);
        let rows = gold["rows"].as_array().expect("rows").iter().filter(|row| row["model"] == name);
        assert_eq!(rows.clone().count(), 21);
        for row in rows {
            let history = history(row);
            assert_close(parameters.log_likelihood(&history), number(&row["ll"]), 1e-12, row);
            assert_close(parameters.p_alive(&history), number(&row["p_alive"]), 1e-10, row);
            let days = parameters.expected_active_days(&history, number(&row["horizon"]));
            assert_close(days, number(&row["e52"]), 1e-10, row);
        }
        for row in gold["p_silent"].as_array().expect("rows") {
            let p = parameters.p_silent(&history(row), number(&row["H"]));
            assert_close(p, number(&row[format!("{name}_p_silent")]), 1e-12, row);
        }
    }
}

#[test]
fn fits_of_the_cdnow_sample_agree_with_the_literature() {
    let references = [
        ([0.242593, 4.413532, 0.792886, 2.425754], -9582.425561),
        ([0.524838, 6.182992, 0.891356, 1.613999], -9582.132685),
    ];
    let gold = gold();
    for ((model, name), (rounded, log_likelihood)) in MODELS.into_iter().zip(references) {
        let fitted = fit(&cdnow(), model, &FitPolicy::default(), None).expect("identified");
        let Parameters { r, alpha, a, b, .. } = fitted.parameters;
        let exact = parameters(&gold, model, name);
        for (got, want) in [r, alpha, a, b].into_iter().zip([exact.r, exact.alpha, exact.a, exact.b]) {
            assert_close(got, want, 1e-6, name);
        }
        for (got, want) in [r, alpha, a, b].into_iter().zip(rounded) {
            assert!((got - want).abs() <= 6e-7, "{name}: {got}");
        }
        assert!((fitted.log_likelihood - log_likelihood).abs() < 1e-6, "{name}: {}", fitted.log_likelihood);
        assert_eq!((fitted.clients, fitted.repeaters), (2357, 946));
        assert!(fitted.gain_over_no_dropout > 2.0);

        let again = fit(&cdnow(), model, &FitPolicy::default(), Some(&fitted.parameters)).expect("identified");
        assert!(again.iterations <= 1);
        assert_close(again.parameters.alpha, alpha, 1e-9, "a warm start stays");
    }
}

/// Published for whole days; the file has weeks to two decimals.
#[test]
fn the_bgnbd_forecast_of_39_weeks_is_the_published_one() {
    let to_days = |weeks: f64| (weeks * 7.0).round() / 7.0;
    let cells = cdnow().into_iter().map(|c| Cell { t_x: to_days(c.t_x), t: to_days(c.t), ..c }).collect::<Vec<_>>();
    let fitted = fit(&cells, Model::BgNbd, &FitPolicy::default(), None).expect("identified");
    let days = |c: &Cell| c.weight * fitted.parameters.expected_active_days(&c.history(), 39.0);
    let forecast: f64 = cells.iter().map(days).sum();
    assert!((forecast - 1653.41).abs() < 0.005, "{forecast}");
}

#[test]
fn refuses_with_a_reason() {
    let fit = |cells: &[Cell], policy| fit(cells, Model::MbgNbd, &policy, None).map(|_| ());
    let policy = FitPolicy::default();
    let cell = |x, t_x, weight| Cell { x, t_x, t: 52.0, weight };
    assert_eq!(fit(&[], policy), Err(NotIdentified::TooFewClients));
    assert_eq!(fit(&[cell(0, 0.0, 499.0)], policy), Err(NotIdentified::TooFewClients));
    assert_eq!(fit(&[cell(0, 0.0, 900.0), cell(3, 40.0, 99.0)], policy), Err(NotIdentified::TooFewRepeaters));
    for cell in [cell(1, 53.0, 900.0), cell(1, f64::NAN, 900.0), cell(0, 1.0, 900.0), cell(1, 9.0, 0.0)] {
        assert_eq!(fit(&[cell], policy), Err(NotIdentified::InvalidHistory));
    }
    let small = FitPolicy { least_clients: 10, least_repeaters: 5, ..policy };
    let steady = [cell(0, 0.0, 9.0), cell(2, 50.5, 20.0), cell(4, 51.0, 30.0), cell(7, 51.8, 30.0)];
    assert_eq!(fit(&steady, small), Err(NotIdentified::DropoutNotIdentified));
}

/// Value along coordinate `i`, one step either side.
fn differences<const N: usize>(
    surface: impl Fn(&[f64; N]) -> Surface<N>,
    point: [f64; N],
    i: usize,
) -> (f64, [f64; N]) {
    const STEP: f64 = 1e-5;
    let (mut up, mut down) = (point, point);
    up[i] += STEP;
    down[i] -= STEP;
    let (up, down) = (surface(&up), surface(&down));
    let half = 2.0 * STEP;
    ((up.value - down.value) / half, std::array::from_fn(|j| (up.gradient[j] - down.gradient[j]) / half))
}

fn assert_derivatives<const N: usize>(surface: impl Fn(&[f64; N]) -> Surface<N>, point: [f64; N]) {
    let exact = surface(&point);
    for i in 0..N {
        let (slope, bend) = differences(&surface, point, i);
        let near = |got: f64, want: f64| (got - want).abs() <= 1e-6 * (1.0 + want.abs());
        assert!(near(exact.gradient[i], slope), "slope {i}: {} not {slope}", exact.gradient[i]);
        for (j, &bend) in bend.iter().enumerate() {
            assert!(near(exact.hessian[i][j], bend), "bend {i} {j}: {} not {bend}", exact.hessian[i][j]);
        }
    }
}

fn any_model() -> impl Strategy<Value = Model> {
    prop_oneof![Just(Model::BgNbd), Just(Model::MbgNbd)]
}

fn any_parameters() -> impl Strategy<Value = Parameters> {
    let positive = |least: f64, most: f64| (least.ln()..most.ln()).prop_map(f64::exp);
    (any_model(), positive(0.05, 20.0), positive(0.1, 50.0), positive(0.05, 10.0), positive(0.05, 20.0))
        .prop_map(|(model, r, alpha, a, b)| Parameters { model, r, alpha, a, b })
}

fn any_history() -> impl Strategy<Value = History> {
    (0_u32..300, 0.0..1.0, 0.1..500.0).prop_map(|(x, recency, t)| History {
        x,
        t_x: if x == 0 { 0.0 } else { recency * t },
        t,
    })
}

/// ₂F₁ by its series, for |z| < 1.
fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in (0..100_000).map(f64::from) {
        term *= (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        sum += term;
        if term.abs() < 1e-18 * f64::abs(sum) {
            break;
        }
    }
    sum
}

proptest! {
    #[test]
    fn derivatives_are_those_of_the_value(p in any_parameters(), cells in prop::collection::vec(any_history(), 1..5)) {
        let cell = |h: History| Cell { x: h.x, t_x: h.t_x, t: h.t, weight: 1.5 };
        let cells: Vec<Cell> = cells.into_iter().map(cell).collect();
        let sample = Sample::new(&cells, p.model).expect("histories");
        assert_derivatives(|y| sample.surface(y), [p.r, p.alpha, p.a, p.b].map(f64::ln));
        assert_derivatives(|y| sample.surface_without_dropout(y), [p.r, p.alpha].map(f64::ln));
        let mean = cells.iter().map(|c| p.log_likelihood(&c.history())).sum::<f64>() / cells.len() as f64;
        let value = sample.surface(&[p.r, p.alpha, p.a, p.b].map(f64::ln)).value;
        prop_assert!((value - mean).abs() <= 1e-11 * (1.0 + mean.abs()), "{} {}", value, mean);
    }

    /// Bar 1e-12, and the rounding of the two terms whose difference is taken.
    #[test]
    fn silence_is_a_ratio_of_likelihoods(p in any_parameters(), h in any_history(), horizon in 0.0..200.0) {
        let later = History { t: h.t + horizon, ..h };
        let (now, then) = (p.log_likelihood(&h), p.log_likelihood(&later));
        let rounding = 4.0 * f64::EPSILON * (p.r + f64::from(h.x)) * (p.alpha + later.t).ln().abs().max(1.0);
        let (got, want) = (p.p_silent(&h, horizon), (then - now).exp());
        prop_assert!((got - want).abs() <= 1e-12_f64.max(rounding) * want.max(got), "{} {}", got, want);
    }

    #[test]
    fn silence_is_a_probability_and_falls_with_horizon_and_recency(
        p in any_parameters(), h in any_history(), horizon in 0.0..200.0, more in 0.0..50.0, share in 0.0..1.0,
    ) {
        let silent = p.p_silent(&h, horizon);
        prop_assert!((0.0..=1.0).contains(&silent));
        prop_assert!(p.p_silent(&h, horizon + more) <= silent * (1.0 + 1e-14));
        let earlier = History { t_x: h.t_x * share, ..h };
        prop_assert!(p.p_silent(&earlier, horizon) >= silent * (1.0 - 1e-14));
        prop_assert!(p.p_silent(&h, 0.0) >= 1.0 - 1e-15);
    }

    /// Euler's form with ₂F₁, where it keeps its digits: r < a+b−1+k and a away from 1.
    #[test]
    fn expected_days_agree_with_the_closed_form(p in any_parameters(), h in any_history(), weeks in 0.0..100.0) {
        let p = Parameters { b: p.b + p.r + 1.0, ..p };
        let (x, k) = (f64::from(h.x), f64::from(p.model.k()));
        let (c, z): (f64, f64) = (p.a + p.b + x - 1.0 + k, weeks / (p.alpha + h.t + weeks));
        prop_assume!((p.a - 1.0).abs() > 0.01);
        let lost = (1.0 - z).powf(p.a - 1.0) * hypergeometric(c - x - p.r, p.a - 1.0, c, z);
        let (got, want) = (p.expected_active_days(&h, weeks), p.p_alive(&h) * c / (p.a - 1.0) * (1.0 - lost));
        let cancelled = 1e-13 * (c / (p.a - 1.0)).abs() * p.p_alive(&h) * (1.0 + lost);
        prop_assert!((got - want).abs() <= 1e-10 * want.abs() + cancelled + f64::MIN_POSITIVE, "{} {}", got, want);
    }

    #[test]
    fn expected_days_stay_finite_and_under_the_rate_of_one_who_never_leaves(
        p in any_parameters(), h in any_history(), weeks in 0.0..500.0,
    ) {
        let days = p.expected_active_days(&h, weeks);
        let never_leaving = (p.r + f64::from(h.x)) * weeks / (p.alpha + h.t);
        prop_assert!((0.0..=never_leaving * (1.0 + 1e-12)).contains(&days), "{} {}", days, never_leaving);
    }
}

#[test]
fn expected_days_have_no_gap_at_a_equal_to_one() {
    let history = History { x: 4, t_x: 30.0, t: 40.0 };
    let at =
        |a| Parameters { model: Model::MbgNbd, r: 0.5, alpha: 6.0, a, b: 1.6 }.expected_active_days(&history, 52.0);
    assert_close(at(1.0), (at(1.0 - 1e-6) + at(1.0 + 1e-6)) / 2.0, 1e-11, "a = 1");
}
