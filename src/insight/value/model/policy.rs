//! The policy of the value score: weights, anchors, grades.

use rust_decimal::{Decimal, dec};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::PartCode;
use super::kind::unnumbered;
use platform::kernel::decision::Text;

/// The weights, anchors and cut-offs of one version of the score. Frozen once active: a client's score never moves
/// because other clients joined. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ValuePolicy {
    /// Version number, from 1; beside the rules where they are kept.
    #[serde(skip, default = "unnumbered")]
    pub version: i32,
    /// ISO 4217 code of every amount in the policy and the inputs.
    pub currency: String,
    /// Share of the score earned by contribution; with `loyalty_weight` it makes 1.
    pub contribution_weight: f64,
    /// Share of the score earned by loyalty.
    pub loyalty_weight: f64,
    /// Weights inside contribution; they make 1.
    pub contribution: ContributionWeights,
    /// Weights inside loyalty; they make 1.
    pub loyalty: LoyaltyWeights,
    /// Where each amount starts to count and where it counts in full.
    pub anchors: Anchors,
    /// Revenue assumed per unit of turnover, in basis points, where commissions are missing.
    pub turnover_basis_points: Decimal,
    /// Monthly discount factor of future revenue; 1.01 is one per cent a month.
    pub monthly_discount: f64,
    /// Months after which tenure has earned 1 − 1/e of its points.
    pub tenure_scale_months: f64,
    /// Number of product types traded in 12 months that earns breadth in full.
    pub full_asset_classes: u32,
    /// Grades from the best down; the last starts at 0.
    pub grades: Vec<GradeBand>,
}

/// Weights inside contribution. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContributionWeights {
    /// Net revenue of the last 12 months.
    pub net_revenue: f64,
    /// Expected net revenue of the next 12 months.
    pub clv: f64,
    /// Mean net assets of the last 6 months.
    pub mean_net_assets: f64,
    /// Margin interest and product fees of the last 12 months.
    pub margin_and_product: f64,
}

/// Weights inside loyalty. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoyaltyWeights {
    /// Probability of trading again within 90 days.
    pub presence: f64,
    /// Months as a client.
    pub tenure: f64,
    /// Months with a trade out of the last 12.
    pub regularity: f64,
    /// Product types traded in 12 months.
    pub breadth: f64,
    /// Assets that stayed.
    pub retained_assets: f64,
}

/// The anchors of the four amounts. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Anchors {
    /// Of net revenue, 12 months.
    pub net_revenue: Anchor,
    /// Of the expected net revenue, 12 months.
    pub clv: Anchor,
    /// Of mean net assets, 6 months.
    pub mean_net_assets: Anchor,
    /// Of margin and product revenue, 12 months.
    pub margin_and_product: Anchor,
}

/// `s(v) = clamp(ln(1 + v/lo) / ln(1 + hi/lo), 0, 1)`. (c1)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Scale below which growth is nearly linear; above 0.
    pub lo: Decimal,
    /// Amount that earns everything; above `lo`.
    pub hi: Decimal,
}

/// One grade, where it starts, and how its clients are looked after. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeBand {
    /// The grade's name, such as `A`.
    pub grade: String,
    /// Lowest score of the grade, 0–100.
    pub from: f64,
    /// Stable code of the maintenance strategy.
    pub strategy: String,
    /// The strategy in words.
    pub words: Text,
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

impl ValuePolicy {
    /// The points each part can earn out of 100, in the order of the answer.
    pub fn max_points(&self) -> [(PartCode, f64); 9] {
        let contribution = 100.0 * self.contribution_weight;
        let loyalty = 100.0 * self.loyalty_weight;
        [
            (PartCode::NetRevenue, contribution * self.contribution.net_revenue),
            (PartCode::Clv, contribution * self.contribution.clv),
            (PartCode::MeanNetAssets, contribution * self.contribution.mean_net_assets),
            (PartCode::MarginAndProduct, contribution * self.contribution.margin_and_product),
            (PartCode::Presence, loyalty * self.loyalty.presence),
            (PartCode::Tenure, loyalty * self.loyalty.tenure),
            (PartCode::Regularity, loyalty * self.loyalty.regularity),
            (PartCode::Breadth, loyalty * self.loyalty.breadth),
            (PartCode::RetainedAssets, loyalty * self.loyalty.retained_assets),
        ]
    }
}
