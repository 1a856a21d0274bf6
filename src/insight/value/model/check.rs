//! What makes a value policy valid.

use rust_decimal::{Decimal, dec};
use serde::Serialize;

use super::policy::{Anchor, Anchors, ContributionWeights, GradeBand, LoyaltyWeights, ValuePolicy};

/// A setting of a policy that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyFault {
    /// JSON pointer to the setting.
    pub pointer: &'static str,
    /// What is wrong with it.
    pub message: &'static str,
}

impl ValuePolicy {
    /// Every fault of the policy at once; an active policy has none.
    pub fn check(&self) -> Result<(), Vec<PolicyFault>> {
        let mut faults = Vec::new();
        let mut require = |holds: bool, pointer, message| {
            if !holds {
                faults.push(PolicyFault { pointer, message });
            }
        };
        require(self.version >= 1, "/version", "must be at least 1");
        let is_code = self.currency.len() == 3 && self.currency.bytes().all(|b| b.is_ascii_uppercase());
        require(is_code, "/currency", "must be an ISO 4217 code");
        require(make_one(&[self.contribution_weight, self.loyalty_weight]), "/loyalty_weight", "shares must make 1");
        require(make_one(&self.contribution.all()), "/contribution", "weights must make 1, none below 0");
        require(make_one(&self.loyalty.all()), "/loyalty", "weights must make 1, none below 0");
        require(self.anchors.all().iter().all(Anchor::is_valid), "/anchors", "must have 0 < lo < hi");
        let basis_points = self.turnover_basis_points;
        require(
            basis_points >= Decimal::ZERO && basis_points <= dec!(10000),
            "/turnover_basis_points",
            "must be 0 to 10000",
        );
        require((1.0..=2.0).contains(&self.monthly_discount), "/monthly_discount", "must be 1 to 2");
        let scale = self.tenure_scale_months;
        require(scale > 0.0 && scale.is_finite(), "/tenure_scale_months", "must be above 0");
        require(self.full_asset_classes > 0, "/full_asset_classes", "must be above 0");
        require(descends_to_zero(&self.grades), "/grades", "must start within 0 to 100, fall strictly and end at 0");
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

impl ContributionWeights {
    fn all(&self) -> [f64; 4] {
        [self.net_revenue, self.clv, self.mean_net_assets, self.margin_and_product]
    }
}

impl LoyaltyWeights {
    fn all(&self) -> [f64; 5] {
        [self.presence, self.tenure, self.regularity, self.breadth, self.retained_assets]
    }
}

impl Anchors {
    fn all(&self) -> [Anchor; 4] {
        [self.net_revenue, self.clv, self.mean_net_assets, self.margin_and_product]
    }
}

impl Anchor {
    fn is_valid(&self) -> bool {
        Decimal::ZERO < self.lo && self.lo < self.hi
    }
}

fn make_one(weights: &[f64]) -> bool {
    weights.iter().all(|weight| *weight >= 0.0) && (weights.iter().sum::<f64>() - 1.0).abs() <= 1e-9
}

fn descends_to_zero(grades: &[GradeBand]) -> bool {
    grades.windows(2).all(|pair| pair[0].from > pair[1].from)
        && grades.first().is_some_and(|best| best.from <= 100.0)
        && grades.last().is_some_and(|worst| worst.from == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starting_policy_is_valid_and_survives_json() -> Result<(), serde_json::Error> {
        let policy = ValuePolicy::default();
        assert_eq!(policy.check(), Ok(()));
        assert_eq!(serde_json::from_str::<ValuePolicy>(&serde_json::to_string(&policy)?)?, policy);
        Ok(())
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let mut policy = ValuePolicy { version: 0, currency: "yuan".to_owned(), ..ValuePolicy::default() };
        policy.loyalty.presence = f64::NAN;
        policy.anchors.clv.lo = Decimal::ZERO;
        policy.grades.pop();
        let pointers: Vec<_> = policy.check().err().into_iter().flatten().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/version", "/currency", "/loyalty", "/anchors", "/grades"]);
    }
}
