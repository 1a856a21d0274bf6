//! What makes a tier policy valid.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{Tier, TierPolicy};

/// One thing wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFault {
    /// JSON pointer into the policy.
    pub pointer: String,
    /// Stable code.
    pub code: &'static str,
}

impl TierPolicy {
    /// Whether the policy can decide.
    ///
    /// # Errors
    /// All faults at once: a version below 1, a currency that is not three capitals, no rungs, empty or repeated codes,
    /// bounds that do not rise, tiers that fall, zero periods, more notches than tiers, a downgrade before the watch.
    pub fn check(&self) -> Result<(), Vec<PolicyFault>> {
        let lift = &self.frequency;
        let currency_is_code = self.currency.len() == 3 && self.currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let checks = [
            (self.version >= 1, "/version", "below_one"),
            (currency_is_code, "/currency", "not_a_currency"),
            (self.window_trading_days > 0, "/window_trading_days", "zero"),
            (!self.rungs.is_empty(), "/rungs", "empty"),
            (lift.min_active_days > 0, "/frequency/min_active_days", "zero"),
            (lift.min_active_days <= lift.days, "/frequency/days", "fewer_than_active_days"),
            (usize::from(lift.max_notches) < Tier::ALL.len(), "/frequency/max_notches", "too_many"),
            (self.watch_after_months > 0, "/watch_after_months", "zero"),
            (self.watch_after_months < self.downgrade_after_months, "/downgrade_after_months", "not_after_watch"),
        ];
        let failed = checks.into_iter().filter(|(holds, ..)| !holds);
        let mut faults = self.ladder_faults();
        faults.extend(failed.map(|(_, pointer, code)| PolicyFault { pointer: pointer.to_owned(), code }));
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn ladder_faults(&self) -> Vec<PolicyFault> {
        let mut faults = Vec::new();
        let mut codes = HashSet::new();
        for (place, rung) in self.rungs.iter().enumerate() {
            let below = place.checked_sub(1).map(|place| &self.rungs[place]);
            let checks = [
                (!rung.code.is_empty(), "code", "empty"),
                (codes.insert(&rung.code), "code", "repeated"),
                (rung.lower_bound >= Decimal::ZERO, "lower_bound", "negative"),
                (below.is_none_or(|below| below.lower_bound < rung.lower_bound), "lower_bound", "not_rising"),
                (below.is_none_or(|below| below.tier <= rung.tier), "tier", "falling"),
            ];
            let failed = checks.into_iter().filter(|(holds, ..)| !holds);
            let pointer = |field| format!("/rungs/{place}/{field}");
            faults.extend(failed.map(|(_, field, code)| PolicyFault { pointer: pointer(field), code }));
        }
        faults
    }
}
