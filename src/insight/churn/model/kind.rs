//! The churn policy as a kind of policy.

use super::ChurnPolicy;
use platform::kernel::money::Currency;
use platform::policies::Policy;

impl Policy for ChurnPolicy {
    const KIND: &'static str = "churn";
    const LABEL: (&'static str, &'static str) = ("Churn policy", "流失预警策略");

    fn starting(_: &Currency) -> Option<Self> {
        Some(Self::default())
    }

    fn numbered(&mut self, version: i32) {
        self.version = version;
    }
}
