//! The tier policy as a kind of policy.

use super::TierPolicy;
use platform::kernel::money::Currency;
use platform::policies::Policy;

impl Policy for TierPolicy {
    const KIND: &'static str = "tier";
    const LABEL: (&'static str, &'static str) = ("Tier policy", "客户分层策略");

    fn starting(currency: &Currency) -> Option<Self> {
        Some(Self { currency: currency.0.clone(), ..Self::default() })
    }

    fn numbered(&mut self, version: i32) {
        self.version = version;
    }
}
