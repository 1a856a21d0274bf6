//! The policy of the value score: weights, anchors, grades.

use rust_decimal::{Decimal, dec};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::super::faults;
use super::PartCode;
use platform::kernel::decision::Text;
use platform::policies::unnumbered;

/// The weights, anchors and cut-offs of one version of the score. Frozen once active: a client's score never moves
/// because other clients joined. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[validate(
    schema(function = weights_make_one),
    schema(function = anchors_rise),
    schema(function = basis_points_are_a_share),
    schema(function = tenure_has_a_scale),
    schema(function = grades_fall_to_zero)
)]
#[serde(deny_unknown_fields)]
pub struct ValuePolicy {
    /// Version number, from 1; beside the rules where they are kept.
    #[serde(skip, default = "unnumbered")]
    pub version: i32,
    /// ISO 4217 code of every amount in the policy and the inputs.
    #[schema(pattern = "^[A-Z]{3}$", example = "CNY")]
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
    #[schema(minimum = 1, maximum = 2)]
    pub monthly_discount: f64,
    /// Months after which tenure has earned 1 − 1/e of its points.
    pub tenure_scale_months: f64,
    /// Number of product types traded in 12 months that earns breadth in full.
    #[schema(minimum = 1)]
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

fn weights_make_one(policy: &ValuePolicy) -> Result<(), ValidationError> {
    let ContributionWeights { net_revenue, clv, mean_net_assets, margin_and_product } = policy.contribution;
    let LoyaltyWeights { presence, tenure, regularity, breadth, retained_assets } = policy.loyalty;
    let sums: [(&str, &[f64]); 3] = [
        ("loyalty_weight", &[policy.contribution_weight, policy.loyalty_weight]),
        ("contribution", &[net_revenue, clv, mean_net_assets, margin_and_product]),
        ("loyalty", &[presence, tenure, regularity, breadth, retained_assets]),
    ];
    let makes_one = |weights: &[f64]| {
        weights.iter().all(|weight| *weight >= 0.0) && (weights.iter().sum::<f64>() - 1.0).abs() <= 1e-9
    };
    faults::WEIGHTS.at_each(&failing(sums.map(|(member, weights)| (member, makes_one(weights)))))
}

fn anchors_rise(policy: &ValuePolicy) -> Result<(), ValidationError> {
    let Anchors { net_revenue, clv, mean_net_assets, margin_and_product } = &policy.anchors;
    let anchors = [
        ("anchors/net_revenue", net_revenue),
        ("anchors/clv", clv),
        ("anchors/mean_net_assets", mean_net_assets),
        ("anchors/margin_and_product", margin_and_product),
    ];
    let rises = |anchor: &Anchor| Decimal::ZERO < anchor.lo && anchor.lo < anchor.hi;
    faults::ANCHOR.at_each(&failing(anchors.map(|(member, anchor)| (member, rises(anchor)))))
}

fn basis_points_are_a_share(policy: &ValuePolicy) -> Result<(), ValidationError> {
    let is_share = (Decimal::ZERO..=dec!(10000)).contains(&policy.turnover_basis_points);
    faults::BASIS_POINTS.unless_at(is_share, &["turnover_basis_points"])
}

fn tenure_has_a_scale(policy: &ValuePolicy) -> Result<(), ValidationError> {
    let scale = policy.tenure_scale_months;
    faults::NOT_ABOVE_ZERO.unless_at(scale > 0.0 && scale.is_finite(), &["tenure_scale_months"])
}

fn grades_fall_to_zero(policy: &ValuePolicy) -> Result<(), ValidationError> {
    let grades = &policy.grades;
    let fall = grades.windows(2).all(|pair| pair[0].from > pair[1].from);
    let (first, last) = (grades.first().map(|best| best.from), grades.last().map(|worst| worst.from));
    let holds = fall && first.is_some_and(|from| from <= 100.0) && last == Some(0.0);
    faults::GRADES.unless_at(holds, &["grades"])
}

/// The members that do not hold.
fn failing<const N: usize>(members: [(&'static str, bool); N]) -> Vec<&'static str> {
    members.into_iter().filter(|(_, holds)| !holds).map(|(member, _)| member).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starting_policy_is_valid_and_survives_json() -> Result<(), serde_json::Error> {
        let policy = ValuePolicy::default();
        assert!(policy.validate().is_ok());
        assert_eq!(serde_json::from_str::<ValuePolicy>(&serde_json::to_string(&policy)?)?, policy);
        Ok(())
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let mut policy = ValuePolicy { tenure_scale_months: f64::INFINITY, ..ValuePolicy::default() };
        policy.loyalty.presence = f64::NAN;
        policy.loyalty_weight = 0.4;
        policy.anchors.clv.lo = Decimal::ZERO;
        policy.turnover_basis_points = dec!(10000.1);
        policy.grades.pop();
        let faults = platform::kernel::fault::faults(&policy.validate().expect_err("broken"));
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        let expected = ["/anchors/clv", "/grades", "/loyalty", "/loyalty_weight", "/tenure_scale_months"];
        assert_eq!(pointers, [expected.as_slice(), &["/turnover_basis_points"]].concat());
    }
}
