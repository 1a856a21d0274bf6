//! Tier policies as data, and what a tier decision is made from and says. Money is in the currency of the policy.

use std::collections::HashSet;

use chrono::NaiveDate;
use rust_decimal::{Decimal, dec};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

mod kind;
mod stored;

use self::kind::unnumbered;

pub use self::stored::*;
pub use book::clients::Tier;
use platform::kernel::decision::Reason;

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

/// One thing wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFault {
    /// JSON pointer into the policy.
    pub pointer: String,
    /// Stable code.
    pub code: &'static str,
}

impl TierPolicy {
    /// Whether the policy can decide.
    ///
    /// # Errors
    /// All faults at once: a version below 1, a currency that is not three capitals, no rungs, empty or repeated codes,
    /// bounds that do not rise, tiers that fall, zero periods, more notches than tiers, a downgrade before the watch.
    pub fn check(&self) -> Result<(), Vec<PolicyFault>> {
        let lift = &self.frequency;
        let currency_is_code = self.currency.len() == 3 && self.currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let checks = [
            (self.version >= 1, "/version", "below_one"),
            (currency_is_code, "/currency", "not_a_currency"),
            (self.window_trading_days > 0, "/window_trading_days", "zero"),
            (!self.rungs.is_empty(), "/rungs", "empty"),
            (lift.min_active_days > 0, "/frequency/min_active_days", "zero"),
            (lift.min_active_days <= lift.days, "/frequency/days", "fewer_than_active_days"),
            (usize::from(lift.max_notches) < Tier::ALL.len(), "/frequency/max_notches", "too_many"),
            (self.watch_after_months > 0, "/watch_after_months", "zero"),
            (self.watch_after_months < self.downgrade_after_months, "/downgrade_after_months", "not_after_watch"),
        ];
        let failed = checks.into_iter().filter(|(holds, ..)| !holds);
        let mut faults = self.ladder_faults();
        faults.extend(failed.map(|(_, pointer, code)| PolicyFault { pointer: pointer.to_owned(), code }));
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn ladder_faults(&self) -> Vec<PolicyFault> {
        let mut faults = Vec::new();
        let mut codes = HashSet::new();
        for (place, rung) in self.rungs.iter().enumerate() {
            let below = place.checked_sub(1).map(|place| &self.rungs[place]);
            let checks = [
                (!rung.code.is_empty(), "code", "empty"),
                (codes.insert(&rung.code), "code", "repeated"),
                (rung.lower_bound >= Decimal::ZERO, "lower_bound", "negative"),
                (below.is_none_or(|below| below.lower_bound < rung.lower_bound), "lower_bound", "not_rising"),
                (below.is_none_or(|below| below.tier <= rung.tier), "tier", "falling"),
            ];
            let failed = checks.into_iter().filter(|(holds, ..)| !holds);
            let pointer = |field| format!("/rungs/{place}/{field}");
            faults.extend(failed.map(|(_, field, code)| PolicyFault { pointer: pointer(field), code }));
        }
        faults
    }
}

/// What is known of a client when the tier is decided. Net assets come without financed assets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TierInputs {
    /// The day the decision speaks of.
    pub as_of: NaiveDate,
    /// Mean net assets of the latest balance days, as many as the policy's window; money.
    pub average_net_assets: Option<Decimal>,
    /// Balance days that mean was taken over.
    pub balance_days: u32,
    /// Mean net assets of complete months, newest last; at least as many as the policy's grace, where there are.
    pub monthly_average_net_assets: Vec<MonthlyAverage>,
    /// Active trading days in the policy's frequency window.
    pub active_days: u32,
    /// The assignment that holds; `None` for the first decision.
    pub current: Option<CurrentTier>,
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

/// How firm an assignment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TierStatus {
    /// Backed by the average, or by what little is known.
    Settled,
    /// The average is below the rung; too short a time to matter.
    InGrace,
    /// Below for so long that a downgrade comes in sight.
    Watch,
}

/// The rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TierRule {
    /// Without balances a client starts on the first rung.
    NoBalancesYet,
    /// The first decision, or the first on this policy's ladder, follows the average.
    FirstAssignment,
    /// A higher rung is given as soon as it is reached.
    UpgradeAtOnce,
    /// Below the rung, but not for long.
    HeldInGrace,
    /// Below the rung for the months of the watch.
    Watch,
    /// Below the rung for all months of grace: down to the rung of their maximum.
    DowngradeAfterGrace,
    /// On the rung held, or nothing new to judge it by.
    Unchanged,
}
