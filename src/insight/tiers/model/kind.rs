//! The tier policy as a kind of policy.

use super::TierPolicy;
use platform::kernel::error::Fault;
use platform::kernel::money::Currency;
use platform::policies::Policy;

/// Rules just read do not know their number yet.
pub(super) fn unnumbered() -> i32 {
    1
}

impl Policy for TierPolicy {
    const KIND: &'static str = "tier";
    const LABEL: (&'static str, &'static str) = ("Tier policy", "客户分层策略");

    fn starting(currency: &Currency) -> Option<Self> {
        Some(Self { currency: currency.0.clone(), ..Self::default() })
    }

    fn numbered(&mut self, version: i32) {
        self.version = version;
    }

    fn faults(&self) -> Vec<Fault> {
        let faults = self.check().err().unwrap_or_default();
        let told = |code: &str| (format!("Against the rules of the policy: {code}"), format!("不符合策略规则：{code}"));
        let fault = |fault: super::check::PolicyFault| {
            let (en, zh) = told(fault.code);
            Fault::new(fault.pointer, fault.code, en, zh)
        };
        faults.into_iter().map(fault).collect()
    }
}
