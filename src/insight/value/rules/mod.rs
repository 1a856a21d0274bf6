//! The value score: `100·(w_C·C + w_L·L)` as nine parts that add up exactly, each with its raw value in words.
//!
//! A part without data earns 0 points and is named; `measured_share` says how much of the 100 points had data. Points
//! lie on a grid of 2⁻³⁰, so sums of 64-bit floats are exact in any order, in JSON too.

mod inputs;
mod percentile;
mod words;

#[cfg(test)]
mod tests;

pub use inputs::{Forecast, inputs, revenue_if_kept};
pub use percentile::{percentile, quantiles};
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, dec};

use super::model::{
    Anchor, GradeBand, NetRevenue, Part, PartCode, PartStatus, RevenueSource, ValueInputs, ValuePolicy, ValueScore,
};
use platform::kernel::decision::Reason;

/// Grid steps in one point.
const GRID: f64 = (1_u64 << 30) as f64;
/// How many of the best-earning parts are given as reasons.
const TOP_PARTS: usize = 3;

/// Net revenue from booked commissions, else from turnover at the policy's basis points, else unknown.
pub fn net_revenue(
    policy: &ValuePolicy,
    commissions: Option<Decimal>,
    turnover: Option<Decimal>,
) -> Option<NetRevenue> {
    let booked = commissions.map(|amount| NetRevenue { amount, source: RevenueSource::Commissions });
    let assumed = || {
        let amount = turnover?.checked_mul(policy.turnover_basis_points)? / dec!(10000);
        Some(NetRevenue { amount, source: RevenueSource::TurnoverTimesBasisPoints })
    };
    booked.or_else(assumed)
}

/// What is expected in each month, from the cumulative expectation at the end of each.
pub fn by_month(cumulative: &[f64; 12]) -> [f64; 12] {
    std::array::from_fn(|month| cumulative[month] - if month == 0 { 0.0 } else { cumulative[month - 1] })
}

/// Scores one client under a valid policy. Never fails: what is missing or not a number is
/// "no data".
pub fn score(policy: &ValuePolicy, inputs: &ValueInputs) -> ValueScore {
    let clv_12m = clv_12m(policy, inputs);
    let parts = parts(policy, inputs, clv_12m);
    let contribution = sum(parts.iter().filter(|part| part.code.is_contribution()).map(|part| part.points));
    let loyalty = sum(parts.iter().filter(|part| !part.code.is_contribution()).map(|part| part.points));
    let score = contribution + loyalty;
    let measured = parts.iter().filter(|part| part.status == PartStatus::Measured);
    let measured_share = sum(measured.map(|part| part.max_points)) / 100.0;
    let band = grade(policy, score);
    let reasons = reasons(band, score, measured_share, &parts);
    ValueScore {
        score,
        contribution,
        loyalty,
        measured_share,
        grade: band.map(|band| band.grade.clone()).unwrap_or_default(),
        strategy: band.map(|band| band.strategy.clone()).unwrap_or_default(),
        clv_12m,
        reasons,
        parts,
    }
}

/// Expected net revenue of the next 12 months: `Σ_m d^−m · E(active days)_m · E(net revenue per day)` with `m` from 1,
/// rounded to four decimals. Margin interest, trail fees and service cost join when their data do.
pub fn clv_12m(policy: &ValuePolicy, inputs: &ValueInputs) -> Option<Decimal> {
    discounted(policy, inputs.expected_active_days_by_month.as_ref()?, inputs.revenue_per_active_day?)
}

fn discounted(policy: &ValuePolicy, days: &[f64; 12], revenue_per_day: Decimal) -> Option<Decimal> {
    let discounted: f64 =
        (1_i32..).zip(days).map(|(month, days)| days.max(0.0) * policy.monthly_discount.powi(-month)).sum();
    let revenue = Decimal::from_f64(discounted)?.checked_mul(revenue_per_day)?;
    days.iter().all(|days| days.is_finite()).then(|| revenue.round_dp(4))
}

fn parts(policy: &ValuePolicy, inputs: &ValueInputs, clv_12m: Option<Decimal>) -> Vec<Part> {
    let max_points = on_grid(policy);
    max_points
        .into_iter()
        .map(|(code, max_points)| {
            let share = share(policy, inputs, clv_12m, code);
            Part {
                code,
                points: to_grid(share.unwrap_or(0.0) * max_points),
                max_points,
                share: share.unwrap_or(0.0),
                status: if share.is_some() { PartStatus::Measured } else { PartStatus::NoData },
                reason: match share {
                    Some(_) => words::measured(policy, inputs, clv_12m, code),
                    None => words::no_data(code),
                },
            }
        })
        .collect()
}

/// The maxima on the grid; the first takes the rounding of the others, so that they make exactly 100.
fn on_grid(policy: &ValuePolicy) -> [(PartCode, f64); 9] {
    let mut parts = policy.max_points().map(|(code, points)| (code, to_grid(points)));
    parts[0].1 = 100.0 - sum(parts[1..].iter().map(|(_, points)| *points));
    parts
}

fn to_grid(points: f64) -> f64 {
    (points * GRID).round() / GRID
}

/// A sum that is +0 when empty, where the library's is −0.
fn sum(points: impl Iterator<Item = f64>) -> f64 {
    points.fold(0.0, |total, points| total + points)
}

/// The share of its points that a part earns, 0–1; `None` without data.
fn share(policy: &ValuePolicy, inputs: &ValueInputs, clv_12m: Option<Decimal>, code: PartCode) -> Option<f64> {
    let anchors = &policy.anchors;
    let share = match code {
        PartCode::NetRevenue => saturation(anchors.net_revenue, inputs.net_revenue_12m?.amount),
        PartCode::Clv => saturation(anchors.clv, clv_12m?),
        PartCode::MeanNetAssets => saturation(anchors.mean_net_assets, inputs.mean_net_assets_6m?),
        PartCode::MarginAndProduct => saturation(anchors.margin_and_product, inputs.margin_and_product_revenue_12m?),
        PartCode::Presence => 1.0 - inputs.p_silent_90?,
        PartCode::Tenure => 1.0 - (-inputs.tenure_months?.max(0.0) / policy.tenure_scale_months).exp(),
        PartCode::Regularity => f64::from(inputs.active_months_12) / 12.0,
        PartCode::Breadth => f64::from(inputs.asset_classes?) / f64::from(policy.full_asset_classes),
        PartCode::RetainedAssets => 1.0 - inputs.net_outflow_share?,
    };
    (!share.is_nan()).then(|| share.clamp(0.0, 1.0))
}

/// `s(v)`: logarithmic between the anchors, 0 for nothing or a loss, 1 from `hi` on.
pub fn saturation(anchor: Anchor, value: Decimal) -> f64 {
    let (lo, hi, value) = (to_f64(anchor.lo), to_f64(anchor.hi), to_f64(value).max(0.0));
    ((value / lo).ln_1p() / (hi / lo).ln_1p()).clamp(0.0, 1.0)
}

fn to_f64(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or(f64::NAN)
}

fn grade(policy: &ValuePolicy, score: f64) -> Option<&GradeBand> {
    policy.grades.iter().find(|band| score >= band.from)
}

fn reasons(band: Option<&GradeBand>, score: f64, measured_share: f64, parts: &[Part]) -> Vec<Reason> {
    let grade = band.map(|band| Reason::new("value_grade", words::grade(band, score)));
    let unmeasured = (measured_share < 1.0).then(|| Reason::new("value_unmeasured", words::unmeasured(measured_share)));
    let mut earning: Vec<&Part> = parts.iter().filter(|part| part.points > 0.0).collect();
    earning.sort_by(|a, b| b.points.total_cmp(&a.points));
    let top = earning.into_iter().take(TOP_PARTS);
    let top = top.map(|part| Reason::with_contribution(part.code.as_str(), part.reason.clone(), part.points));
    grade.into_iter().chain(unmeasured).chain(top).collect()
}
