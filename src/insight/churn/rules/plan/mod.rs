//! Which alerts a scoring run wants: by value at risk, within what advisors can take up.

use std::collections::{BTreeMap, HashSet};

use rust_decimal::prelude::FromPrimitive;
use rust_decimal::{Decimal, dec};

use super::super::model::{AlertCandidate, ChurnPolicy, Planned, Severity};
use super::words;
use platform::kernel::decision::Reason;

/// A client of the population, at a place in the order of value at risk.
struct Ranked<'a, A> {
    index: usize,
    client: &'a AlertCandidate<A>,
    value_at_risk: Decimal,
}

/// The alerts wanted for a population, most urgent first, then by value at risk; the same input gives the same plan.
///
/// 1. The population are the clients who traded within `active_within_days`, and clients of a high tier with an
///    outflow.
/// 2. **critical**: a high tier and (`p` ≥ `critical_probability` or outflow ≥ `critical_outflow_7d`). Never capped.
/// 3. **high**: among the top `value_at_risk_share`, or risen by `rise_probability` (at most `rise_share`); with `p` ≥
///    `medium_probability` in both cases, so that what opens an alert lies above what clears it. Never waits for
///    capacity.
/// 4. **medium**: `p` ≥ `medium_probability`, at most `medium_share`, while the advisor has capacity. Clients with a
///    open alert come first and take no capacity again.
/// 5. **low**: of the others, who crossed `declining_probability` within the window; at most `low_share`.
///
/// Shares are of what is open afterwards: medium and low alerts that are kept leave less for new ones.
///
/// A candidate whose `p` is not a number is left out.
pub fn plan_alerts<A: Ord + Clone>(policy: &ChurnPolicy, candidates: &[AlertCandidate<A>]) -> Vec<Planned> {
    let ranked = rank(policy, candidates);
    let mut capacity = Capacity::new(policy, candidates);
    let mut planned = Vec::new();
    let waiting = plan_urgent(policy, &ranked, &mut capacity, &mut planned);
    let staying = Staying::new(policy, candidates);
    let waiting = plan_medium(policy, &ranked, waiting, (&mut capacity, &staying), &mut planned);
    plan_low(policy, &ranked, waiting, &staying, &mut planned);
    planned.sort_by(|a, b| {
        b.severity.cmp(&a.severity).then_with(|| b.value_at_risk.cmp(&a.value_at_risk)).then(a.index.cmp(&b.index))
    });
    planned
}

fn rank<'a, A>(policy: &ChurnPolicy, candidates: &'a [AlertCandidate<A>]) -> Vec<Ranked<'a, A>> {
    let population = candidates.iter().enumerate().filter(|(_, client)| belongs(policy, client));
    let mut ranked: Vec<_> =
        population.map(|(index, client)| Ranked { index, client, value_at_risk: value_at_risk(client) }).collect();
    ranked.sort_by(|a, b| {
        b.value_at_risk
            .cmp(&a.value_at_risk)
            // Who brought nothing lately may still hold much.
            .then_with(|| b.client.net_assets.cmp(&a.client.net_assets))
            .then_with(|| b.client.p.total_cmp(&a.client.p))
            .then(a.index.cmp(&b.index))
    });
    ranked
}

fn belongs<A>(policy: &ChurnPolicy, client: &AlertCandidate<A>) -> bool {
    !client.p.is_nan() && (client.silent_days <= policy.active_within_days || flows_out(policy, client))
}

fn flows_out<A>(policy: &ChurnPolicy, client: &AlertCandidate<A>) -> bool {
    client.tier_is_high && client.outflow_7d.is_some_and(|share| share >= policy.critical_outflow_7d)
}

/// What a record of money holds; nobody is worth more, whatever their trades say.
const MOST_AT_RISK: Decimal = dec!(99999999999999999999);

fn value_at_risk<A>(client: &AlertCandidate<A>) -> Decimal {
    let p = Decimal::from_f64(client.p.clamp(0.0, 1.0)).unwrap_or_default();
    p.checked_mul(client.revenue_if_kept).unwrap_or(client.revenue_if_kept).round_dp(4).min(MOST_AT_RISK)
}

/// Critical and high; answers who is left and may become medium.
fn plan_urgent<'a, A: Ord + Clone>(
    policy: &ChurnPolicy,
    ranked: &'a [Ranked<'a, A>],
    capacity: &mut Capacity<A>,
    planned: &mut Vec<Planned>,
) -> Vec<&'a Ranked<'a, A>> {
    let mut rises_left = ChurnPolicy::head_count(policy.rise_share, ranked.len());
    let mut waiting = Vec::new();
    for (place, item) in (1..).zip(ranked) {
        let or_high = || high(policy, item, (place, ranked.len()), &mut rises_left);
        match critical(policy, item.client).or_else(or_high) {
            Some((severity, reasons)) => {
                capacity.take(item.client);
                planned.push(item.plan(severity, reasons));
            }
            None if item.client.p >= policy.medium_probability => waiting.push(item),
            None => {}
        }
    }
    waiting
}

fn critical<A>(policy: &ChurnPolicy, client: &AlertCandidate<A>) -> Option<(Severity, Vec<Reason>)> {
    let outflow = client.outflow_7d.filter(|_| flows_out(policy, client));
    let likely = client.tier_is_high && client.p >= policy.critical_probability;
    let likely = likely.then(|| words::high_tier_at_risk(client.p, policy.critical_probability));
    let reasons: Vec<_> = likely.into_iter().chain(outflow.map(words::fast_outflow)).collect();
    (!reasons.is_empty()).then_some((Severity::Critical, reasons))
}

/// By the place among the population, or by a rise while some are left.
fn high<A>(
    policy: &ChurnPolicy,
    item: &Ranked<A>,
    (place, population): (usize, usize),
    rises_left: &mut usize,
) -> Option<(Severity, Vec<Reason>)> {
    let (p, rise) = (item.client.p, rise(item.client));
    let may_alert = p >= policy.medium_probability;
    let top = ChurnPolicy::head_count(policy.value_at_risk_share, population);
    let is_top = may_alert && place <= top && item.value_at_risk > Decimal::ZERO;
    let has_risen = may_alert && *rises_left > 0 && rise >= policy.rise_probability;
    *rises_left -= usize::from(has_risen && !is_top);
    let top = is_top.then(|| words::top_value_at_risk(place, population));
    let risen = has_risen.then(|| words::risen(p, rise, policy.rise_window_days));
    (is_top || has_risen).then(|| (Severity::High, top.into_iter().chain(risen).collect()))
}

fn rise<A>(client: &AlertCandidate<A>) -> f64 {
    client.p_before.map_or(0.0, |before| client.p - before)
}

/// Medium, within the share and the capacity; answers who is left.
fn plan_medium<'a, A: Ord + Clone>(
    policy: &ChurnPolicy,
    ranked: &[Ranked<'a, A>],
    mut waiting: Vec<&'a Ranked<'a, A>>,
    (capacity, staying): (&mut Capacity<A>, &Staying),
    planned: &mut Vec<Planned>,
) -> Vec<&'a Ranked<'a, A>> {
    let fading = |item: &&Ranked<A>| item.is_open_at(Severity::Medium) && item.client.p < policy.medium_probability;
    let kept = ranked.iter().filter(fading).count() + staying.medium;
    let mut left = ChurnPolicy::head_count(policy.medium_share, ranked.len()).saturating_sub(kept);
    waiting.sort_by_key(|item| !item.client.occupies_advisor());
    waiting.retain(|item| {
        let granted = left > 0 && capacity.has_room(item.client);
        if granted {
            left -= 1;
            capacity.take(item.client);
            let reason = words::likely_silent(item.client.p, policy.medium_probability, policy.horizon_days);
            planned.push(item.plan(Severity::Medium, vec![reason]));
        }
        !granted
    });
    waiting
}

fn plan_low<A>(
    policy: &ChurnPolicy,
    ranked: &[Ranked<A>],
    waiting: Vec<&Ranked<A>>,
    staying: &Staying,
    planned: &mut Vec<Planned>,
) {
    let line = policy.declining_probability;
    let crossed = |client: &AlertCandidate<A>| client.p >= line && client.p_before.is_some_and(|before| before < line);
    let declining = waiting.into_iter().filter(|item| item.client.open_alert.is_none() && crossed(item.client));
    let rising: HashSet<usize> = planned.iter().map(|plan| plan.index).collect();
    let kept = ranked.iter().filter(|item| item.is_open_at(Severity::Low) && !rising.contains(&item.index)).count();
    let kept = kept + staying.low;
    let left = ChurnPolicy::head_count(policy.low_share, ranked.len()).saturating_sub(kept);
    planned.extend(declining.take(left).map(|item| {
        let reason = words::entered_declining(item.client.p, line, policy.rise_window_days);
        item.plan(Severity::Low, vec![reason])
    }));
}

/// Alerts that stay though their clients have left the population: they take room from new ones.
struct Staying {
    medium: usize,
    low: usize,
}

impl Staying {
    fn new<A>(policy: &ChurnPolicy, candidates: &[AlertCandidate<A>]) -> Self {
        let stays = |client: &&AlertCandidate<A>| !belongs(policy, client) && client.p >= policy.clear_probability();
        let at = |severity: Severity| {
            candidates.iter().filter(stays).filter(|client| client.open_alert == Some(severity)).count()
        };
        Self { medium: at(Severity::Medium), low: at(Severity::Low) }
    }
}

impl<A> Ranked<'_, A> {
    fn is_open_at(&self, severity: Severity) -> bool {
        self.client.open_alert == Some(severity)
    }

    fn plan(&self, severity: Severity, mut reasons: Vec<Reason>) -> Planned {
        reasons.push(words::value_at_risk(self.value_at_risk, self.client.p, self.client.revenue_if_kept));
        reasons.extend(self.client.net_assets.map(words::net_assets));
        Planned { index: self.index, severity, value_at_risk: self.value_at_risk, reasons }
    }
}

/// The alerts each advisor can still take up. Clients without an advisor share one capacity.
struct Capacity<'p, A> {
    policy: &'p ChurnPolicy,
    taken: BTreeMap<Option<A>, u32>,
}

impl<'p, A: Ord + Clone> Capacity<'p, A> {
    fn new(policy: &'p ChurnPolicy, candidates: &[AlertCandidate<A>]) -> Self {
        let mut taken = BTreeMap::new();
        for client in candidates.iter().filter(|client| client.occupies_advisor()) {
            *taken.entry(client.advisor.clone()).or_insert(0) += 1;
        }
        Self { policy, taken }
    }

    fn has_room(&self, client: &AlertCandidate<A>) -> bool {
        let most = match client.advisor {
            Some(_) => self.policy.advisor_capacity,
            None => self.policy.unassigned_capacity,
        };
        client.occupies_advisor() || self.taken.get(&client.advisor).copied().unwrap_or_default() < most
    }

    fn take(&mut self, client: &AlertCandidate<A>) {
        if !client.occupies_advisor() {
            *self.taken.entry(client.advisor.clone()).or_insert(0) += 1;
        }
    }
}

#[cfg(test)]
mod tests;
