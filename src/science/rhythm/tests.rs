//! Small books: hand-made, drawn at random, and cut out of real logs.
#![expect(clippy::print_stdout, reason = "evidence shows its figures")]
use proptest::prelude::*;

use super::*;
use crate::features::{COUNT, RFM};
use crate::logistic::{Classifier, Form};
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
    let nothing = Bounds::of_outcomes(0.0, 0.0);
    assert_eq!((nothing.floor, nothing.ceiling), (0.5, 0.5), "without data nothing but one half can be said");
    assert_eq!(Bounds::of_book(&[cell(3, 26.0), cell(0, 13.0)], 13.0), Bounds::of_outcomes(3.0, 3.0));
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

/// Books of a few hundred clients drawn from a log: what each step of the ladder is worth there, on the active.
#[test]
#[ignore = "evidence: REFERENCE_DATA names the directory of trades_online_retail.csv and trades_cdnow.csv"]
fn small_books_get_warnings_that_rank_better_than_recency() {
    const BOOKS: u32 = 100;
    for (file, cutoff, horizon, _) in ANCHORS {
        let (log, cutoff) = (Log::read(file), days_since_1970(cutoff));
        for size in [60, 220] {
            let mut seed = 1_u64;
            let mut sums = [(0.0, 0.0); 4];
            let (mut books, mut expected, mut happened) = (0.0, 0.0, 0.0);
            for _ in 0..BOOKS {
                let mut clients: Vec<&String> = log.0.keys().collect();
                for at in 0..size {
                    // Knuth's MMIX generator; the high bits are the good ones.
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let other = at + usize::try_from(seed >> 33).expect("31 bits") % (clients.len() - at);
                    clients.swap(at, other);
                }
                let book = clients[..size].iter().map(|&client| (client.clone(), log.0[client].clone()));
                let book = Log(book.collect());
                let (train, labels, _) = book.at(cutoff - horizon, horizon);
                let (test, silent, histories) = book.at(cutoff, horizon);
                let recency: Vec<f64> = test.rows().map(|row| row[0]).collect();
                let active: Vec<usize> = (0..recency.len()).filter(|&i| recency[i] <= f64::from(horizon)).collect();
                let rhythm = Rhythm::of_book(&cells(&histories)).expect("a rhythm");
                let weeks = f64::from(horizon) / 7.0;
                let bounds = Bounds::of_book(&cells(&histories), weeks);
                let own = histories.iter().map(|h| bounds.hold(rhythm.silence(h, weeks).probability)).collect();
                let trained = |columns: &[usize]| {
                    let (train, test) =
                        (train.select(columns).expect("columns"), test.select(columns).expect("columns"));
                    let logistic = Classifier::train(&train, &labels, Form::SignedLog, 0.3).expect("both outcomes");
                    logistic.probabilities(&test).expect("the same columns")
                };
                let models = [recency, own, trained(&RFM), trained(&(0..COUNT).collect::<Vec<_>>())];
                let of = |p: &[f64]| active.iter().map(|&i| (silent[i], p[i])).unzip::<_, _, Vec<_>, Vec<_>>();
                if active.iter().all(|&i| silent[i] == silent[active[0]]) {
                    continue;
                }
                books += 1.0;
                for (sum, p) in sums.iter_mut().zip(&models) {
                    let (silent, p) = of(p);
                    sum.0 += metrics::auc(&silent, &p).expect("both outcomes");
                    sum.1 += metrics::brier(&silent, &p).expect("probabilities");
                }
                let (silent, p) = of(&models[1]);
                expected += p.iter().sum::<f64>();
                happened += silent.iter().filter(|&&silent| silent).count() as f64;
            }
            println!(
                "{file}, seed 1, {books} books of {size}: {expected:.0} silent foretold by rhythm, {happened} came"
            );
            // The Brier score of recency, which is no probability, says nothing.
            for (name, (auc, brier)) in ["recency", "rhythm", "rfm_logistic", "logistic"].into_iter().zip(sums) {
                println!("  {name:<14} auc {:.4} brier {:.4}", auc / books, brier / books);
            }
            assert!(sums[1].0 > sums[0].0 + 0.03 * books, "{file} {size}");
        }
    }
}
