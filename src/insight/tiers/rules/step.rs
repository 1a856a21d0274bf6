//! From the place held to the place of the day.

use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;

use super::super::model::{MonthlyAverage, TierInputs, TierPolicy, TierRule, TierStatus};
use super::ladder::{place_of, place_of_code};

/// A place on the ladder and what led there.
pub(super) struct Step {
    pub place: usize,
    pub rule: TierRule,
    pub months_below: usize,
    pub status: TierStatus,
}

/// Where the measures of a day lead.
pub(super) fn step(policy: &TierPolicy, inputs: &TierInputs) -> Step {
    let settled = |place, rule| Step { place, rule, months_below: 0, status: TierStatus::Settled };
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
        return Step { place, rule: TierRule::HeldInGrace, months_below, status: TierStatus::InGrace };
    }
    if months_below < policy.downgrade_after_months as usize {
        return Step { place, rule: TierRule::Watch, months_below, status: TierStatus::Watch };
    }
    // Not below what the average reaches today: that would be undone at once.
    let maximum = grace_maximum(policy, &run).map_or(0, |maximum| place_of(policy, maximum));
    let place = maximum.max(reached);
    let status = if reached < place { TierStatus::InGrace } else { TierStatus::Settled };
    Step { place, rule: TierRule::DowngradeAfterGrace, months_below, status }
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
