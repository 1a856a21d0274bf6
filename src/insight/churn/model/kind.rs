//! The churn policy as a kind of policy.

use super::ChurnPolicy;
use platform::kernel::error::Fault;
use platform::kernel::money::Currency;
use platform::policies::Policy;

/// Rules just read do not know their number yet.
pub(super) fn unnumbered() -> i32 {
    1
}

impl Policy for ChurnPolicy {
    const KIND: &'static str = "churn";
    const LABEL: (&'static str, &'static str) = ("Churn policy", "流失预警策略");

    fn starting(_: &Currency) -> Option<Self> {
        Some(Self::default())
    }

    fn numbered(&mut self, version: i32) {
        self.version = version;
    }

    fn faults(&self) -> Vec<Fault> {
        let faults = self.check().err().unwrap_or_default().into_iter();
        faults.map(|fault| Fault::new(fault.pointer, "policy", fault.message, "不符合策略规则")).collect()
    }
}
