//! The sum is exact; the reasons name what happened.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::dec;

use super::*;
use science::ladder::{Base, Forecaster};
use science::{Model, Parameters};

/// Parameters as fitted on a public log of purchases.
fn explained(statistics: &ChurnStatistics) -> Explanation {
    let parameters = Parameters { model: Model::MbgNbd, r: 0.524838, alpha: 6.182992, a: 0.891356, b: 1.613999 };
    let parts = Forecaster::of(Base::MbgNbd(parameters)).parts(&statistics.features(), 90.0 / 7.0);
    explain(statistics, &parts.expect("numbers"), 90)
}

fn client(x: u32, span: u64, silent: u64) -> ChurnStatistics {
    let first_day = NaiveDate::default();
    let last_day = first_day + Days::new(span);
    ChurnStatistics {
        as_of: last_day + Days::new(silent),
        first_day,
        last_day,
        x,
        active_days_90: 0,
        active_days_prev_90: 0,
        active_days_365: x + 1,
        amount_90: Decimal::ZERO,
        amount_prev_90: Decimal::ZERO,
        sell_share_90: None,
        net_outflow_share_90: None,
        features: None,
    }
}

proptest! {
    #[test]
    fn base_and_terms_make_the_log_odds(x in 0_u32..120, gap in 1_u64..40, silent in 0_u64..900) {
        let explained = explained(&client(x, u64::from(x) * gap, silent));
        let total = explained.base + explained.terms.iter().filter_map(|term| term.contribution).sum::<f64>();
        let from_probability = (explained.p_silent / (1.0 - explained.p_silent)).ln();
        prop_assert!(explained.p_silent == 1.0 || (from_probability - total).abs() < 1e-9);
        prop_assert!(explained.reasons.len() <= 3);
        prop_assert!(explained.terms.iter().skip(1).all(|term| term.contribution >= Some(-1e-12)));
        let usual = explained.terms.iter().any(|term| term.code == "usual_pause");
        prop_assert_eq!(usual, x > 0, "a client with one active day has no usual pause");
    }
}

fn codes(reasons: &[Reason]) -> Vec<&str> {
    reasons.iter().map(|reason| reason.code.as_str()).collect()
}

#[test]
fn a_regular_client_who_stopped_is_overdue() {
    let explained = explained(&client(40, 240, 60));
    let first = explained.reasons.first();
    assert_eq!(first.map(|reason| reason.code.as_str()), Some("overdue"));
    let words = first.map(|reason| reason.text.en.as_str());
    assert_eq!(words, Some("Silent for 60 days, 10.0 times the own rhythm of 6.0 days"));
}

#[test]
fn a_single_trade_is_told_as_such() {
    let explained = explained(&client(0, 0, 200));
    assert_eq!(codes(&explained.reasons), ["one_trade_silence"]);
    assert!(explained.terms.iter().all(|term| !term.text.en.contains("0.0 days")), "{:?}", explained.terms);
}

#[test]
fn what_the_model_cannot_see_is_said_without_a_contribution() {
    let changed = ChurnStatistics {
        active_days_90: 2,
        active_days_prev_90: 30,
        amount_90: dec!(100.125),
        amount_prev_90: dec!(500000),
        net_outflow_share_90: Some(0.95),
        ..client(100, 300, 1)
    };
    let reasons = explained(&changed).reasons;
    assert!(codes(&reasons).contains(&"amount_falling"));
    let falling = reasons.iter().find(|reason| reason.code == "amount_falling");
    assert_eq!(falling.map(|reason| reason.contribution), Some(None));
    let zh = falling.map(|reason| reason.text.zh.as_str());
    assert_eq!(zh, Some("近90天成交额为100.13，此前90天为500000.00"), "rounded, not cut off");
    assert_eq!(codes(&observed_changes(&changed)), ["amount_falling", "net_outflow", "frequency_falling"]);
}

#[test]
fn without_a_rhythm_nothing_is_overdue() {
    assert_eq!(observed_changes(&client(0, 0, 400)), []);
}

/// A probability is never shown as sure as no data can be.
#[test]
fn a_percentage_keeps_off_the_ends() {
    use super::super::words::percent;
    let shown = [0.0, 0.000_49, 0.000_5, 0.9994, 0.9996, 1.0].map(|p| percent(p).en);
    assert_eq!(
        shown,
        ["less than 0.1 %", "less than 0.1 %", "0.1 %", "99.9 %", "more than 99.9 %", "more than 99.9 %"]
    );
}

/// What was learned is said by family, with the raw values, and sums to the log-odds at any horizon.
#[test]
fn what_the_book_has_taught_is_said_by_family() {
    let statistics = ChurnStatistics {
        active_days_90: 4,
        active_days_prev_90: 9,
        amount_90: dec!(1200),
        amount_prev_90: dec!(9000),
        sell_share_90: Some(0.75),
        ..client(20, 300, 40)
    };
    let parts = Parts {
        p: 0.5,
        base: -1.0,
        terms: vec![
            (Term::Family(Family::Recency), 0.9),
            (Term::Family(Family::Frequency), 0.4),
            (Term::Family(Family::Amount), -0.3),
            (Term::Family(Family::Breadth), 0.05),
            (Term::Horizon, -0.05),
        ],
    };
    let explained = explain(&statistics, &parts, 60);
    assert_eq!(codes(&explained.terms), ["recency", "frequency", "amount", "breadth", "horizon"]);
    assert_eq!(codes(&explained.reasons), ["recency", "frequency", "amount"], "what the model sees is not said twice");
    assert_eq!(explained.terms[3].text.zh, "交易过0个品种，近90天成交额中卖出占75%");
}
