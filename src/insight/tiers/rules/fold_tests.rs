//! The fold against a slow walk over every day, and cut anywhere.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rust_decimal::dec;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::super::model::{CurrentTier, MonthlyAverage, Record, Ruling, TierInputs, TierPeriod, TierPolicy};
use super::decide::assigned;
use super::*;
use platform::kernel::ids::TierPolicyId;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn ruling(from: NaiveDate, policy: TierPolicy) -> Ruling {
    let number = u128::try_from(policy.version).expect("positive");
    Ruling { from, tier_policy_id: TierPolicyId(uuid::Uuid::from_u128(number)), policy }
}

fn starting() -> Vec<Ruling> {
    vec![ruling(NaiveDate::MIN, TierPolicy::default())]
}

fn record(balances: &BTreeMap<NaiveDate, Decimal>, active_days: &BTreeSet<NaiveDate>) -> Record {
    let mut months: BTreeMap<NaiveDate, Vec<Decimal>> = BTreeMap::new();
    balances.iter().for_each(|(day, net)| months.entry(day.with_day(1).expect("a first")).or_default().push(*net));
    let mean = |net: &Vec<Decimal>| net.iter().sum::<Decimal>() / Decimal::from(net.len());
    let month = |(month, net): (&NaiveDate, &Vec<Decimal>)| MonthlyAverage { month: *month, net_assets: mean(net) };
    Record {
        balances: balances.iter().map(|(day, net)| (*day, *net)).collect(),
        months: months.iter().map(month).collect(),
        active_days: active_days.iter().copied().collect(),
    }
}

/// Every day on its own, measured from the raw record.
fn walk(rulings: &[Ruling], record: &Record, until: NaiveDate) -> Vec<TierPeriod> {
    let Some(mut day) = record.begins_on() else { return Vec::new() };
    let mut periods: Vec<TierPeriod> = Vec::new();
    while day <= until {
        let ruling = rulings.iter().rev().find(|ruling| ruling.from <= day).or(rulings.first()).expect("a policy");
        let known: Vec<&(NaiveDate, Decimal)> = record.balances.iter().filter(|(d, _)| *d <= day).collect();
        let latest: Vec<Decimal> =
            known.iter().rev().take(ruling.policy.window_trading_days as usize).map(|(_, net)| *net).collect();
        let held = periods.last();
        let inputs = TierInputs {
            as_of: day,
            average_net_assets: latest.iter().sum::<Decimal>().checked_div(Decimal::from(latest.len())),
            balance_days: u32::try_from(latest.len()).expect("few"),
            last_balance_on: known.last().map(|(day, _)| *day),
            last_active_on: None,
            monthly_average_net_assets: record
                .months
                .iter()
                .filter(|month| known.iter().any(|(d, _)| d.with_day(1) == Some(month.month)))
                .cloned()
                .collect(),
            active_days: u32::try_from(
                (0..u64::from(ruling.policy.frequency.days))
                    .filter(|ago| record.active_days.contains(&(day - chrono::Days::new(*ago))))
                    .count(),
            )
            .expect("few"),
            current: held.map(|held| CurrentTier { rung: held.assigned.rung.clone(), since: held.assigned.since }),
        };
        let (assigned, rule) = assigned(&ruling.policy, &inputs);
        if held.is_none_or(|held| held.assigned != assigned) {
            if let Some(held) = periods.last_mut() {
                held.ends_on = Some(day);
            }
            periods.push(TierPeriod {
                starts_on: day,
                ends_on: None,
                tier_policy_id: ruling.tier_policy_id,
                assigned,
                rule,
            });
        }
        day = day.succ_opt().expect("a day");
    }
    periods
}

/// Net assets near the lines of the ladder, day after day with gaps; bursts of trades.
fn any_record() -> impl Strategy<Value = Record> {
    let amount = prop::sample::select(vec![
        dec!(0),
        dec!(0.01),
        dec!(90_000),
        dec!(110_000),
        dec!(400_000),
        dec!(600_000),
        dec!(7_000_000),
        dec!(12_000_000),
    ]);
    let stretch = (amount, 1u64..45, 0u64..40);
    let burst = (0u64..500, 1u64..45);
    (prop::collection::vec(stretch, 0..14), prop::collection::vec(burst, 0..4)).prop_map(|(stretches, bursts)| {
        let (mut balances, mut active, mut at) = (BTreeMap::new(), BTreeSet::new(), date("2024-01-20"));
        for (net, days, gap) in stretches {
            for _ in 0..days {
                balances.insert(at, net);
                at = at + chrono::Days::new(1);
            }
            at = at + chrono::Days::new(gap);
        }
        for (start, days) in bursts {
            active.extend((0..days).map(|n| date("2024-01-10") + chrono::Days::new(start + 2 * n)));
        }
        record(&balances, &active)
    })
}

fn two_policies() -> Vec<Ruling> {
    let mut second =
        TierPolicy { version: 2, watch_after_months: 1, downgrade_after_months: 3, ..TierPolicy::default() };
    second.rungs[3].lower_bound = dec!(405_000);
    second.rungs[2].code = "from_100k".to_owned();
    second.frequency.days = 30;
    second.frequency.min_active_days = 10;
    second.window_trading_days = 10;
    let mut rulings = starting();
    rulings.push(ruling(date("2024-11-13"), second));
    rulings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_fold_is_the_walk_over_every_day(record in any_record(), two in any::<bool>()) {
        let rulings = if two { two_policies() } else { starting() };
        let last = record.balances.last().map(|(day, _)| *day).max(record.active_days.last().copied());
        let until = last.unwrap_or_default().max(date("2024-11-13")) + chrono::Days::new(250);
        prop_assert_eq!(fold(&rulings, &record, NaiveDate::MIN, None), walk(&rulings, &record, until));
    }

    #[test]
    fn cut_anywhere_the_rest_follows(record in any_record(), two in any::<bool>(), at in 0u64..800) {
        let rulings = if two { two_policies() } else { starting() };
        let whole = fold(&rulings, &record, NaiveDate::MIN, None);
        let cut = date("2024-01-05") + chrono::Days::new(at);
        let before = whole.iter().rfind(|period| period.starts_on < cut);
        let rest = fold(&rulings, &record, cut, before.map(|period| period.assigned.clone()));
        let expected: Vec<TierPeriod> = whole.iter().filter(|period| period.starts_on >= cut).cloned().collect();
        prop_assert_eq!(rest, expected);
    }
}

#[test]
fn a_client_is_lowered_on_the_first_of_a_month_and_no_news_is_no_bad_news() {
    let mut balances = BTreeMap::from([(date("2025-01-31"), dec!(600_000))]);
    let first = date("2025-02-01");
    balances.extend((0..150).map(|n| (first + chrono::Days::new(n), dec!(200))));
    let periods = |balances: &BTreeMap<NaiveDate, Decimal>| {
        let periods = fold(&starting(), &record(balances, &BTreeSet::new()), NaiveDate::MIN, None);
        let words =
            |period: &TierPeriod| format!("{} {} {:?}", period.starts_on, period.assigned.rung, period.assigned.status);
        periods.iter().map(words).collect::<Vec<_>>()
    };
    // The balances end on 30 June, five months complete: nothing more happens, however long nobody hears of the client.
    let silent = ["2025-01-31 500k_to_6m Settled", "2025-02-01 500k_to_6m InGrace", "2025-05-01 500k_to_6m Watch"];
    assert_eq!(periods(&balances), silent);
    balances.insert(date("2025-07-02"), dec!(200));
    let lowered = [&silent[..], &["2025-08-01 under_100k Settled"]].concat();
    assert_eq!(periods(&balances), lowered);
}
