//! Tier policies as they are shown.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::*;
use platform::kernel::ids::TierPolicyId;
use platform::kernel::money::{Amount, Currency};

/// One rung of the ladder; it reaches up to the lower bound of the next. (c2)
#[derive(Serialize, ToSchema)]
pub struct RungView {
    /// Stable code.
    #[schema(example = "500k_to_6m")]
    rung: String,
    /// Least average net assets of the rung. (c1)
    lower_bound: Amount,
    /// The tier the rung belongs to.
    tier: Tier,
}

/// A version of the tier policy. (c1)
#[derive(Serialize, ToSchema)]
pub struct TierPolicyView {
    /// Id.
    tier_policy_id: TierPolicyId,
    /// From 1.
    #[schema(example = 1)]
    version: i32,
    /// Whether it decides.
    status: PolicyStatus,
    /// When it was entered.
    created_at: DateTime<Utc>,
    /// Of all money in it.
    currency: Currency,
    /// Latest days with a balance that net assets are averaged over.
    window_trading_days: u32,
    /// The ladder, lowest first.
    rungs: Vec<RungView>,
    /// Active days that lift the service level …
    frequency_min_active_days: u32,
    /// … within so many calendar days …
    frequency_days: u32,
    /// … by so many tiers at most.
    frequency_max_notches: u8,
    /// Straight complete months below the rung after which a client is on watch.
    watch_after_months: u32,
    /// Straight complete months below the rung after which a client goes down.
    downgrade_after_months: u32,
}

impl From<StoredPolicy> for TierPolicyView {
    fn from(policy: StoredPolicy) -> Self {
        let rules = policy.rules.0;
        let rung = |rung: Rung| RungView { rung: rung.code, lower_bound: Amount(rung.lower_bound), tier: rung.tier };
        Self {
            tier_policy_id: policy.tier_policy_id,
            version: policy.version,
            status: policy.status,
            created_at: policy.created_at,
            currency: Currency(rules.currency),
            window_trading_days: rules.window_trading_days,
            rungs: rules.rungs.into_iter().map(rung).collect(),
            frequency_min_active_days: rules.frequency.min_active_days,
            frequency_days: rules.frequency.days,
            frequency_max_notches: rules.frequency.max_notches,
            watch_after_months: rules.watch_after_months,
            downgrade_after_months: rules.downgrade_after_months,
        }
    }
}

/// One page of tier policies. (c1)
#[derive(Serialize, ToSchema)]
pub struct TierPolicyList {
    /// The page.
    items: Vec<TierPolicyView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

impl TierPolicyList {
    /// A page.
    pub fn new(items: Vec<TierPolicyView>, next_cursor: Option<String>) -> Self {
        Self { items, next_cursor }
    }
}
