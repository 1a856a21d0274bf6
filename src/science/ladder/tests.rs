//! The ladder on invented books, and on real logs.
#![expect(clippy::print_stdout, reason = "evidence shows its figures")]

use proptest::prelude::*;

use super::*;
use crate::btyd::{FitPolicy, Model, NotIdentified, Parameters};
use crate::features::{Day, RFM, features};
use crate::logistic::{Classifier, Form};
use crate::metrics;
use crate::rhythm::{Bounds, Rhythm};
use crate::tests::{Log, days_since_1970};

/// A log as the ladder takes it: now, and its past.
fn taken(log: &Log, now: i32, horizon: i32) -> (Vec<[f64; COUNT]>, Option<Past>) {
    let observed = |cutoff: i32, days: i32| -> Vec<Observed> {
        let later = |day: &Day| day.day > cutoff && day.day <= cutoff + days;
        let one =
            |of: &Vec<Day>| Some(Observed { features: features(of, cutoff).ok()?, silent: !of.iter().any(later) });
        log.0.values().filter_map(one).collect()
    };
    let first = first_day(log);
    let days = |number: i32| u32::try_from(number).expect("days");
    let past = WindowDays::of(days(now - first), days(horizon)).map(|windows| {
        let [compared, last] = [windows.compared, windows.last].map(|days| i32::try_from(days).expect("days"));
        let window = |cutoff: i32, days: i32| Window { weeks: f64::from(days) / 7.0, clients: observed(cutoff, days) };
        Past {
            earlier: window(now - 2 * compared, compared),
            later: window(now - compared, compared),
            last: window(now - last, last),
            watched_days: days(now - 2 * compared - first),
        }
    });
    (observed(now, horizon).into_iter().map(|one| one.features).collect(), past)
}

fn first_day(log: &Log) -> i32 {
    log.0.values().filter_map(|days| days.first()).map(|day| day.day).min().expect("a book")
}

fn settings(horizon: i32, active_days: f64) -> Settings {
    Settings { policy: FitPolicy::default(), weeks: f64::from(horizon) / 7.0, active_days }
}

/// Log, cutoff, horizon, days within which a client is active: the two anchors, and other days of the same logs.
const CASES: [(&str, &str, i32, f64); 20] = [
    ("trades_online_retail.csv", "2011-09-09", 90, 90.0),
    ("trades_cdnow.csv", "1998-01-01", 180, 180.0),
    ("trades_online_retail.csv", "2011-08-09", 90, 90.0),
    ("trades_online_retail.csv", "2011-07-09", 90, 90.0),
    ("trades_online_retail.csv", "2011-09-09", 60, 90.0),
    ("trades_online_retail.csv", "2011-07-01", 60, 90.0),
    ("trades_online_retail.csv", "2011-11-09", 30, 90.0),
    ("trades_online_retail.csv", "2011-04-09", 90, 90.0),
    ("trades_online_retail.csv", "2011-05-09", 30, 90.0),
    ("trades_online_retail.csv", "2011-06-09", 90, 90.0),
    ("trades_online_retail.csv", "2011-07-25", 60, 90.0),
    ("trades_cdnow.csv", "1998-01-01", 180, 90.0),
    ("trades_cdnow.csv", "1998-01-01", 90, 90.0),
    ("trades_cdnow.csv", "1998-03-01", 90, 90.0),
    ("trades_cdnow.csv", "1997-10-01", 90, 90.0),
    ("trades_cdnow.csv", "1997-07-01", 90, 90.0),
    ("trades_cdnow.csv", "1997-05-01", 90, 90.0),
    ("trades_cdnow.csv", "1997-06-01", 90, 90.0),
    ("trades_cdnow.csv", "1997-08-15", 90, 90.0),
    ("trades_cdnow.csv", "1997-12-01", 30, 90.0),
];

#[test]
#[ignore = "evidence: REFERENCE_DATA names the directory of trades_online_retail.csv and trades_cdnow.csv"]
fn the_ladder_ranks_as_well_as_recency_frequency_and_amount_on_real_logs() {
    for (file, cutoff, horizon, active_days) in CASES {
        let (log, now) = (Log::read(file), days_since_1970(cutoff));
        let weeks = f64::from(horizon) / 7.0;
        let (book, past) = taken(&log, now, horizon);
        let outcome = fit(&book, past, &settings(horizon, active_days));
        let forecaster = outcome.forecaster.expect("a step");
        let trained = horizon.min((now - first_day(&log)) / 2);
        let (train, labels, _) = log.at(now - trained, trained);
        let rfm = train.select(&RFM).expect("three columns");
        let rfm = Classifier::train(&rfm, &labels, Form::SignedLog, 0.3).expect("both outcomes");
        let (test, silent, _) = log.at(now, horizon);
        let rows = test.rows().zip(silent).filter(|(row, _)| row[0] <= active_days);
        let (rows, silent): (Vec<[f64; COUNT]>, Vec<bool>) =
            rows.map(|(row, silent)| (<[f64; COUNT]>::try_from(row).expect("all features"), silent)).unzip();
        let judged = |p: &dyn Fn(&[f64; COUNT]) -> f64| {
            let p: Vec<f64> = rows.iter().map(p).collect();
            let figure = |figure: Option<f64>| figure.expect("both outcomes");
            (figure(metrics::auc(&silent, &p)), figure(metrics::brier(&silent, &p)))
        };
        let (ours, ours_brier) = judged(&|row| forecaster.p_silent(row, weeks));
        let (base, _) = judged(&|row| forecaster.base.p_silent(&history(row), weeks));
        let (theirs, theirs_brier) = judged(&|row| rfm.probability(&RFM.map(|at| row[at])).expect("three columns"));
        let (recency, _) = judged(&|row| row[0]);
        println!(
            "{file} {cutoff} {horizon}: {:?}, n {}, AUC {ours:.4} (base {base:.4}, RFM {theirs:.4}, recency \
             {recency:.4}), Brier {ours_brier:.4} (RFM {theirs_brier:.4}); {:?} {:?}",
            forecaster.step(),
            silent.len(),
            outcome.not_learned,
            outcome.learning
        );
        assert!(ours >= theirs - 0.005 && ours >= recency + 0.03, "{file} {cutoff}: {ours}");
        assert!(ours_brier <= theirs_brier + 0.004, "{file} {cutoff}: {ours_brier}");
    }
}

/// Clients who trade at a rate of their own until they leave, by a fixed sequence.
fn invented(clients: u64, days: i32) -> Log {
    let mut seed = 1_u64;
    let mut uniform = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((seed >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let mut client = || {
        let (mut at, gap, leaves) = (120.0 * uniform(), 3.0 + 60.0 * uniform(), 0.15 * uniform());
        let mut traded: Vec<Day> = Vec::new();
        while at < f64::from(days) {
            let amount = 1e4 * uniform();
            #[expect(clippy::cast_possible_truncation, reason = "a day of the book")]
            let one = Day { day: at as i32, trades: 1, amount, sold: amount * uniform(), new_instruments: 1 };
            if traded.last().is_none_or(|last| last.day < one.day) {
                traded.push(one);
            }
            if uniform() < leaves {
                break;
            }
            at -= gap * uniform().ln();
        }
        traded
    };
    Log((0..clients).map(|n| (format!("{n:05}"), client())).filter(|(_, days)| !days.is_empty()).collect())
}

#[test]
fn every_size_of_book_finds_its_step() {
    let step = |clients: u64, days: i32| {
        let (book, past) = taken(&invented(clients, days + 90), days, 90);
        let outcome = fit(&book, past, &settings(90, 90.0));
        (outcome.forecaster.expect("a step").step(), outcome.lifetime.err(), outcome.not_learned)
    };
    assert_eq!(step(2, 200).0, Step::Rhythm);
    assert_eq!(step(150, 400), (Step::Rhythm, Some(NotIdentified::TooFewClients), Some(NotLearned::TooFewClients)));
    assert_eq!(step(2_000, 40).2, Some(NotLearned::BookTooShort));
    let nothing = fit(&[], None, &settings(90, 90.0));
    assert_eq!((nothing.forecaster, nothing.lifetime.err()), (None, Some(NotIdentified::TooFewClients)));
}

#[test]
fn the_order_of_the_clients_does_not_matter() {
    let (mut book, past) = taken(&invented(900, 490), 400, 90);
    let mut past = past.expect("a past");
    let one = fit(&book, Some(past.clone()), &settings(90, 90.0));
    assert!(one.learning.is_some(), "{one:?}");
    book.reverse();
    for window in [&mut past.earlier, &mut past.later, &mut past.last] {
        window.clients.reverse();
    }
    assert_eq!(fit(&book, Some(past), &settings(90, 90.0)), one);
}

/// Each step with the clients of one book.
fn served() -> (Vec<Forecaster>, Vec<[f64; COUNT]>) {
    let (book, past) = taken(&invented(900, 490), 400, 90);
    let last = past.expect("a past").last;
    let base = Base::MbgNbd(Parameters { model: Model::MbgNbd, r: 0.6, alpha: 8.0, a: 0.6, b: 1.2 });
    let rhythm = Base::Rhythm(Rhythm { shape: 0.7, scale: 3.0 });
    let bounds = Bounds { floor: 0.01, ceiling: 0.98 };
    let learned = |inputs| Learned::train(inputs, &last.clients, &base, last.weeks, 90.0).ok();
    let steps = vec![
        Forecaster::of(base),
        Forecaster { bounds, ..Forecaster::of(base) },
        Forecaster { level: -0.7, bounds, ..Forecaster::of(rhythm) },
        Forecaster { learned: learned(Inputs::Compact), bounds, ..Forecaster::of(base) },
        Forecaster { learned: learned(Inputs::Full), ..Forecaster::of(rhythm) },
    ];
    assert_eq!(steps.iter().filter(|step| step.step() == Step::Logistic).count(), 2);
    (steps, book)
}

#[test]
fn every_probability_is_the_sum_of_its_terms_and_falls_with_the_horizon() {
    let (steps, book) = served();
    for forecaster in steps {
        for features in &book {
            let mut before = 1.0;
            for days in [7.0, 30.0, 90.0, 180.0, 365.0] {
                let parts = forecaster.parts(features, days / 7.0).expect("numbers");
                assert_eq!(parts.p, forecaster.p_silent(features, days / 7.0));
                let sum = parts.base + parts.terms.iter().map(|(_, term)| term).sum::<f64>();
                assert!((sum - logit(parts.p)).abs() < 1e-9 * (1.0 + sum.abs()), "{forecaster:?} {parts:?}");
                assert!(parts.p <= before && (forecaster.bounds.floor..=forecaster.bounds.ceiling).contains(&parts.p));
                before = parts.p;
            }
            if let Some((low, high)) = forecaster.range(&history(features), 13.0) {
                let p = forecaster.p_silent(features, 13.0);
                assert!(low <= p && p <= high, "{low} {p} {high}");
            }
        }
        let text = serde_json::to_string(&forecaster).expect("JSON");
        let read: Forecaster = serde_json::from_str(&text).expect("a forecaster");
        assert_eq!((read.step(), read.bounds), (forecaster.step(), forecaster.bounds));
    }
}

proptest! {
    /// What a client would bring if kept is not less because they are the surer to be gone.
    #[test]
    fn days_expected_of_who_is_alive_are_those_expected_over_the_chance(
        x in 0_u32..60, t_x in 0.0..80.0, silent in 0.0..60.0,
    ) {
        let base = Base::MbgNbd(Parameters { model: Model::MbgNbd, r: 0.6, alpha: 8.0, a: 0.6, b: 1.2 });
        let t_x = if x == 0 { 0.0 } else { t_x };
        let history = History { x, t_x, t: t_x + silent };
        let alive = base.p_alive(&history).expect("it knows of leaving");
        let (expected, kept) =
            (base.expected_active_days(&history, 52.0), base.expected_active_days_if_alive(&history, 52.0));
        prop_assert!((kept * alive - expected).abs() < 1e-9 * (1.0 + expected) && kept >= expected && kept > 0.0);
    }
}
