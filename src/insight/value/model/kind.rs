//! The value policy as a kind of policy.

use super::ValuePolicy;
use platform::kernel::error::Fault;
use platform::kernel::money::Currency;
use platform::policies::Policy;

/// Rules just read do not know their number yet.
pub(super) fn unnumbered() -> i32 {
    1
}

impl Policy for ValuePolicy {
    const KIND: &'static str = "value";
    const LABEL: (&'static str, &'static str) = ("Value policy", "客户价值策略");

    fn starting(currency: &Currency) -> Option<Self> {
        Some(Self { currency: currency.0.clone(), ..Self::default() })
    }

    fn numbered(&mut self, version: i32) {
        self.version = version;
    }

    fn faults(&self) -> Vec<Fault> {
        let faults = self.check().err().unwrap_or_default().into_iter();
        faults.map(|fault| Fault::new(fault.pointer, "policy", fault.message, "不符合策略规则")).collect()
    }
}
