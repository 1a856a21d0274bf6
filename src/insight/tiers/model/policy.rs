//! The policy that assigns tiers, as data.

use rust_decimal::{Decimal, dec};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::super::faults;
use book::clients::Tier;
use platform::policies::unnumbered;

/// One version of the rules that assign tiers. The default is a starting policy; a firm stores its own. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[validate(
    schema(function = codes_differ),
    schema(function = bounds_rise),
    schema(function = tiers_do_not_fall),
    schema(function = window_holds_the_active_days),
    schema(function = grace_outlasts_the_watch)
)]
#[serde(deny_unknown_fields)]
pub struct TierPolicy {
    /// Version number, from 1; beside the rules where they are kept.
    #[serde(skip, default = "unnumbered")]
    pub version: i32,
    /// ISO 4217 code of all money in the policy and its inputs.
    #[schema(pattern = "^[A-Z]{3}$", example = "CNY")]
    pub currency: String,
    /// Latest days with a balance that the average of net assets is taken over.
    #[schema(minimum = 1, maximum = 3650)]
    pub window_trading_days: u32,
    /// The ladder, lowest rung first.
    #[schema(min_items = 1)]
    pub rungs: Vec<Rung>,
    /// How frequent trading lifts the service level.
    pub frequency: FrequencyLift,
    /// Straight complete months below the rung after which the client is on watch.
    #[schema(minimum = 1, maximum = 120)]
    pub watch_after_months: u32,
    /// Straight complete months below the rung after which the client goes down.
    #[schema(minimum = 1, maximum = 120)]
    pub downgrade_after_months: u32,
}

/// One rung of the ladder. It reaches up to the lower bound of the next. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Stable code, snake_case.
    #[schema(min_length = 1)]
    pub code: String,
    /// Least net assets of the rung, money. The first rung also takes everything below its bound.
    pub lower_bound: Decimal,
    /// The tier the rung belongs to. (c2)
    pub tier: Tier,
}

/// Frequent trading lifts the service level, never the tier. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FrequencyLift {
    /// Active trading days needed.
    #[schema(minimum = 1)]
    pub min_active_days: u32,
    /// Calendar days in which they are counted.
    #[schema(maximum = 3650)]
    pub days: u32,
    /// How far the level is lifted.
    #[schema(maximum = 2)]
    pub max_notches: u8,
}

impl Default for TierPolicy {
    fn default() -> Self {
        let rung = |code: &str, lower_bound, tier| Rung { code: code.to_owned(), lower_bound, tier };
        Self {
            version: 1,
            currency: "CNY".to_owned(),
            window_trading_days: 20,
            rungs: vec![
                rung("zero", dec!(0), Tier::Ordinary),
                // One cent: whoever has less than that has nothing.
                rung("under_100k", dec!(0.01), Tier::Ordinary),
                rung("100k_to_500k", dec!(100_000), Tier::Ordinary),
                rung("500k_to_6m", dec!(500_000), Tier::Middle),
                rung("6m_to_10m", dec!(6_000_000), Tier::HighNetWorth),
                rung("10m_and_above", dec!(10_000_000), Tier::HighNetWorth),
            ],
            frequency: FrequencyLift { min_active_days: 20, days: 90, max_notches: 1 },
            watch_after_months: 3,
            downgrade_after_months: 6,
        }
    }
}

fn codes_differ(policy: &TierPolicy) -> Result<(), ValidationError> {
    let rungs = &policy.rungs;
    let is_repeated = |at: usize| rungs[..at].iter().any(|below| below.code == rungs[at].code);
    faults::RUNG_REPEATED.at_each(&members(policy, "code", is_repeated))
}

fn bounds_rise(policy: &TierPolicy) -> Result<(), ValidationError> {
    let bound = |at: usize| policy.rungs[at].lower_bound;
    let does_not_rise =
        |at: usize| at.checked_sub(1).map_or(bound(at) < Decimal::ZERO, |below| bound(at) <= bound(below));
    faults::NOT_RISING.at_each(&members(policy, "lower_bound", does_not_rise))
}

fn tiers_do_not_fall(policy: &TierPolicy) -> Result<(), ValidationError> {
    let falls = |at: usize| at.checked_sub(1).is_some_and(|below| policy.rungs[at].tier < policy.rungs[below].tier);
    faults::TIER_FALLS.at_each(&members(policy, "tier", falls))
}

fn window_holds_the_active_days(policy: &TierPolicy) -> Result<(), ValidationError> {
    let FrequencyLift { min_active_days, days, .. } = policy.frequency;
    faults::WINDOW_TOO_SHORT.unless_at(min_active_days <= days, &["frequency/days"])
}

fn grace_outlasts_the_watch(policy: &TierPolicy) -> Result<(), ValidationError> {
    let outlasts = policy.watch_after_months < policy.downgrade_after_months;
    faults::NOT_AFTER_WATCH.unless_at(outlasts, &["downgrade_after_months"])
}

/// A member of each rung of which something is so.
fn members(policy: &TierPolicy, member: &str, is_so: impl Fn(usize) -> bool) -> Vec<String> {
    (0..policy.rungs.len()).filter(|at| is_so(*at)).map(|at| format!("rungs/{at}/{member}")).collect()
}
