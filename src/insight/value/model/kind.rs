//! The value policy as a kind of policy, and the one a house begins with.

use rust_decimal::dec;

use super::policy::{Anchor, Anchors, ContributionWeights, GradeBand, LoyaltyWeights, ValuePolicy};
use platform::kernel::decision::Text;
use platform::kernel::money::Currency;
use platform::policies::Policy;

impl Policy for ValuePolicy {
    const KIND: &'static str = "value";
    const LABEL: (&'static str, &'static str) = ("Value policy", "客户价值策略");

    fn starting(currency: &Currency) -> Option<Self> {
        Some(Self { currency: currency.0.clone(), ..Self::default() })
    }

    fn numbered(&mut self, version: i32) {
        self.version = version;
    }
}

impl Default for ValuePolicy {
    /// The starting policy, in CNY. Weights as published with the method; anchors and cut-offs are first guesses
    /// that each firm sets from its own book.
    fn default() -> Self {
        Self {
            version: 1,
            currency: "CNY".to_owned(),
            contribution_weight: 0.65,
            loyalty_weight: 0.35,
            contribution: ContributionWeights {
                net_revenue: 0.50,
                clv: 0.25,
                mean_net_assets: 0.15,
                margin_and_product: 0.10,
            },
            loyalty: LoyaltyWeights {
                presence: 0.30,
                tenure: 0.25,
                regularity: 0.20,
                breadth: 0.15,
                retained_assets: 0.10,
            },
            anchors: Anchors {
                net_revenue: Anchor { lo: dec!(200), hi: dec!(100000) },
                clv: Anchor { lo: dec!(200), hi: dec!(100000) },
                mean_net_assets: Anchor { lo: dec!(10000), hi: dec!(10000000) },
                margin_and_product: Anchor { lo: dec!(100), hi: dec!(50000) },
            },
            turnover_basis_points: dec!(2.5),
            monthly_discount: 1.01,
            tenure_scale_months: 24.0,
            full_asset_classes: 4,
            grades: default_grades(),
        }
    }
}

fn default_grades() -> Vec<GradeBand> {
    let band = |grade: &str, from, strategy: &str, en: &str, zh: &str| GradeBand {
        grade: grade.to_owned(),
        from,
        strategy: strategy.to_owned(),
        words: Text::new(en, zh),
    };
    vec![
        band(
            "A",
            70.0,
            "dedicated",
            "Own advisor and a tailored plan, reviewed monthly",
            "专属顾问与定制方案，按月回顾",
        ),
        band(
            "B",
            50.0,
            "develop",
            "Regular advice and market analysis, quarterly contact",
            "定期投资建议与市场分析，按季联系",
        ),
        band("C", 30.0, "maintain", "Guidance and news, contact twice a year", "投资指引与资讯，每半年联系"),
        band("D", 15.0, "activate", "Basic guidance, a call to learn the needs", "基础服务，回访了解需求"),
        band("E", 0.0, "self_service", "Self-service, contact on request", "自助服务，按需联系"),
    ]
}
