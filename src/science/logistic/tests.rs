//! The coefficients against reference values, and the laws of minimum and contributions.
#![expect(clippy::print_stdout, reason = "evidence shows its figures")]

use std::collections::BTreeSet;
use std::time::Instant;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::metrics;
use crate::tests::reference;

fn gold() -> (Table, Vec<bool>, f64, Vec<f64>) {
    let gold: Value = serde_json::from_str(include_str!("../../../tests/fixtures/science/gold_metrics.json"))
        .expect("the fixture is JSON");
    let numbers = |list: &Value| -> Vec<f64> {
        list.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
    };
    let gold = &gold["logreg"];
    let rows: Vec<f64> = gold["X"].as_array().expect("rows").iter().flat_map(&numbers).collect();
    let happened = numbers(&gold["y"]).into_iter().map(|y| y == 1.0).collect();
    let mut want = numbers(&gold["coef"]);
    want.push(gold["intercept"].as_f64().expect("a number"));
    (Table::new(4, rows).expect("finite rows"), happened, gold["C"].as_f64().expect("a number"), want)
}

#[test]
fn coefficients_agree_with_the_reference() {
    let (table, happened, c, want) = gold();
    let Coefficients { mut weights, intercept } = fit(&table, &happened, c).expect("a minimum");
    weights.push(intercept);
    for (got, want) in weights.iter().zip(&want) {
        assert!((got - want).abs() < 1e-6, "{got}, not {want}");
    }
}

#[test]
fn refuses_with_a_reason() {
    let (table, happened, c, _) = gold();
    assert_eq!(fit(&table, &happened[1..], c), Err(NotFitted::InvalidInput));
    assert_eq!(fit(&table, &happened, 0.0), Err(NotFitted::InvalidInput));
    assert_eq!(fit(&table, &happened, f64::NAN), Err(NotFitted::InvalidInput));
    assert_eq!(fit(&table, &[true; 200], c), Err(NotFitted::OneOutcome));
    let line = Table::new(1, vec![-2.0, -1.0, 1.0, 2.0]).expect("a table");
    let separated = [false, false, true, true];
    assert_eq!(fit(&line, &separated, f64::INFINITY), Err(NotFitted::NotConverged));
    assert!(fit(&line, &separated, 1e4).is_ok(), "a penalty, however small, holds it");
    let twice = Table::new(2, vec![1.0, 1.0, 2.0, 2.0, 3.0, 3.0]).expect("a table");
    assert_eq!(fit(&twice, &[true, false, true], f64::INFINITY), Err(NotFitted::NotConverged));
    assert_eq!(Table::new(0, Vec::new()), None);
    assert_eq!(Table::new(2, vec![1.0; 3]), None);
    assert_eq!(Table::new(1, vec![f64::NAN]), None);
}

#[test]
fn scaling_keeps_what_the_training_rows_had() {
    let table = Table::new(2, vec![0.0, 5.0, -3.0, 5.0, 3.0, 5.0]).expect("a table");
    let scaling = Scaling::of(&table, Form::SignedLog).expect("rows");
    assert_eq!(scaling.deviations[1], 1.0, "a constant column is centred only");
    let positions = scaling.positions(&table).expect("the same columns");
    assert!(positions.means().iter().all(|mean| mean.abs() < 1e-15), "{:?}", positions.means());
    assert_eq!(positions.select(&[1]).map(|column| column.len()), Some(3));
    assert_eq!(positions.select(&[2]), None);
    let far = scaling.position_of(&[3.0, 6.0]).expect("two values");
    assert!((far[0] - 1.5_f64.sqrt()).abs() < 1e-12, "ln 4 over a deviation of ln 4·√⅔: {}", far[0]);
    assert_eq!(scaling.position_of(&[1.0]), None);
    assert_eq!(signed_log(-1.0), -std::f64::consts::LN_2);
    assert_eq!(Scaling::of(&Table::new(1, Vec::new()).expect("a table"), Form::Plain), None);
}

#[test]
fn a_stored_classifier_is_the_trained_one() {
    let (table, happened, c, _) = gold();
    let trained = Classifier::train(&table, &happened, Form::SignedLog, c).expect("a minimum");
    let stored = serde_json::to_string(&trained).expect("JSON");
    assert_eq!(serde_json::from_str::<Classifier>(&stored).expect("a classifier"), trained);
    let again = Classifier::train(&table, &happened, Form::SignedLog, c).expect("a minimum");
    assert_eq!(serde_json::to_string(&again).expect("JSON"), stored, "the same rows, the same bytes");
}

fn any_problem() -> impl Strategy<Value = (Table, Vec<bool>, f64)> {
    let rows = (1_usize..6, 3_usize..50).prop_flat_map(|(d, n)| {
        let values = prop::collection::vec(-1e3..1e3, d * n);
        (values, prop::collection::vec(any::<bool>(), n), -4.0..4.0).prop_map(
            move |(values, happened, c): (_, _, f64)| (Table::new(d, values).expect("finite"), happened, c.exp()),
        )
    });
    rows.prop_filter("both outcomes", |(_, happened, _)| happened.iter().any(|&y| y != happened[0]))
}

proptest! {
    /// At the minimum the gradient is nothing: Σ (p − y)·z + β/C, and Σ (p − y) for the intercept.
    #[test]
    fn the_gradient_is_zero_at_the_coefficients((raw, happened, c) in any_problem()) {
        let trained = Classifier::train(&raw, &happened, Form::SignedLog, c).expect("a minimum");
        let positions = trained.scaling.positions(&raw).expect("the same columns");
        let mut gradient: Vec<f64> = trained.coefficients.weights.iter().map(|w| w / c).collect();
        gradient.push(0.0);
        for (z, &happened) in positions.rows().zip(&happened) {
            let residual = trained.coefficients.probability(z) - f64::from(happened);
            z.iter().chain(&[1.0]).zip(&mut gradient).for_each(|(z, g)| *g += residual * z);
        }
        prop_assert!(gradient.iter().all(|g| g.abs() < 1e-7), "{:?}", gradient);
    }

    #[test]
    fn contributions_sum_to_the_logit((raw, happened, c) in any_problem()) {
        let trained = Classifier::train(&raw, &happened, Form::SignedLog, c).expect("a minimum");
        let mean = trained.scaling.positions(&raw).expect("the same columns").means();
        let p = trained.probabilities(&raw).expect("the same columns");
        let first = trained.scaling.position_of(raw.rows().next().expect("a row")).expect("the same columns");
        for (row, p) in raw.rows().zip(p) {
            let logit = trained.coefficients.logit(&trained.scaling.position_of(row).expect("the same columns"));
            for reference in [&mean, &first] {
                let parts = trained.contributions(row, reference).expect("the same columns");
                prop_assert!((parts.logit() - logit).abs() < 1e-9);
            }
            prop_assert!((p - 1.0 / (1.0 + (-logit).exp())).abs() < 1e-12);
            prop_assert_eq!(trained.probability(row), Some(p));
        }
    }

    /// The order of rows is no information.
    #[test]
    fn coefficients_do_not_depend_on_the_order_of_rows((raw, happened, c) in any_problem()) {
        let turned = raw.rows().rev().flatten().copied().collect();
        let turned = Table::new(raw.columns(), turned).expect("finite");
        let one = Classifier::train(&raw, &happened, Form::Plain, c).expect("a minimum").coefficients;
        let back: Vec<bool> = happened.iter().rev().copied().collect();
        let other = Classifier::train(&turned, &back, Form::Plain, c).expect("a minimum").coefficients;
        for (one, other) in one.weights.iter().zip(&other.weights) {
            prop_assert!((one - other).abs() < 1e-8, "{} {}", one, other);
        }
    }
}

/// Columns of a labelled table: numerics as positions of the training rows, categories one-hot without their first.
struct Labelled {
    split: Vec<String>,
    happened: Vec<bool>,
    columns: Vec<Vec<f64>>,
}

impl Labelled {
    fn read(name: &str) -> Self {
        let text = reference(name);
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        let of = |name: &str| -> Vec<&str> {
            let at = header.iter().position(|column| *column == name).expect("a column");
            rows.iter().map(|row| row[at]).collect()
        };
        let split: Vec<String> = of("split").into_iter().map(str::to_owned).collect();
        let mut columns = Vec::new();
        for name in header.iter().filter(|name| !["client_id", "churn", "split"].contains(name)) {
            let values = of(name);
            let number = |text: &&str| if text.trim().is_empty() { Ok(0.0) } else { text.parse::<f64>() };
            if let Ok(numbers) = values.iter().map(number).collect::<Result<Vec<f64>, _>>() {
                let known = numbers.iter().zip(&split).filter(|(_, split)| *split == "train").map(|(v, _)| *v);
                let scaling =
                    Scaling::of(&Table::new(1, known.collect()).expect("numbers"), Form::Plain).expect("rows");
                columns.push(numbers.iter().flat_map(|&v| scaling.position_of(&[v]).expect("one value")).collect());
            } else {
                for category in values.iter().collect::<BTreeSet<_>>().into_iter().skip(1) {
                    columns.push(values.iter().map(|value| f64::from(u8::from(value == category))).collect());
                }
            }
        }
        Self { happened: of("churn").iter().map(|&churn| churn == "1").collect(), split, columns }
    }

    fn rows(&self, split: &str) -> (Table, Vec<bool>) {
        let chosen: Vec<usize> = (0..self.split.len()).filter(|&i| self.split[i] == split).collect();
        let values = chosen.iter().flat_map(|&i| self.columns.iter().map(move |column| column[i])).collect();
        let table = Table::new(self.columns.len(), values).expect("numbers");
        (table, chosen.iter().map(|&i| self.happened[i]).collect())
    }
}

#[test]
#[ignore = "evidence: REFERENCE_DATA names the directory of features_telco.csv and features_mlc.csv"]
fn labelled_tables_are_learnt_as_well_as_by_the_reference() {
    let references =
        [("features_telco.csv", 1374, [0.8592, 0.1320, 0.4096]), ("features_mlc.csv", 956, [0.8514, 0.0945, 0.3076])];
    for (file, n, anchors) in references {
        let labelled = Labelled::read(file);
        let ((train, labels), (test, happened)) = (labelled.rows("train"), labelled.rows("test"));
        let coefficients = fit(&train, &labels, 1.0).expect("a minimum");
        let p: Vec<f64> = test.rows().map(|z| coefficients.probability(z)).collect();
        let figures = [metrics::auc(&happened, &p), metrics::brier(&happened, &p), metrics::log_loss(&happened, &p)];
        let figures = figures.map(|figure| figure.expect("both outcomes"));
        println!("{file}: {} × {}, AUC, Brier, log-loss {figures:.5?}", train.len(), train.columns());
        assert_eq!(test.len(), n);
        for (got, want) in figures.into_iter().zip(anchors) {
            assert!((got - want).abs() < 3e-4, "{file}: {got}, not {want}");
        }
    }
}

/// Speed is shown, not judged.
#[test]
#[ignore = "evidence: 100 000 × 27"]
fn a_hundred_thousand_rows_take_a_moment() {
    const ROWS: usize = 100_000;
    const COLUMNS: usize = 27;
    let mut seed = 1_u64;
    let mut uniform = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    };
    let values: Vec<f64> = (0..ROWS * COLUMNS).map(|_| 3.46 * (uniform() - 0.5)).collect();
    let table = Table::new(COLUMNS, values).expect("numbers");
    let weights: Vec<f64> = (0..COLUMNS).map(|_| uniform() - 0.5).collect();
    let truth = Coefficients { intercept: -1.0, weights };
    let happened: Vec<bool> = table.rows().map(|z| uniform() < truth.probability(z)).collect();
    let times = [(); 5].map(|()| {
        let begun = Instant::now();
        let fitted = fit(&table, &happened, 1.0).expect("a minimum");
        let elapsed = begun.elapsed();
        assert!(fitted.weights.iter().zip(&truth.weights).all(|(got, want)| (got - want).abs() < 0.06));
        elapsed
    });
    println!("{ROWS} × {COLUMNS}, seed 1: {times:?}");
}
