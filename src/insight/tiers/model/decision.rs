//! What a tier decision is made from and says. Money is in the currency of the policy.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use book::clients::Tier;
use platform::kernel::decision::Reason;
use platform::labels;

/// What is known of a client when the tier is decided. Net assets come without financed assets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TierInputs {
    /// The day the decision speaks of.
    pub as_of: NaiveDate,
    /// Mean net assets of the latest balance days, as many as the policy's window; money.
    pub average_net_assets: Option<Decimal>,
    /// Balance days that mean was taken over.
    pub balance_days: u32,
    /// The last of them: how fresh the means are.
    pub last_balance_on: Option<NaiveDate>,
    /// Mean net assets of complete months, newest last; at least as many as the policy's grace, where there are.
    pub monthly_average_net_assets: Vec<MonthlyAverage>,
    /// Active trading days in the policy's frequency window.
    pub active_days: u32,
    /// The last of them.
    pub last_active_on: Option<NaiveDate>,
    /// The assignment that holds; `None` for the first decision.
    pub current: Option<CurrentTier>,
}

impl TierInputs {
    /// Whether anything is known of the client: on the first day of a record there is a balance or a trade.
    pub fn is_empty(&self) -> bool {
        self.balance_days == 0 && self.active_days == 0 && self.current.is_none()
    }
}

/// Mean net assets of one month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthlyAverage {
    /// First day of the month.
    pub month: NaiveDate,
    /// Money.
    pub net_assets: Decimal,
}

/// The assignment a client has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurrentTier {
    /// Code of the rung.
    pub rung: String,
    /// First day on this rung. Months that began before it do not count against the client.
    pub since: NaiveDate,
}

/// The tier of a client, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TierDecision {
    /// The policy that decided.
    pub policy_version: i32,
    /// Code of the rung.
    pub rung: String,
    /// The tier of that rung.
    pub tier: Tier,
    /// The tier whose service the client gets.
    pub service_level: Tier,
    /// How firm the assignment is.
    pub status: TierStatus,
    /// The rule that decided.
    pub rule: TierRule,
    /// Straight complete months below the rung held before this decision.
    pub months_below: u32,
    /// What was measured, the rule that follows, the service level.
    pub reasons: Vec<Reason>,
}

labels! {
    TierStatus = "tier_status" "How firm a tier is" "分层状态" {
        Settled = "settled" "Backed by the average, or by what little is known" "稳定",
        InGrace = "in_grace" "The average is below the rung; too short a time to matter" "宽限期",
        Watch = "watch" "Below for so long that a downgrade is near" "观察期",
    }
    TierRule = "tier_rule" "The rule that decided a tier" "分层规则" {
        NoBalancesYet = "no_balances_yet" "Without balances a client starts on the first rung" "尚无资产，暂列首档",
        FirstAssignment = "first_assignment" "The first decision, or the first on this policy's ladder, follows the average" "首次评定",
        UpgradeAtOnce = "upgrade_at_once" "A higher rung is given as soon as it is reached" "立即升档",
        HeldInGrace = "held_in_grace" "Below the rung, but not for long" "宽限期内保档",
        Watch = "watch" "Below the rung for the months of the watch" "列入观察",
        DowngradeAfterGrace = "downgrade_after_grace" "Below the rung for all months of grace: down to the rung of their maximum" "宽限期满降档",
        Unchanged = "unchanged" "On the rung held, or nothing new to judge it by" "维持原档",
    }
}
