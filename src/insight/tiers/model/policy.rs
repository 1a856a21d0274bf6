//! The policy that assigns tiers, as data.

use rust_decimal::{Decimal, dec};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::Tier;
use super::kind::unnumbered;

/// One version of the rules that assign tiers. The default is a starting policy; a firm stores its own. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TierPolicy {
    /// Version number, from 1; beside the rules where they are kept.
    #[serde(skip, default = "unnumbered")]
    pub version: i32,
    /// ISO 4217 code of all money in the policy and its inputs.
    pub currency: String,
    /// Latest days with a balance that the average of net assets is taken over.
    pub window_trading_days: u32,
    /// The ladder, lowest rung first.
    pub rungs: Vec<Rung>,
    /// How frequent trading lifts the service level.
    pub frequency: FrequencyLift,
    /// Straight complete months below the rung after which the client is on watch.
    pub watch_after_months: u32,
    /// Straight complete months below the rung after which the client goes down.
    pub downgrade_after_months: u32,
}

/// One rung of the ladder. It reaches up to the lower bound of the next. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Stable code, snake_case.
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
    pub min_active_days: u32,
    /// Calendar days in which they are counted.
    pub days: u32,
    /// How far the level is lifted.
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
