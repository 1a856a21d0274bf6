//! A tier as a stored decision.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::super::model::{CurrentTier, Record, Ruling, TierInputs, TierPeriod, TierPolicy};
use super::{decide, measure, ruling_on, words};
use platform::kernel::decision::{Basis, Decision, Reason};
use platform::kernel::ids::ClientId;

/// As `/v1/clients/{client_id}/decisions?kind=` names it.
pub const KIND: &str = "tier";
/// What decides, as a basis names it.
pub const POLICY: &str = "policy:tier";

/// What began the period that holds on a day: the policy of its first day, and what was measured at the end of that.
/// Where no period holds, what is known at the end of the day itself. Periods ascend.
pub fn grounds<'a>(
    rulings: &'a [Ruling],
    record: &Record,
    periods: &[TierPeriod],
    day: NaiveDate,
) -> Option<(&'a TierPolicy, TierInputs)> {
    let at = periods.iter().position(|period| period.covers(day));
    let began_on = at.map_or(day, |at| periods[at].starts_on);
    let before = at.and_then(|at| at.checked_sub(1)).map(|before| CurrentTier::from(&periods[before]));
    let policy = &ruling_on(rulings, began_on)?.policy;
    Some((policy, measure(policy, record, began_on, before)))
}

/// The decision of a policy about a client.
pub fn decision(client_id: ClientId, policy: &TierPolicy, inputs: &TierInputs) -> Decision<Value> {
    let (result, reasons) = conclusion(policy, inputs);
    let basis = vec![Basis { kind: POLICY.to_owned(), id: None, version: policy.version }];
    Decision { client_id, kind: KIND, result, reasons, basis, as_of: inputs.as_of, inputs: json!(inputs) }
}

/// What a client is assigned, and why; nothing where nothing is known.
pub fn conclusion(policy: &TierPolicy, inputs: &TierInputs) -> (Value, Vec<Reason>) {
    if inputs.is_empty() {
        let nothing = json!({ "rung": null, "service_level": null, "status": null, "tier": null });
        return (nothing, vec![words::no_record()]);
    }
    let decided = decide(policy, inputs);
    let result = json!({
        "rung": decided.rung, "service_level": decided.service_level, "status": decided.status, "tier": decided.tier,
    });
    (result, decided.reasons)
}
