//! Tiers and policies as they are shown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::*;
use crate::platform::http::{Language, ReasonView};
use crate::platform::kernel::ids::{ClientId, TierPolicyId};
use crate::platform::kernel::money::{Amount, Currency, Money};

/// One rung of the ladder; it reaches up to the lower bound of the next.
#[derive(Serialize, ToSchema)]
pub struct RungView {
    /// Stable code.
    #[schema(example = "500k_to_6m")]
    rung: String,
    /// Least average net assets of the rung.
    lower_bound: Amount,
    /// The tier the rung belongs to.
    tier: Tier,
}

/// A version of the tier policy.
#[derive(Serialize, ToSchema)]
pub struct TierPolicyView {
    /// Id.
    tier_policy_id: TierPolicyId,
    /// Name of the version.
    #[schema(example = "default-1")]
    version: String,
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
            version: rules.version,
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

/// One page of tier policies.
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

/// Mean net assets of one month.
#[derive(Serialize, ToSchema)]
pub struct MonthlyAverageView {
    /// First day of the month.
    month: NaiveDate,
    /// Money, in the policy's currency.
    net_assets: Money,
}

/// What a tier was decided from.
#[derive(Serialize, ToSchema)]
pub struct TierInputsView {
    /// The day the decision speaks of.
    as_of: NaiveDate,
    /// Mean net assets of the latest balance days; null without balances.
    average_net_assets: Option<Money>,
    /// Balance days that mean was taken over.
    balance_days: u32,
    /// Mean net assets of complete months, newest last.
    monthly_average_net_assets: Vec<MonthlyAverageView>,
    /// Active days in the policy's frequency window.
    active_days: u32,
    /// The rung held before; null for the first decision.
    rung_before: Option<String>,
    /// First day on that rung.
    rung_before_since: Option<NaiveDate>,
}

impl From<TierInputs> for TierInputsView {
    fn from(inputs: TierInputs) -> Self {
        let month = |one: MonthlyAverage| MonthlyAverageView { month: one.month, net_assets: Money(one.net_assets) };
        let (rung_before, rung_before_since) = inputs.current.map(|before| (before.rung, before.since)).unzip();
        Self {
            as_of: inputs.as_of,
            average_net_assets: inputs.average_net_assets.map(Money),
            balance_days: inputs.balance_days,
            monthly_average_net_assets: inputs.monthly_average_net_assets.into_iter().map(month).collect(),
            active_days: inputs.active_days,
            rung_before,
            rung_before_since,
        }
    }
}

/// A client's tier during a period, and why.
#[derive(Serialize, ToSchema)]
pub struct TierStandingView {
    /// The tier.
    tier: Tier,
    /// Code of the rung on the policy's ladder.
    #[schema(example = "500k_to_6m")]
    rung: String,
    /// The tier whose service the client gets; frequent trading lifts it.
    service_level: Tier,
    /// How firm it is.
    standing: TierStatus,
    /// First day on this rung.
    since: NaiveDate,
    /// From this instant on.
    valid_from: DateTime<Utc>,
    /// Until this instant; null while it holds.
    valid_to: Option<DateTime<Utc>>,
    /// The policy that decided.
    #[schema(example = "default-1")]
    policy_version: String,
    /// The rule that decided.
    rule: TierRule,
    /// What it was decided from.
    inputs: TierInputsView,
    /// Why, in the caller's language.
    reasons: Vec<ReasonView>,
}

impl TierStandingView {
    /// A period with its reasons in the caller's language.
    pub fn new(standing: TierStanding, language: Language) -> Self {
        Self {
            tier: standing.tier,
            rung: standing.rung,
            service_level: standing.service_level,
            standing: standing.standing,
            since: standing.since,
            valid_from: standing.valid_from,
            valid_to: standing.valid_to,
            policy_version: standing.policy_version,
            rule: standing.rule,
            inputs: standing.inputs.into(),
            reasons: ReasonView::all(&standing.reasons, language),
        }
    }
}

/// A client's tier.
#[derive(Serialize, ToSchema)]
pub struct ClientTierView {
    /// Whose.
    client_id: ClientId,
    /// The tier asked for; null before the first trade or balance.
    current: Option<TierStandingView>,
    /// All periods until then, newest first, the last hundred.
    history: Vec<TierStandingView>,
}

impl ClientTierView {
    /// The period that holds just before an instant, and all up to it, newest first.
    pub fn new(client_id: ClientId, periods: Vec<TierStanding>, before: DateTime<Utc>, language: Language) -> Self {
        let holds = |period: &TierStanding| period.valid_to.is_none_or(|end| end >= before);
        let view = |standing| TierStandingView::new(standing, language);
        Self {
            client_id,
            current: periods.first().cloned().filter(holds).map(view),
            history: periods.into_iter().map(view).collect(),
        }
    }
}
