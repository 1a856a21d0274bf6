//! Which tier a client is on: up at once, down only after months of grace.

#[cfg(test)]
mod tests;
mod words;

use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;

use super::model::{MonthlyAverage, TierDecision, TierInputs, TierPolicy, TierRule, TierStatus};

/// A place on the ladder and what led there.
struct Step {
    place: usize,
    rule: TierRule,
    months_below: usize,
}

/// The tier of a client under a policy that passes [`TierPolicy::check`].
///
/// # Panics
/// If the policy has no rungs, which `check` refuses.
pub fn decide(policy: &TierPolicy, inputs: &TierInputs) -> TierDecision {
    let step = step(policy, inputs);
    let rung = &policy.rungs[step.place];
    let frequent = inputs.active_days >= policy.frequency.min_active_days;
    let service_level = if frequent { rung.tier.lifted(policy.frequency.max_notches) } else { rung.tier };
    TierDecision {
        policy_version: policy.version,
        rung: rung.code.clone(),
        tier: rung.tier,
        service_level,
        status: match step.rule {
            TierRule::HeldInGrace => TierStatus::InGrace,
            TierRule::Watch => TierStatus::Watch,
            _ => TierStatus::Settled,
        },
        rule: step.rule,
        months_below: u32::try_from(step.months_below).unwrap_or(u32::MAX),
        reasons: vec![
            words::assets_reason(policy, inputs),
            words::rule_reason(policy, inputs, &step),
            words::service_reason(policy, inputs, frequent, step.place),
        ],
    }
}

fn step(policy: &TierPolicy, inputs: &TierInputs) -> Step {
    let settled = |place, rule| Step { place, rule, months_below: 0 };
    let current =
        inputs.current.as_ref().and_then(|current| Some((place_of_code(policy, &current.rung)?, current.since)));
    let reached = inputs.average_net_assets.map(|average| place_of(policy, average));
    match (current, reached) {
        (None, None) => settled(0, TierRule::NoBalancesYet),
        (None, Some(reached)) => settled(reached, TierRule::FirstAssignment),
        (Some((place, _)), Some(reached)) if reached > place => settled(reached, TierRule::UpgradeAtOnce),
        (Some((place, since)), Some(reached)) if reached < place => step_below(policy, inputs, place, since, reached),
        (Some((place, _)), _) => settled(place, TierRule::Unchanged),
    }
}

/// The average is below the rung held: how many straight months say the same?
fn step_below(policy: &TierPolicy, inputs: &TierInputs, place: usize, since: NaiveDate, reached: usize) -> Step {
    let run = months_below(policy, inputs, place, since);
    let months_below = run.len();
    if months_below < policy.watch_after_months as usize {
        return Step { place, rule: TierRule::HeldInGrace, months_below };
    }
    if months_below < policy.downgrade_after_months as usize {
        return Step { place, rule: TierRule::Watch, months_below };
    }
    // Not below what the average reaches today: that would be undone at once.
    let maximum = grace_maximum(policy, &run).map_or(0, |maximum| place_of(policy, maximum));
    Step { place: maximum.max(reached), rule: TierRule::DowngradeAfterGrace, months_below }
}

/// The unbroken run of complete months below a rung, newest first. A month without balances breaks it; a month that
/// began before the client came onto the rung was no promise kept or broken.
fn months_below<'a>(
    policy: &TierPolicy,
    inputs: &'a TierInputs,
    place: usize,
    since: NaiveDate,
) -> Vec<&'a MonthlyAverage> {
    let this_month = inputs.as_of.with_day(1).unwrap_or(inputs.as_of);
    let complete = || inputs.monthly_average_net_assets.iter().rev().filter(|month| month.month < this_month);
    let newest = complete().next().map(|month| month.month);
    let expected = |ago: u32| newest.and_then(|newest| newest.checked_sub_months(Months::new(ago)));
    let straight = (0..).zip(complete()).take_while(|(ago, month)| expected(*ago) == Some(month.month));
    let months = straight.map(|(_, month)| month);
    months.take_while(|month| month.month >= since && place_of(policy, month.net_assets) < place).collect()
}

fn grace_maximum(policy: &TierPolicy, run: &[&MonthlyAverage]) -> Option<Decimal> {
    run.iter().take(policy.downgrade_after_months as usize).map(|month| month.net_assets).max()
}

/// The place an amount reaches; bounds belong to the rung they open.
fn place_of(policy: &TierPolicy, amount: Decimal) -> usize {
    policy.rungs.partition_point(|rung| rung.lower_bound <= amount).saturating_sub(1)
}

fn place_of_code(policy: &TierPolicy, code: &str) -> Option<usize> {
    policy.rungs.iter().position(|rung| rung.code == code)
}
