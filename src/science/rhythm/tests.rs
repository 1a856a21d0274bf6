//! Small books: hand-made, drawn at random, and cut out of real logs.
#![expect(clippy::print_stdout, reason = "evidence shows its figures")]
use proptest::prelude::*;

use super::*;
use crate::features::{RFM, compact};
use crate::logistic::{Classifier, Form, Table};
use crate::metrics;
use crate::tests::{ANCHORS, Log, cells, days_since_1970};

fn cell(x: u32, t: f64) -> Cell {
    Cell { x, t_x: if x == 0 { 0.0 } else { t / 2.0 }, t, weight: 1.0 }
}

#[test]
fn a_book_of_any_size_has_a_rhythm() {
    let one = Rhythm::of_book(&[cell(9, 19.0)]).expect("a rhythm");
    assert!((one.shape / one.scale - 0.5).abs() < 1e-12, "9 gaps and a half in 19 weeks");
    let never = Rhythm::of_book(&[cell(0, 10.0), cell(0, 30.0)]).expect("a rhythm");
    let silence = never.silence(&cell(0, 30.0).history(), 13.0);
    assert!(silence.probability > 0.8 && silence.low < 0.75, "nobody ever came back, two were watched: {silence:?}");
    assert_eq!(Rhythm::of_book(&[]), None);
    assert_eq!(Rhythm::of_book(&[cell(0, 0.0)]), None);
    assert_eq!(Rhythm::of_book(&[cell(1, f64::NAN)]), None);
}

#[test]
fn moments_find_the_spread_of_a_large_book() {
    // A negative binomial with r = .5, α = 5, T = 20 has these shares of x; 1e4 clients leave the ten no weight.
    let (r, alpha, t) = (0.5_f64, 5.0_f64, 20.0_f64);
    let mut share = (alpha / (alpha + t)).powf(r);
    let mut cells = Vec::new();
    for x in 0_u32..300 {
        cells.push(Cell { weight: 1e4 * share, ..cell(x, t) });
        share *= (r + f64::from(x)) / f64::from(x + 1) * t / (alpha + t);
    }
    let rhythm = Rhythm::of_book(&cells).expect("a rhythm");
    assert!((rhythm.shape / r - 1.0).abs() < 0.01 && (rhythm.scale / alpha - 1.0).abs() < 0.01, "{rhythm:?}");
}

/// One client every two weeks, silent for eight: numbers by hand from Gamma(1 + 10, 2 + 28).
#[test]
fn a_client_by_hand() {
    let rhythm = Rhythm { shape: 1.0, scale: 2.0 };
    let history = History { x: 10, t_x: 20.0, t: 28.0 };
    let near = |got: f64, want: f64| assert!((got - want).abs() < 1e-9, "{got}, not {want}");
    let silence = rhythm.silence(&history, 10.0);
    near(silence.probability, 0.75_f64.powi(11));
    near(rhythm.usual_gap(&history), 22.0 * (2.0_f64.powf(1.0 / 11.0) - 1.0));
    near(rhythm.chance_of_open_gap(&history), (22.0_f64 / 30.0).powi(11));
    // Quantiles of Gamma(11, 1) are half those of χ² with 22 degrees: 12.338 and 33.924.
    assert!((silence.high - (-12.338_f64 / 60.0 * 10.0).exp()).abs() < 1e-5, "{silence:?}");
    assert!((silence.low - (-33.924_f64 / 60.0 * 10.0).exp()).abs() < 1e-5, "{silence:?}");
}

#[test]
fn bounds_say_what_so_many_observations_can() {
    let small = Bounds::of_outcomes(9.0, 49.0);
    assert_eq!((small.floor, small.ceiling), (0.01, 0.95));
    assert_eq!([0.0, 0.5, 1.0].map(|p| small.hold(p)), [0.01, 0.5, 0.95]);
    let (never, ever) = small.beyond();
    assert!((never - 0.06).abs() < 1e-12 && (ever - 0.7).abs() < 1e-12, "{never} {ever}");
    let nothing = Bounds::of_outcomes(0.0, 0.0);
    assert_eq!((nothing.floor, nothing.ceiling), (0.5, 0.5), "without data nothing but one half can be said");
    assert_eq!(Bounds::of_book(&[cell(3, 26.0), cell(0, 13.0)], 13.0), Bounds::of_outcomes(3.0, 3.0));
}

/// Books of 30 clients whose rates are known: nine of ten have their probability within the range stated for them.
#[test]
fn the_range_holds_as_many_clients_as_it_says() {
    const SEED: u64 = 7;
    let (mut seed, mut within, mut clients) = (SEED, 0.0, 0.0);
    let mut uniform = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((seed >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    for _ in 0..40 {
        let book: Vec<(f64, Cell)> = (0..30)
            .map(|_| {
                let (rate, t) = (gamma_quantile(0.8, uniform()) / 6.0, 10.0 + 60.0 * uniform());
                let (mut x, mut t_x) = (0, 0.0);
                loop {
                    let next = t_x - uniform().ln() / rate;
                    if next > t {
                        return (rate, Cell { x, t_x, t, weight: 1.0 });
                    }
                    (x, t_x) = (x + 1, next);
                }
            })
            .collect();
        let rhythm = Rhythm::of_book(&book.iter().map(|(_, cell)| *cell).collect::<Vec<_>>()).expect("a rhythm");
        for (rate, cell) in book {
            let Silence { low, high, .. } = rhythm.silence(&cell.history(), 13.0);
            within += f64::from(u8::from((low..=high).contains(&(-rate * 13.0).exp())));
            clients += 1.0;
        }
    }
    let share: f64 = within / clients;
    assert!((share - 0.9).abs() < 0.03, "seed {SEED}: {share}");
}

proptest! {
    #[test]
    fn silence_is_a_probability_within_its_range_and_falls_with_horizon_and_rate(
        book in prop::collection::vec((0_u32..100, 0.1..200.0), 1..30), x in 0_u32..200, t in 0.1..300.0,
        recency in 0.0..1.0, horizon in 0.01..60.0, more in 0.0..20.0,
    ) {
        let cells: Vec<Cell> = book.into_iter().map(|(x, t)| cell(x, t)).collect();
        let rhythm = Rhythm::of_book(&cells).expect("a rhythm");
        let history = History { x, t_x: if x == 0 { 0.0 } else { t * recency }, t };
        let silence = rhythm.silence(&history, horizon);
        prop_assert!(0.0 <= silence.low && silence.low <= silence.probability, "{:?}", silence);
        prop_assert!(silence.probability <= silence.high && silence.high <= 1.0, "{:?}", silence);
        prop_assert!(rhythm.silence(&history, horizon + more).probability <= silence.probability);
        let busier = History { x: x + 1, ..history };
        prop_assert!(rhythm.silence(&busier, horizon).probability <= silence.probability);
        prop_assert!((0.0..=1.0).contains(&rhythm.chance_of_open_gap(&history)));
        prop_assert!(rhythm.usual_gap(&history) > 0.0);
        // The usual gap is the one that half the gaps exceed.
        let at_usual = History { t: history.t_x + rhythm.usual_gap(&history), ..history };
        prop_assert!((rhythm.chance_of_open_gap(&at_usual) - 0.5).abs() < 1e-9);
    }

    /// Of a client's own probability the range knows more, the longer they were watched.
    #[test]
    fn the_range_narrows_with_time(x in 1_u32..20, t in 5.0..50.0, horizon in 1.0..13.0) {
        let rhythm = Rhythm { shape: 1.0, scale: t / f64::from(x) };
        let width = |times: u32| {
            let t = f64::from(times) * t;
            let silence = rhythm.silence(&History { x: times * x, t_x: t, t }, horizon);
            silence.low.ln() - silence.high.ln()
        };
        prop_assert!(width(4) > width(1), "{} {}", width(4), width(1));
    }
}

/// AUC and Brier score of each model, summed over books.
type Sums = [(f64, f64); 5];
const NAMES: [&str; 5] = ["recency", "rhythm", "rfm_logistic", "compact", "logistic"];

/// The models of one book on its active clients, and the sums of rhythm's forecasts and of the silent.
fn judge(book: &Log, cutoff: i32, horizon: i32, sums: &mut Sums) -> Option<(f64, f64)> {
    let weeks = f64::from(horizon) / 7.0;
    let at = |cutoff: i32| {
        let (table, silent, histories) = book.at(cutoff, horizon);
        let (rhythm, bounds) = (Rhythm::of_book(&cells(&histories))?, Bounds::of_book(&cells(&histories), weeks));
        let p = histories.iter().map(|h| bounds.hold(rhythm.silence(h, weeks).probability));
        Some((table, silent, p.collect::<Vec<f64>>()))
    };
    let (train, labels, p_train) = at(cutoff - horizon)?;
    let (test, silent, p) = at(cutoff)?;
    let four = |table: &Table, p: &[f64]| {
        let row = |(row, p): (&[f64], &f64)| compact(row.try_into().expect("all features"), *p);
        Table::of_rows(&table.rows().zip(p).map(row).collect::<Vec<_>>())
    };
    let trained = |train: &Table, test: &Table, c: f64| {
        Classifier::train(train, &labels, Form::SignedLog, c).ok()?.probabilities(test)
    };
    let recency: Vec<f64> = test.rows().map(|row| row[0]).collect();
    let models = [
        recency.clone(),
        p.clone(),
        trained(&train.select(&RFM)?, &test.select(&RFM)?, 0.3)?,
        trained(&four(&train, &p_train)?, &four(&test, &p)?, 0.1)?,
        trained(&train, &test, 0.03)?,
    ];
    let active: Vec<usize> = (0..p.len()).filter(|&i| recency[i] <= f64::from(horizon)).collect();
    let silent: Vec<bool> = active.iter().map(|&i| silent[i]).collect();
    for (sum, model) in sums.iter_mut().zip(&models) {
        let p: Vec<f64> = active.iter().map(|&i| model[i]).collect();
        sum.0 += metrics::auc(&silent, &p)?;
        sum.1 += metrics::brier(&silent, &p)?;
    }
    Some((active.iter().map(|&i| p[i]).sum(), silent.iter().filter(|&&silent| silent).count() as f64))
}

/// Books drawn from a log: what each step of the ladder is worth there.
#[test]
#[ignore = "evidence: REFERENCE_DATA names the directory of trades_online_retail.csv and trades_cdnow.csv"]
fn small_books_get_warnings_that_rank_better_than_recency() {
    const BOOKS: u32 = 50;
    for (file, cutoff, horizon, _) in ANCHORS {
        let (log, cutoff) = (Log::read(file), days_since_1970(cutoff));
        for size in [60, 220, 500, 1500] {
            let (mut seed, mut sums, mut foretold, mut came) = (1_u64, Sums::default(), 0.0, 0.0);
            for _ in 0..BOOKS {
                let mut clients: Vec<&String> = log.0.keys().collect();
                for at in 0..size {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let other = at + usize::try_from(seed >> 33).expect("31 bits") % (clients.len() - at);
                    clients.swap(at, other);
                }
                let book = clients[..size].iter().map(|&client| (client.clone(), log.0[client].clone()));
                let (expected, silent) =
                    judge(&Log(book.collect()), cutoff, horizon, &mut sums).expect("both outcomes in every book");
                (foretold, came) = (foretold + expected, came + silent);
            }
            println!("{file}, seed 1, {BOOKS} books of {size}: rhythm foretold {foretold:.0} silent, {came} came");
            let means = sums.map(|(auc, brier)| (auc / f64::from(BOOKS), brier / f64::from(BOOKS)));
            for (name, (auc, brier)) in NAMES.into_iter().zip(means) {
                // Recency is no probability.
                println!("  {name:<14} auc {auc:.4} brier {:.4}", if name == "recency" { f64::NAN } else { brier });
            }
            let [recency, rhythm, rfm, compact, _] = means;
            assert!(rhythm.0 > recency.0 + 0.03, "{file} {size}: own rhythm ranks better than recency");
            assert!(compact.0 > rfm.0 - 0.005, "{file} {size}: the book's own past is not lost on four features");
        }
    }
}
