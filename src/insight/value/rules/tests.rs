//! The promises of the score: exact sums, bounds, monotone in what is good, nothing invented for missing data.

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn inputs() -> impl Strategy<Value = ValueInputs> {
    let money = || prop::option::of((-1_000_000_i64..10_000_000_000).prop_map(|cents| Decimal::new(cents, 2)));
    (
        (money(), money(), money(), money()),
        prop::option::of(prop::array::uniform12(0.0..10.0)),
        (prop::option::of(0.0..=1.0), prop::option::of(0.0..400.0), prop::option::of(-1.0..2.0)),
        (0_u32..=12, 0_u32..10),
    )
        .prop_map(|((revenue, per_day, assets, margin), days, (p_silent, tenure, outflow), (months, classes))| {
            ValueInputs {
                as_of: NaiveDate::default(),
                net_revenue_12m: revenue.map(|amount| NetRevenue { amount, source: RevenueSource::Commissions }),
                expected_active_days_by_month: days,
                revenue_per_active_day: per_day,
                mean_net_assets_6m: assets,
                margin_and_product_revenue_12m: margin,
                p_silent_90: p_silent,
                tenure_months: tenure,
                active_months_12: months,
                asset_classes: Some(classes),
                net_outflow_share: outflow,
            }
        })
}

/// Every way to make a client better by one input.
fn improvements(from: &ValueInputs) -> Vec<ValueInputs> {
    let more = |amount: Option<Decimal>| amount.map(|amount| amount + dec!(137.5));
    let revenue = from.net_revenue_12m.map(|old| NetRevenue { amount: old.amount + dec!(90), ..old });
    let days = from.expected_active_days_by_month.map(|days| days.map(|days| days + 0.1));
    let positive_day = from.revenue_per_active_day.map(|amount| amount.max(Decimal::ZERO));
    vec![
        ValueInputs { net_revenue_12m: revenue, ..from.clone() },
        ValueInputs { revenue_per_active_day: more(from.revenue_per_active_day), ..from.clone() },
        ValueInputs { expected_active_days_by_month: days, revenue_per_active_day: positive_day, ..from.clone() },
        ValueInputs { mean_net_assets_6m: more(from.mean_net_assets_6m), ..from.clone() },
        ValueInputs { margin_and_product_revenue_12m: more(from.margin_and_product_revenue_12m), ..from.clone() },
        ValueInputs { p_silent_90: from.p_silent_90.map(|p| p * 0.9), ..from.clone() },
        ValueInputs { tenure_months: from.tenure_months.map(|months| months + 1.0), ..from.clone() },
        ValueInputs { active_months_12: (from.active_months_12 + 1).min(12), ..from.clone() },
        ValueInputs { asset_classes: from.asset_classes.map(|types| types + 1), ..from.clone() },
        ValueInputs { net_outflow_share: from.net_outflow_share.map(|share| share - 0.05), ..from.clone() },
    ]
}

proptest! {
    #[test]
    fn parts_sum_exactly_in_any_order_and_within_bounds(inputs in inputs()) {
        let answer = score(&ValuePolicy::default(), &inputs);
        let forward = sum(answer.parts.iter().map(|part| part.points));
        let backward = sum(answer.parts.iter().rev().map(|part| part.points));
        prop_assert_eq!(forward.to_bits(), answer.score.to_bits());
        prop_assert_eq!(backward.to_bits(), answer.score.to_bits());
        prop_assert_eq!((answer.contribution + answer.loyalty).to_bits(), answer.score.to_bits());
        prop_assert_eq!(sum(answer.parts.iter().map(|part| part.max_points)), 100.0);
        prop_assert!((0.0..=100.0).contains(&answer.score));
        for part in &answer.parts {
            prop_assert!((0.0..=part.max_points).contains(&part.points));
            prop_assert!((part.points - part.share * part.max_points).abs() < 1e-9);
        }
    }

    #[test]
    fn exactness_survives_json(inputs in inputs()) {
        let answer = score(&ValuePolicy::default(), &inputs);
        let read = |points: f64| serde_json::to_string(&points).ok().and_then(|json| json.parse::<f64>().ok());
        let total = sum(answer.parts.iter().filter_map(|part| read(part.points)));
        prop_assert_eq!(Some(total.to_bits()), read(answer.score).map(f64::to_bits));
    }

    #[test]
    fn monotone_in_every_good_input(inputs in inputs()) {
        let policy = ValuePolicy::default();
        let start = ValueInputs {
            revenue_per_active_day: inputs.revenue_per_active_day.map(|amount| amount.max(Decimal::ZERO)),
            ..inputs
        };
        let before = score(&policy, &start).score;
        for better in improvements(&start) {
            prop_assert!(score(&policy, &better).score >= before);
        }
    }

    #[test]
    fn no_data_earns_nothing_and_is_named(inputs in inputs()) {
        let answer = score(&ValuePolicy::default(), &inputs);
        let missing: Vec<_> = answer.parts.iter().filter(|part| part.status == PartStatus::NoData).collect();
        prop_assert!(missing.iter().all(|part| part.points == 0.0 && part.reason.en.starts_with("No data")));
        let unmeasured = sum(missing.iter().map(|part| part.max_points)) / 100.0;
        prop_assert!((answer.measured_share + unmeasured - 1.0).abs() < 1e-12);
        let is_named = answer.reasons.iter().any(|reason| reason.code == "value_unmeasured");
        prop_assert_eq!(is_named, !missing.is_empty());
    }
}

fn best() -> ValueInputs {
    ValueInputs {
        as_of: NaiveDate::default(),
        net_revenue_12m: Some(NetRevenue { amount: dec!(1e9), source: RevenueSource::Commissions }),
        expected_active_days_by_month: Some([20.0; 12]),
        revenue_per_active_day: Some(dec!(1e6)),
        mean_net_assets_6m: Some(dec!(1e9)),
        margin_and_product_revenue_12m: Some(dec!(1e9)),
        p_silent_90: Some(0.0),
        tenure_months: Some(1e9),
        active_months_12: 12,
        asset_classes: Some(9),
        net_outflow_share: Some(-0.5),
    }
}

#[test]
fn the_best_client_earns_all_and_the_unknown_one_nothing() {
    let policy = ValuePolicy::default();
    let top = score(&policy, &best());
    assert_eq!((top.score, top.grade.as_str(), top.measured_share), (100.0, "A", 1.0));
    let unknown = ValueInputs {
        net_revenue_12m: None,
        expected_active_days_by_month: None,
        mean_net_assets_6m: None,
        margin_and_product_revenue_12m: None,
        p_silent_90: Some(f64::NAN),
        tenure_months: None,
        active_months_12: 0,
        asset_classes: Some(0),
        net_outflow_share: None,
        ..best()
    };
    let bottom = score(&policy, &unknown);
    assert_eq!((bottom.score, bottom.grade.as_str(), bottom.clv_12m), (0.0, "E", None));
    assert!((bottom.measured_share - 0.35 * 0.35).abs() < 1e-12, "only active months and product types are known");
}

#[test]
fn a_known_client_by_hand() {
    let inputs = ValueInputs {
        net_revenue_12m: net_revenue(&ValuePolicy::default(), None, Some(dec!(800000))),
        expected_active_days_by_month: Some(by_month(&std::array::from_fn(|month| 2.0 * (month + 1) as f64))),
        revenue_per_active_day: Some(dec!(10)),
        mean_net_assets_6m: Some(dec!(10000)),
        margin_and_product_revenue_12m: Some(Decimal::ZERO),
        p_silent_90: Some(0.25),
        tenure_months: Some(24.0),
        active_months_12: 6,
        asset_classes: Some(1),
        net_outflow_share: Some(0.1),
        ..best()
    };
    let answer = score(&ValuePolicy::default(), &inputs);
    // 800 000 at 2.5 basis points is 200, the lower anchor; 20 a month discounted at 1 % is 225.1015.
    assert_eq!(answer.clv_12m, Some(dec!(225.1015)));
    let expected = 32.5 * 2_f64.ln() / 501_f64.ln()
        + 16.25 * (1.0 + 225.1015 / 200.0_f64).ln() / 501_f64.ln()
        + 9.75 * 2_f64.ln() / 1001_f64.ln()
        + 10.5 * 0.75
        + 8.75 * (1.0 - (-1_f64).exp())
        + 7.0 * 0.5
        + 5.25 * 0.25
        + 3.5 * 0.9;
    assert!((answer.score - expected).abs() < 1e-8);
    assert_eq!((answer.grade.as_str(), answer.strategy.as_str()), ("D", "activate"));
}

#[test]
fn money_is_told_to_the_nearest_cent() {
    let amount = dec!(6400.1072);
    let inputs = ValueInputs {
        as_of: NaiveDate::default(),
        net_revenue_12m: Some(NetRevenue { amount, source: RevenueSource::Commissions }),
        expected_active_days_by_month: None,
        revenue_per_active_day: None,
        mean_net_assets_6m: None,
        margin_and_product_revenue_12m: None,
        p_silent_90: None,
        tenure_months: None,
        active_months_12: 0,
        asset_classes: None,
        net_outflow_share: None,
    };
    let reason = &score(&ValuePolicy::default(), &inputs).parts[0].reason;
    assert_eq!(reason.en, "Net revenue of 12 months, from commissions: CNY 6400.11");
}
