//! The models side by side on real trade logs, out of time: train at T₀ − H with labels up to T₀, test at T₀ with the
//! labels after it. The logs are not part of the repository; `REFERENCE_DATA` names their directory.
#![expect(clippy::print_stdout, reason = "evidence shows its figures")]

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use crate::features::{Day, NoFeatures, RFM, features};
use crate::logistic::{Classifier, Form, Table};
use crate::metrics::{Resampling, tests::words};
use crate::{Cell, FitPolicy, History, Model, fit, metrics, nbd};

/// A file of the directory that `REFERENCE_DATA` names.
pub fn reference(name: &str) -> String {
    let directory = std::env::var("REFERENCE_DATA").expect("REFERENCE_DATA names the directory of the reference files");
    std::fs::read_to_string(format!("{directory}/{name}")).expect("a reference file")
}

/// Days since 1970-01-01 of `yyyy-mm-dd…` (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
pub fn days_since_1970(text: &str) -> i32 {
    let part = |from: usize, to: usize| -> i32 { text[from..to].parse().expect("a date") };
    let (y, m, d) = (part(0, 4), part(5, 7), part(8, 10));
    let y = if m <= 2 { y - 1 } else { y };
    let (era, year_of_era) = (y.div_euclid(400), y.rem_euclid(400));
    let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Clients of a log with their days.
pub struct Log(pub BTreeMap<String, Vec<Day>>);

impl Log {
    pub fn read(name: &str) -> Self {
        let text = reference(name);
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
        let column = |name: &str| header.iter().position(|column| *column == name);
        let (client, at) = (column("client_id").expect("clients"), column("ts").expect("times"));
        let amount = column("amount").expect("amounts");
        let (side, instrument) = (column("side"), column("instrument"));
        let mut trades: BTreeMap<String, Vec<(i32, f64, String)>> = BTreeMap::new();
        for fields in lines.map(|line| line.split(',').collect::<Vec<_>>()) {
            if side.is_none_or(|side| fields[side] == "BUY") {
                let trade = (
                    days_since_1970(fields[at]),
                    fields[amount].parse().expect("an amount"),
                    instrument.map_or_else(String::new, |instrument| fields[instrument].to_owned()),
                );
                trades.entry(fields[client].to_owned()).or_default().push(trade);
            }
        }
        Self(trades.into_iter().map(|(client, trades)| (client, Self::days(trades))).collect())
    }

    fn days(mut trades: Vec<(i32, f64, String)>) -> Vec<Day> {
        trades.sort_by_key(|trade| trade.0);
        let (mut days, mut seen): (Vec<Day>, HashSet<String>) = (Vec::new(), HashSet::new());
        for (day, amount, instrument) in trades {
            if days.last().is_none_or(|last| last.day != day) {
                days.push(Day { day, trades: 0, amount: 0.0, sold: 0.0, new_instruments: 0 });
            }
            if let Some(last) = days.last_mut() {
                last.trades += 1;
                last.amount += amount;
                last.new_instruments += u32::from(seen.insert(instrument));
            }
        }
        days
    }

    /// Features of everybody who traded by the cutoff, and who was silent in the `horizon` days after it.
    pub fn at(&self, cutoff: i32, horizon: i32) -> (Table, Vec<bool>, Vec<History>) {
        let (mut rows, mut silent, mut histories) = (Vec::new(), Vec::new(), Vec::new());
        for days in self.0.values() {
            let row = features(days, cutoff);
            if row == Err(NoFeatures::NeverActive) {
                continue;
            }
            let later = |day: &Day| day.day > cutoff && day.day <= cutoff + horizon;
            silent.push(!days.iter().any(later));
            let past: Vec<i32> = days.iter().map(|day| day.day).take_while(|&day| day <= cutoff).collect();
            let weeks = |from: i32, to: i32| f64::from(to - from) / 7.0;
            let (first, last) = (past[0], past[past.len() - 1]);
            let x = u32::try_from(past.len() - 1).expect("a count");
            histories.push(History { x, t_x: weeks(first, last), t: weeks(first, cutoff) });
            rows.push(row.expect("sound days"));
        }
        (Table::of_rows(&rows).expect("finite features"), silent, histories)
    }
}

pub fn cells(histories: &[History]) -> Vec<Cell> {
    histories.iter().map(|h| Cell { x: h.x, t_x: h.t_x, t: h.t, weight: 1.0 }).collect()
}

/// AUC and Brier of one model on the active and on all.
fn figures(name: &str, active: &[bool], silent: &[bool], p: &[f64]) -> [(f64, f64); 2] {
    [true, false].map(|only_active| {
        let chosen = (0..p.len()).filter(|&i| active[i] || !only_active);
        let (silent, p): (Vec<bool>, Vec<f64>) = chosen.map(|i| (silent[i], p[i])).unzip();
        let (auc, brier) = (metrics::auc(&silent, &p), metrics::brier(&silent, &p));
        let (auc, brier) = (auc.expect("both outcomes"), brier.expect("probabilities"));
        println!("  {name:<14} {} auc {auc:.4} brier {brier:.4}", if only_active { "active" } else { "all   " });
        (auc, brier)
    })
}

/// Log, cutoff, horizon = active days; then per population: n, recency, MBG, RFM-logistic, logistic-23 (AUC, Brier).
pub type Anchor = (&'static str, &'static str, i32, [(usize, f64, [(f64, f64); 3]); 2]);
pub const ANCHORS: [Anchor; 2] = [
    (
        "trades_online_retail.csv",
        "2011-09-09",
        90,
        [
            (1907, 0.599, [(0.738, 0.193), (0.749, 0.186), (0.751, 0.187)]),
            (3370, 0.683, [(0.733, 0.218), (0.735, 0.208), (0.741, 0.210)]),
        ],
    ),
    (
        "trades_cdnow.csv",
        "1998-01-01",
        180,
        [
            (6355, 0.621, [(0.689, 0.222), (0.698, 0.222), (0.703, 0.218)]),
            (23_570, 0.796, [(0.793, 0.131), (0.804, 0.131), (0.807, 0.128)]),
        ],
    ),
];

#[test]
#[ignore = "evidence: REFERENCE_DATA names the directory of trades_online_retail.csv and trades_cdnow.csv"]
fn models_reach_their_anchors_on_real_logs() {
    const C: f64 = 0.3;
    for (file, cutoff, horizon, anchors) in ANCHORS {
        let (log, cutoff) = (Log::read(file), days_since_1970(cutoff));
        let (train, labels, _) = log.at(cutoff - horizon, horizon);
        let (test, silent, histories) = log.at(cutoff, horizon);
        let recency: Vec<f64> = test.rows().map(|row| row[0]).collect();
        let active: Vec<bool> = recency.iter().map(|&days| days <= f64::from(horizon)).collect();
        println!("{file}: {} trained, {} tested", train.len(), test.len());

        // Where dropout is not identified, the ladder's next step stands in.
        let policy = FitPolicy::default();
        let lifetime = fit(&cells(&histories), Model::MbgNbd, &policy, None);
        let no_dropout = nbd::fit(&cells(&histories), &policy, None).expect("identified");
        println!("  {lifetime:?}\n  {no_dropout:?}");
        let weeks = f64::from(horizon) / 7.0;
        let rfm = |table: &Table| table.select(&RFM).expect("three columns");
        let rfm_logistic = Classifier::train(&rfm(&train), &labels, Form::SignedLog, C).expect("both outcomes");
        let logistic = Classifier::train(&train, &labels, Form::SignedLog, C).expect("both outcomes");
        let p_silent = |h: &History| match lifetime {
            Ok(fitted) => fitted.parameters.p_silent(h, weeks),
            Err(_) => no_dropout.parameters.p_silent(h, weeks),
        };
        let models = [
            ("mbg_nbd or nbd", histories.iter().map(p_silent).collect()),
            ("rfm_logistic", rfm_logistic.probabilities(&rfm(&test)).expect("three columns")),
            ("logistic", logistic.probabilities(&test).expect("all columns")),
        ];
        for (at, only_active) in [true, false].into_iter().enumerate() {
            let n = active.iter().filter(|&&active| active || !only_active).count();
            let chosen = (0..n.max(silent.len())).filter(|&i| active[i] || !only_active);
            let (silent, recency): (Vec<bool>, Vec<f64>) = chosen.map(|i| (silent[i], recency[i])).unzip();
            let auc = metrics::auc(&silent, &recency).expect("both outcomes");
            println!("  recency        n {n} auc {auc:.4}");
            assert_eq!(n, anchors[at].0);
            assert!((auc - anchors[at].1).abs() < 0.003);
        }
        let of_active = |p: &[f64]| (0..p.len()).filter(|&i| active[i]).map(|i| p[i]).collect::<Vec<f64>>();
        let silent_active: Vec<bool> = (0..silent.len()).filter(|&i| active[i]).map(|i| silent[i]).collect();
        for other in 0..2 {
            let (old, new) = (of_active(&models[other].1), of_active(&models[2].1));
            let begun = Instant::now();
            let gain = metrics::auc_gain(&silent_active, &old, &new, &Resampling::default(), &mut words(1));
            println!("  logistic over {}, active, seed 1: {gain:?} in {:?}", models[other].0, begun.elapsed());
        }
        for (which, (name, p)) in models.iter().enumerate() {
            for (got, anchor) in figures(name, &active, &silent, p).into_iter().zip(anchors) {
                let want = anchor.2[which];
                assert!((got.0 - want.0).abs() < 0.003, "{name}: AUC {} not {}", got.0, want.0);
                assert!((got.1 - want.1).abs() < 0.003, "{name}: Brier {} not {}", got.1, want.1);
            }
        }
    }
}

/// Speed is shown, not judged.
#[test]
#[ignore = "evidence: REFERENCE_DATA names the directory of trades_cdnow.csv"]
fn features_of_a_whole_log_take_a_moment() {
    let log = Log::read("trades_cdnow.csv");
    let cutoff = days_since_1970("1998-07-01");
    let begun = Instant::now();
    let computed = log.0.values().filter_map(|days| features(days, cutoff).ok()).count();
    println!("features of {computed} clients: {:?}", begun.elapsed());
    assert_eq!(computed, 23_570);
}
