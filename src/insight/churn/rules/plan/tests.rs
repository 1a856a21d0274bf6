//! The plan keeps its caps, is the same for the same book, and says why.

use super::*;
use proptest::prelude::*;

fn candidate() -> AlertCandidate<u32> {
    AlertCandidate {
        p: 0.1,
        p_before: None,
        revenue_if_kept: dec!(1000),
        net_assets: None,
        tier_is_high: false,
        outflow_7d: None,
        silent_days: 5,
        advisor: Some(1),
        open_alert: None,
    }
}

fn candidates() -> impl Strategy<Value = AlertCandidate<u32>> {
    let probability = || prop_oneof![9 => 0.0..=1.0, 1 => Just(f64::NAN)];
    (
        (probability(), prop::option::of(0.0..=1.0), 0_i64..1_000_000, prop::bool::weighted(0.1)),
        (prop::option::of(-0.2..0.5), 0_u32..400, prop::option::of(0_u32..4), open_alerts()),
    )
        .prop_map(|((p, p_before, cents, tier_is_high), (outflow_7d, silent_days, advisor, open_alert))| {
            AlertCandidate {
                p,
                p_before,
                revenue_if_kept: Decimal::new(cents, 2),
                net_assets: None,
                tier_is_high,
                outflow_7d,
                silent_days,
                advisor,
                open_alert,
            }
        })
}

fn open_alerts() -> impl Strategy<Value = Option<Severity>> {
    let severities = prop::sample::select(vec![Severity::Low, Severity::Medium, Severity::High]);
    prop_oneof![8 => Just(None), 3 => severities.prop_map(Some)]
}

proptest! {
    #[test]
    fn caps_hold_and_the_long_silent_stay_out(book in prop::collection::vec(candidates(), 0..300)) {
        let policy = ChurnPolicy { advisor_capacity: 6, unassigned_capacity: 9, ..ChurnPolicy::default() };
        let plan = plan_alerts(&policy, &book);
        let population = book.iter().filter(|client| belongs(&policy, client)).count();
        let count = |severity| plan.iter().filter(|planned| planned.severity == severity).count();
        let cap = |share| ChurnPolicy::head_count(share, population);
        prop_assert!(count(Severity::High) <= cap(policy.value_at_risk_share) + cap(policy.rise_share));
        prop_assert!(count(Severity::Medium) <= cap(policy.medium_share));
        prop_assert!(count(Severity::Low) <= cap(policy.low_share));
        let stays = |(index, client): &(usize, &AlertCandidate<u32>), severity| {
            let is_left = plan.iter().all(|planned| planned.index != *index);
            client.open_alert == Some(severity) && belongs(&policy, client) && is_left
        };
        for (severity, share) in [(Severity::Medium, policy.medium_share), (Severity::Low, policy.low_share)] {
            let is_low = severity == Severity::Low;
            let fades = |client: &AlertCandidate<u32>| is_low || client.p < policy.medium_probability;
            let kept = book.iter().enumerate().filter(|one| stays(one, severity) && fades(one.1)).count();
            prop_assert!(count(severity) == 0 || count(severity) + kept <= cap(share), "{severity:?} beyond its share");
        }
        for advisor in [None, Some(0), Some(1), Some(2), Some(3)] {
            let capacity = if advisor.is_some() { 6 } else { 9 };
            let own = |planned: &&Planned| {
                let client = &book[planned.index];
                client.advisor == advisor && !client.occupies_advisor()
            };
            let open = book.iter().filter(|client| client.occupies_advisor() && client.advisor == advisor).count();
            let urgent = plan.iter().filter(own).filter(|planned| planned.severity >= Severity::High).count();
            let medium = plan.iter().filter(own).filter(|planned| planned.severity == Severity::Medium).count();
            prop_assert!(medium == 0 || open + urgent + medium <= capacity);
        }
        for planned in &plan {
            let client = &book[planned.index];
            prop_assert!(client.silent_days <= policy.active_within_days || planned.severity == Severity::Critical);
            prop_assert!(client.p >= policy.medium_probability || flows_out(&policy, client));
            prop_assert!(planned.reasons.len() >= 2);
        }
        let mut indices: Vec<_> = plan.iter().map(|planned| planned.index).collect();
        indices.sort_unstable();
        indices.dedup();
        prop_assert_eq!(indices.len(), plan.len(), "one alert a client");
        prop_assert_eq!(plan_alerts(&policy, &book), plan);
    }
}

fn severities(book: &[AlertCandidate<u32>]) -> Vec<Option<Severity>> {
    let plan = plan_alerts(&ChurnPolicy::default(), book);
    let planned = |index| plan.iter().find(|planned| planned.index == index).map(|planned| planned.severity);
    (0..book.len()).map(planned).collect()
}

#[test]
fn each_rule_in_turn() {
    let book = [
        AlertCandidate { p: 0.6, tier_is_high: true, ..candidate() },
        AlertCandidate { p: 0.01, tier_is_high: true, outflow_7d: Some(0.3), silent_days: 300, ..candidate() },
        AlertCandidate { p: 0.55, revenue_if_kept: dec!(90000), ..candidate() },
        AlertCandidate { p: 0.45, p_before: Some(0.2), ..candidate() },
        AlertCandidate { p: 0.59, ..candidate() },
        AlertCandidate { p: 0.52, p_before: Some(0.49), ..candidate() },
        AlertCandidate { p: 0.39, p_before: Some(0.1), ..candidate() },
        AlertCandidate { p: 0.99, silent_days: 181, ..candidate() },
    ];
    use Severity::{Critical, High, Low, Medium};
    let expected = [Some(Critical), Some(Critical), Some(High), Some(High), Some(Medium), Some(Low), None, None];
    assert_eq!(severities(&book), expected);
}

#[test]
fn a_dead_book_does_not_flood() {
    let book = vec![AlertCandidate { p: 0.999, silent_days: 700, ..candidate() }; 1_000];
    assert!(plan_alerts(&ChurnPolicy::default(), &book).is_empty());
}

#[test]
fn a_holiday_does_not_flood() {
    let book: Vec<_> = (0..1_000)
        .map(|i| AlertCandidate { p: 0.6, p_before: Some(0.3), advisor: Some(i % 50), ..candidate() })
        .collect();
    let plan = plan_alerts(&ChurnPolicy::default(), &book);
    assert_eq!(plan.len(), 20 + 50 + 50 + 50, "top value, rises, medium, low");
    assert_eq!(plan[0].value_at_risk, dec!(600));
}

#[test]
fn money_at_risk_is_rounded_to_the_nearest_cent() {
    let text = super::words::value_at_risk(dec!(6400.1072), 0.1725, dec!(37096.7367)).text;
    let en = "Value at risk 6400.11: 17.2 % of the net revenue of 37096.74 expected in 12 months if the client is kept";
    assert_eq!(text.en, en);
    assert_eq!(text.zh, "流失风险金额6400.11：若能挽留，未来12个月预期净收入37096.74，按17.2%的概率计");
}

/// Whoever brought nothing lately comes after who did, and among these whoever holds most comes first.
#[test]
fn assets_decide_between_equal_values_at_risk() {
    let rich = AlertCandidate { p: 0.5, revenue_if_kept: dec!(0), net_assets: Some(dec!(13_000_000)), ..candidate() };
    let poor = AlertCandidate { p: 0.9, net_assets: Some(dec!(5)), ..rich.clone() };
    let planned = plan_alerts(&ChurnPolicy::default(), &[poor, rich, AlertCandidate { p: 0.5, ..candidate() }]);
    assert_eq!(planned.iter().map(|planned| planned.index).collect::<Vec<_>>(), [2, 1]);
    assert!(planned[1].reasons.iter().any(|reason| reason.code == "net_assets"), "{:?}", planned[1].reasons);
}
