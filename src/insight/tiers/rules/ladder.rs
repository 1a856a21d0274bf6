//! Places on the ladder of a policy, lowest first.

use rust_decimal::Decimal;

use super::super::model::{Tier, TierInputs, TierPolicy};

/// The place an amount reaches; bounds belong to the rung they open.
pub(super) fn place_of(policy: &TierPolicy, amount: Decimal) -> usize {
    policy.rungs.partition_point(|rung| rung.lower_bound <= amount).saturating_sub(1)
}

pub(super) fn place_of_code(policy: &TierPolicy, code: &str) -> Option<usize> {
    policy.rungs.iter().position(|rung| rung.code == code)
}

/// The tier whose service a place gets.
pub(super) fn service_level(policy: &TierPolicy, inputs: &TierInputs, place: usize) -> Tier {
    let tier = policy.rungs[place].tier;
    let is_frequent = inputs.active_days >= policy.frequency.min_active_days;
    if is_frequent { tier.lifted(policy.frequency.max_notches) } else { tier }
}
