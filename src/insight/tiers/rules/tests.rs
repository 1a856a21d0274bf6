//! Every edge of the ladder and of the grace.

use proptest::prelude::*;
use rust_decimal::dec;

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;
use validator::Validate;

use super::super::model::*;
use super::ladder::{place_of, place_of_code};
use super::*;
use platform::kernel::fault::faults;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

/// Inputs on 15 July 2025 with the averages of the complete months before it, newest last.
fn inputs(average: Decimal, months: &[Decimal], current: Option<&str>) -> TierInputs {
    let month = |(ago, net_assets): (usize, &Decimal)| MonthlyAverage {
        month: date(2025, 7, 1) - Months::new(u32::try_from(months.len() - ago).unwrap()),
        net_assets: *net_assets,
    };
    TierInputs {
        as_of: date(2025, 7, 15),
        average_net_assets: Some(average),
        balance_days: 20,
        last_balance_on: Some(date(2025, 7, 14)),
        monthly_average_net_assets: months.iter().enumerate().map(month).collect(),
        active_days: 0,
        last_active_on: None,
        current: current.map(|rung| CurrentTier { rung: rung.to_owned(), since: date(2024, 3, 5) }),
    }
}

fn decided(inputs: &TierInputs) -> TierDecision {
    decide(&TierPolicy::default(), inputs)
}

#[test]
fn each_bound_belongs_to_the_rung_it_opens() {
    let edges = [
        (dec!(-5), "zero", Tier::Ordinary),
        (dec!(0.0099), "zero", Tier::Ordinary),
        (dec!(0.01), "under_100k", Tier::Ordinary),
        (dec!(99_999.99), "under_100k", Tier::Ordinary),
        (dec!(100_000), "100k_to_500k", Tier::Ordinary),
        (dec!(499_999.99), "100k_to_500k", Tier::Ordinary),
        (dec!(500_000), "500k_to_6m", Tier::Middle),
        (dec!(5_999_999.99), "500k_to_6m", Tier::Middle),
        (dec!(6_000_000), "6m_to_10m", Tier::HighNetWorth),
        (dec!(9_999_999.99), "6m_to_10m", Tier::HighNetWorth),
        (dec!(10_000_000), "10m_and_above", Tier::HighNetWorth),
    ];
    for (average, rung, tier) in edges {
        let decision = decided(&inputs(average, &[], None));
        assert_eq!((decision.rung.as_str(), decision.tier), (rung, tier), "{average}");
        assert_eq!(decision.rule, TierRule::FirstAssignment);
    }
}

#[test]
fn down_only_after_the_months_of_grace() {
    let (low, held) = (dec!(90_000), dec!(600_000));
    let table: [(&[Decimal], TierRule, TierStatus, &str); 8] = [
        (&[], TierRule::HeldInGrace, TierStatus::InGrace, "500k_to_6m"),
        (&[low; 2], TierRule::HeldInGrace, TierStatus::InGrace, "500k_to_6m"),
        (&[low; 3], TierRule::Watch, TierStatus::Watch, "500k_to_6m"),
        (&[low; 5], TierRule::Watch, TierStatus::Watch, "500k_to_6m"),
        (&[low; 6], TierRule::DowngradeAfterGrace, TierStatus::Settled, "under_100k"),
        (&[dec!(200_000), low, low, low, low, low], TierRule::DowngradeAfterGrace, TierStatus::InGrace, "100k_to_500k"),
        (&[low, low, low, held, low, low], TierRule::HeldInGrace, TierStatus::InGrace, "500k_to_6m"),
        (&[held, low, low, low, low, low], TierRule::Watch, TierStatus::Watch, "500k_to_6m"),
    ];
    for (months, rule, status, rung) in table {
        let decision = decided(&inputs(low, months, Some("500k_to_6m")));
        assert_eq!((decision.rule, decision.status, decision.rung.as_str()), (rule, status, rung), "{months:?}");
    }
    let recovering = decided(&inputs(dec!(150_000), &[low; 6], Some("500k_to_6m")));
    assert_eq!(recovering.rung, "100k_to_500k");
}

#[test]
fn months_that_do_not_count_end_the_run() {
    let mut missing = inputs(dec!(1), &[dec!(1); 6], Some("500k_to_6m"));
    missing.monthly_average_net_assets.remove(3);
    assert_eq!(decided(&missing).months_below, 2);

    let mut new_on_the_rung = inputs(dec!(1), &[dec!(1); 6], Some("500k_to_6m"));
    new_on_the_rung.current = Some(CurrentTier { rung: "500k_to_6m".to_owned(), since: date(2025, 3, 2) });
    assert_eq!(decided(&new_on_the_rung).months_below, 3);

    let mut running = inputs(dec!(1), &[dec!(1); 2], Some("500k_to_6m"));
    running.as_of = date(2025, 6, 30);
    assert_eq!(decided(&running).months_below, 1);
}

#[test]
fn without_balances_a_client_starts_low_and_keeps_what_is_held() {
    let unknown = |current| TierInputs { average_net_assets: None, ..inputs(dec!(0), &[], current) };
    let first = decided(&unknown(None));
    assert_eq!((first.rung.as_str(), first.tier, first.rule), ("zero", Tier::Ordinary, TierRule::NoBalancesYet));
    let held = decided(&unknown(Some("6m_to_10m")));
    assert_eq!((held.rung.as_str(), held.rule), ("6m_to_10m", TierRule::Unchanged));
    let of_another_ladder = decided(&inputs(dec!(7), &[], Some("gold")));
    assert_eq!(of_another_ladder.rule, TierRule::FirstAssignment);
}

#[test]
fn frequent_trading_lifts_service_by_one_notch_and_never_the_tier() {
    let table = [
        (dec!(1), 19, Tier::Ordinary, Tier::Ordinary),
        (dec!(1), 20, Tier::Ordinary, Tier::Middle),
        (dec!(500_000), 90, Tier::Middle, Tier::HighNetWorth),
        (dec!(6_000_000), 90, Tier::HighNetWorth, Tier::HighNetWorth),
    ];
    for (average, active_days, tier, service) in table {
        let decision = decided(&TierInputs { active_days, ..inputs(average, &[], None) });
        assert_eq!((decision.tier, decision.service_level), (tier, service), "{average} {active_days}");
    }
}

#[test]
fn reasons_speak_both_languages_with_the_raw_numbers() {
    let reasons = decided(&TierInputs { active_days: 21, ..inputs(dec!(123456.789), &[], Some("under_100k")) }).reasons;
    let codes: Vec<_> = reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["average_net_assets", "upgrade_at_once", "service_lifted"]);
    assert!(reasons[0].text.en.contains("20 balance days: 123456.79 CNY"), "{}", reasons[0].text.en);
    assert!(reasons[0].text.zh.contains("日均净资产为123456.79 CNY"), "{}", reasons[0].text.zh);
    assert!(reasons[2].text.en.contains("Traded on 21 of 90 days"), "{}", reasons[2].text.en);
}

#[test]
fn a_policy_survives_json_and_names_all_its_faults() {
    let policy = TierPolicy::default();
    assert!(policy.validate().is_ok());
    let json = serde_json::to_string(&policy).expect("serialises");
    assert_eq!(serde_json::from_str::<TierPolicy>(&json).expect("deserialises"), policy);
    let mut broken = TierPolicy { watch_after_months: 6, ..policy };
    broken.frequency.days = 19;
    broken.rungs.swap(2, 3);
    broken.rungs[1].code = "zero".to_owned();
    let faults = faults(&broken.validate().expect_err("broken"));
    let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    let ladder = ["/rungs/1/code", "/rungs/3/lower_bound", "/rungs/3/tier"];
    assert_eq!(pointers, [&["/downgrade_after_months", "/frequency/days"], ladder.as_slice()].concat());
}

fn money() -> impl Strategy<Value = Decimal> {
    // Spread over the rungs, not over the amounts.
    (0u32..9, 0i64..1_000).prop_map(|(power, digits)| Decimal::new(digits * 10i64.pow(power), 2))
}

fn any_inputs() -> impl Strategy<Value = TierInputs> {
    let rung = prop::sample::select(TierPolicy::default().rungs).prop_map(|rung| rung.code);
    let current = prop::option::of((rung, 0u32..24));
    (money(), prop::collection::vec(money(), 0..=8), current, 0u32..=90).prop_map(
        |(average, months, held, active_days)| {
            let since = |ago| date(2025, 7, 10) - Months::new(ago);
            let current = held.map(|(rung, ago)| CurrentTier { rung, since: since(ago) });
            TierInputs { current, active_days, ..inputs(average, &months, None) }
        },
    )
}

proptest! {
    #[test]
    fn up_at_once_and_never_down_before_six_months_below(inputs in any_inputs()) {
        let policy = TierPolicy::default();
        let (decision, average) = (decide(&policy, &inputs), inputs.average_net_assets.unwrap_or_default());
        let place = place_of_code(&policy, &decision.rung).expect("on the ladder");
        prop_assert!(place >= place_of(&policy, average));
        let held = inputs.current.as_ref().and_then(|current| place_of_code(&policy, &current.rung));
        if held.is_some_and(|held| place < held) {
            let months = inputs.monthly_average_net_assets.iter().rev().take(6);
            let below = months.filter(|month| Some(place_of(&policy, month.net_assets)) < held);
            prop_assert_eq!(below.count(), 6);
        }
    }

    #[test]
    fn deciding_again_changes_nothing(inputs in any_inputs()) {
        let first = decided(&inputs);
        let kept = inputs.current.clone().filter(|current| current.rung == first.rung);
        let current = kept.unwrap_or(CurrentTier { rung: first.rung.clone(), since: inputs.as_of });
        let second = decided(&TierInputs { current: Some(current), ..inputs });
        prop_assert_eq!(second.rung, first.rung);
        prop_assert_eq!((second.tier, second.service_level), (first.tier, first.service_level));
        prop_assert_eq!(second.status, first.status);
        prop_assert!(!matches!(second.rule, TierRule::UpgradeAtOnce | TierRule::DowngradeAfterGrace));
    }

    #[test]
    fn more_assets_never_start_lower(less in money(), more in money(), active_days in 0u32..=90) {
        let start = |average| decided(&TierInputs { active_days, ..inputs(average, &[], None) });
        let (low, high) = (start(less.min(more)), start(less.max(more)));
        prop_assert!((low.tier, low.service_level) <= (high.tier, high.service_level));
        let place = |decision: &TierDecision| place_of_code(&TierPolicy::default(), &decision.rung);
        prop_assert!(place(&low) <= place(&high));
    }
}
