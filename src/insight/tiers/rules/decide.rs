//! The decision of one day.

use super::super::model::{Assigned, TierDecision, TierInputs, TierPolicy, TierRule};
use super::ladder::service_level;
use super::step::step;
use super::words;

/// The tier of a client under a policy that passes its checks.
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
pub(super) fn assigned(policy: &TierPolicy, inputs: &TierInputs) -> (Assigned, TierRule) {
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
