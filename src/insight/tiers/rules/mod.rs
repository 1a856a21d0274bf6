//! Which tier a client is on: up at once, down only after months of grace.
//!
//! One day is decided by [`decide`]; [`fold`] walks the days of a record and gives the periods. Exactly:
//! - **Measured** at the end of a day: the mean of the latest balance days (as many as the policy's window), the means of
//!   the complete months with balances, the days with a trade within the frequency window that ends with the day. All
//!   means are rounded to eight decimals, half away from zero.
//! - **The record begins** with its first balance or trade; before it there is no tier. Without balances the client is on
//!   the first rung.
//! - **Up**: on the balance day on which the mean reaches a higher rung.
//! - **Down**: a month counts against the client when it is complete, its mean is below the rung, and it began on or after
//!   the client's first day on the rung. The newest months with balances that do so without a gap are the run. From the
//!   policy's number of months on the client is on watch; when the run is as long as the grace, the client goes down to the
//!   rung of the best of those months, but not below the one the mean of the day reaches. A month is complete on the first
//!   day of the next; so that is the day of a downgrade, unless the mean itself falls below the rung on a later one.
//! - **No news is no bad news**: months without balances neither count nor are waited for. When balances stop, the run
//!   stays as long as it is.
//! - **Service level**: that of the tier, lifted while trades are frequent.
//! - **Policies**: each day is decided by the policy that rules on it, the first one also for the days before it. A
//!   client whose rung is not on a new ladder is assigned anew.
//!
//! Deciding a day again, or another day on which nothing happened, changes nothing. So the periods follow from the record
//! and the policies alone, whatever came in when, and reach beyond the last day of the record: what time alone will change
//! is in them, until the record says otherwise.

mod fold;
mod record;
mod simulation;
mod words;

#[cfg(test)]
mod fold_tests;
#[cfg(test)]
mod tests;

use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;

pub use self::fold::{fold, ruling_on};
pub use self::record::measure;
pub use self::simulation::Simulation;
use super::model::{Assigned, MonthlyAverage, Tier, TierDecision, TierInputs, TierPolicy, TierRule, TierStatus};

/// A place on the ladder and what led there.
struct Step {
    place: usize,
    rule: TierRule,
    months_below: usize,
    status: TierStatus,
}

/// The tier of a client under a policy that passes [`TierPolicy::check`].
///
/// # Panics
/// If the policy has no rungs, which `check` refuses.
pub fn decide(policy: &TierPolicy, inputs: &TierInputs) -> TierDecision {
    let step = step(policy, inputs);
    let rung = &policy.rungs[step.place];
    TierDecision {
        policy_version: policy.version,
        rung: rung.code.clone(),
        tier: rung.tier,
        service_level: service_level(policy, inputs, step.place),
        status: step.status,
        rule: step.rule,
        months_below: u32::try_from(step.months_below).unwrap_or(u32::MAX),
        reasons: vec![
            words::assets_reason(policy, inputs),
            words::rule_reason(policy, inputs, &step),
            words::service_reason(policy, inputs, step.place),
        ],
    }
}

/// As [`decide`], without the words.
fn assigned(policy: &TierPolicy, inputs: &TierInputs) -> (Assigned, TierRule) {
    let step = step(policy, inputs);
    let rung = &policy.rungs[step.place];
    let held = inputs.current.as_ref().filter(|current| current.rung == rung.code);
    let assigned = Assigned {
        rung: rung.code.clone(),
        since: held.map_or(inputs.as_of, |current| current.since),
        tier: rung.tier,
        service_level: service_level(policy, inputs, step.place),
        status: step.status,
    };
    (assigned, step.rule)
}

fn service_level(policy: &TierPolicy, inputs: &TierInputs, place: usize) -> Tier {
    let tier = policy.rungs[place].tier;
    let is_frequent = inputs.active_days >= policy.frequency.min_active_days;
    if is_frequent { tier.lifted(policy.frequency.max_notches) } else { tier }
}

fn step(policy: &TierPolicy, inputs: &TierInputs) -> Step {
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

/// The place an amount reaches; bounds belong to the rung they open.
fn place_of(policy: &TierPolicy, amount: Decimal) -> usize {
    policy.rungs.partition_point(|rung| rung.lower_bound <= amount).saturating_sub(1)
}

fn place_of_code(policy: &TierPolicy, code: &str) -> Option<usize> {
    policy.rungs.iter().position(|rung| rung.code == code)
}
