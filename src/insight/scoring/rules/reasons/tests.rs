//! The sum is exact; the reasons name what happened.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::dec;

use super::*;

/// Silence over 90 days as the MBG/NBD ratio of likelihoods, with parameters as fitted on a public log of purchases.
fn p_silent(x: f64, t_x: f64, t: f64) -> f64 {
    let (r, alpha, a, b) = (0.524838_f64, 6.182992_f64, 0.891356_f64, 1.613999_f64);
    let alive = |t: f64| -(r + x) * (alpha + t).ln();
    let dropped = (a / (b + x)).ln() + alive(t_x);
    let either = |t: f64| alive(t).max(dropped) + (-(alive(t) - dropped).abs()).exp().ln_1p();
    (either(t + 90.0 / 7.0) - either(t)).exp()
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
    }
}

proptest! {
    #[test]
    fn base_and_terms_make_the_log_odds(x in 0_u32..120, gap in 1_u64..40, silent in 0_u64..900) {
        let statistics = client(x, u64::from(x) * gap, silent);
        let explained = explain(&statistics, &p_silent);
        let explained = explained.ok_or_else(|| TestCaseError::fail("a number was expected"))?;
        let total = explained.base + explained.terms.iter().filter_map(|term| term.contribution).sum::<f64>();
        prop_assert!((total - explained.logit).abs() < 1e-9);
        let from_probability = (explained.p_silent / (1.0 - explained.p_silent)).ln();
        prop_assert!(explained.p_silent == 1.0 || (from_probability - total).abs() < 1e-9);
        prop_assert_eq!(explained.terms.len(), 3);
        prop_assert!(explained.reasons.len() <= 3);
        let is_positive = |term: &Reason| term.contribution >= Some(-1e-12);
        prop_assert!(explained.terms[1..=2].iter().all(is_positive));
    }

    #[test]
    fn any_function_of_probabilities_is_explained_exactly(p in prop::array::uniform4(0.0..=1.0)) {
        let answers = std::cell::Cell::new(0);
        let any = |_: f64, _: f64, _: f64| p[answers.replace(answers.get() + 1) % 4];
        let explained = explain(&client(3, 30, 25), &any).ok_or_else(|| TestCaseError::fail("a number was expected"))?;
        let total = explained.base + explained.terms.iter().filter_map(|term| term.contribution).sum::<f64>();
        prop_assert!((total - explained.logit).abs() < 1e-9);
    }
}

fn codes(reasons: &[Reason]) -> Vec<&str> {
    reasons.iter().map(|reason| reason.code.as_str()).collect()
}

#[test]
fn a_regular_client_who_stopped_is_overdue() {
    let explained = explain(&client(40, 240, 60), &p_silent);
    let first = explained.iter().flat_map(|explained| &explained.reasons).next();
    assert_eq!(first.map(|reason| reason.code.as_str()), Some("overdue"));
    let words = first.map(|reason| reason.text.en.as_str());
    assert_eq!(words, Some("Silent for 60 days, 10.0 times the own rhythm of 6.0 days"));
}

#[test]
fn a_single_trade_is_told_as_such() {
    let explained = explain(&client(0, 0, 200), &p_silent);
    let reasons = explained.map(|explained| explained.reasons).unwrap_or_default();
    assert_eq!(codes(&reasons), ["one_trade_silence"]);
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
    let reasons = explain(&changed, &p_silent).map(|explained| explained.reasons).unwrap_or_default();
    assert!(codes(&reasons).contains(&"amount_falling"));
    let falling = reasons.iter().find(|reason| reason.code == "amount_falling");
    assert_eq!(falling.map(|reason| reason.contribution), Some(None));
    let zh = falling.map(|reason| reason.text.zh.as_str());
    assert_eq!(zh, Some("近90天成交额为100.13，此前90天为500000.00"), "rounded, not cut off");
    assert_eq!(codes(&observed_changes(&changed)), ["amount_falling", "net_outflow", "frequency_falling"]);
}

#[test]
fn without_numbers_there_is_no_explanation() {
    assert_eq!(explain(&client(3, 30, 10), &|_, _, _| f64::NAN), None);
    assert_eq!(observed_changes(&client(0, 0, 400)), []);
}
