//! Tiers as they are shown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::*;
use platform::http::{Language, ReasonView};
use platform::kernel::ids::ClientId;
use platform::kernel::money::Money;

/// Mean net assets of one month. (c2)
#[derive(Serialize, ToSchema)]
pub struct MonthlyAverageView {
    /// First day of the month. (c1)
    month: NaiveDate,
    /// Money, in the policy's currency.
    net_assets: Money,
}

/// What a tier rests on, at the end of a day. (c2)
#[derive(Serialize, ToSchema)]
pub struct TierInputsView {
    /// That day. (c1)
    as_of: NaiveDate,
    /// Mean net assets of the latest balance days; null without balances.
    average_net_assets: Option<Money>,
    /// Balance days that mean was taken over.
    balance_days: u32,
    /// Mean net assets of complete months, newest last.
    monthly_average_net_assets: Vec<MonthlyAverageView>,
    /// Active days in the policy's frequency window.
    active_days: u32,
}

impl From<TierInputs> for TierInputsView {
    fn from(inputs: TierInputs) -> Self {
        let month = |one: MonthlyAverage| MonthlyAverageView { month: one.month, net_assets: Money(one.net_assets) };
        Self {
            as_of: inputs.as_of,
            average_net_assets: inputs.average_net_assets.map(Money),
            balance_days: inputs.balance_days,
            monthly_average_net_assets: inputs.monthly_average_net_assets.into_iter().map(month).collect(),
            active_days: inputs.active_days,
        }
    }
}

/// The decision that began a period, as it was made. (c2)
#[derive(Serialize, ToSchema)]
pub struct TierDecisionView {
    /// Version of the policy that decided. (c1)
    #[schema(example = 1)]
    policy_version: i32,
    /// The rule that decided.
    rule: TierRule,
    /// The rung held before; null for the first decision.
    rung_before: Option<String>,
    /// First day on that rung.
    rung_before_since: Option<NaiveDate>,
    /// What was measured then.
    inputs: TierInputsView,
    /// Why, in the caller's language.
    reasons: Vec<ReasonView>,
}

/// A client's tier during a period, and why it began. (c2)
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
    /// First day on this rung. (c1)
    since: NaiveDate,
    /// From this instant on: the first of its first trading day. (c1)
    valid_from: DateTime<Utc>,
    /// Until this instant, the first of the next period; null while it holds. (c1)
    valid_to: Option<DateTime<Utc>>,
    /// Since when the record says that such a period begins then; later than `valid_from` where data came late. (c1)
    recorded_at: DateTime<Utc>,
    /// The decision that began the period.
    decision: TierDecisionView,
}

impl TierStandingView {
    fn new(found: ExplainedPeriod, language: Language) -> Self {
        let before = found.inputs.current.clone();
        let (rung_before, rung_before_since) = before.map(|before| (before.rung, before.since)).unzip();
        let TierPeriod { assigned, rule, .. } = found.period;
        Self {
            tier: assigned.tier,
            rung: assigned.rung,
            service_level: assigned.service_level,
            standing: assigned.status,
            since: assigned.since,
            valid_from: found.valid_from,
            valid_to: found.valid_to,
            recorded_at: found.recorded_at,
            decision: TierDecisionView {
                policy_version: found.policy_version,
                rule,
                rung_before,
                rung_before_since,
                inputs: found.inputs.into(),
                reasons: ReasonView::all(&found.reasons, language),
            },
        }
    }
}

/// The tier that holds, or held at the day asked for. (c2)
#[derive(Serialize, ToSchema)]
pub struct CurrentTierView {
    /// The tier.
    tier: Tier,
    /// Code of the rung on the policy's ladder.
    #[schema(example = "500k_to_6m")]
    rung: String,
    /// The tier whose service the client gets; frequent trading lifts it.
    service_level: Tier,
    /// How firm it is.
    standing: TierStatus,
    /// First day on this rung. (c1)
    since: NaiveDate,
    /// From this instant on: the first of its first trading day. (c1)
    valid_from: DateTime<Utc>,
    /// Until this instant, the first of the next period; null while it holds. (c1)
    valid_to: Option<DateTime<Utc>>,
    /// Since when the record says that such a period begins then; later than `valid_from` where data came late. (c1)
    recorded_at: DateTime<Utc>,
    /// What it rests on now, or at the end of the day asked for.
    inputs: TierInputsView,
    /// What the policy in force says of those inputs, in the caller's language.
    reasons: Vec<ReasonView>,
    /// The decision that began the period.
    decision: TierDecisionView,
}

impl CurrentTierView {
    /// The period with what speaks for it, in the caller's language.
    pub fn new(found: TierToday, language: Language) -> Self {
        let TierStandingView {
            tier,
            rung,
            service_level,
            standing,
            since,
            valid_from,
            valid_to,
            recorded_at,
            decision,
        } = TierStandingView::new(found.period, language);
        let (inputs, reasons) = (found.inputs.into(), ReasonView::all(&found.reasons, language));
        Self {
            tier,
            rung,
            service_level,
            standing,
            since,
            valid_from,
            valid_to,
            recorded_at,
            inputs,
            reasons,
            decision,
        }
    }
}

/// A client's tier. (c2)
#[derive(Serialize, ToSchema)]
pub struct ClientTierView {
    /// Whose. (c1)
    client_id: ClientId,
    /// The tier asked for; null before the first trade or balance.
    current: Option<CurrentTierView>,
    /// All periods until then, newest first, the last hundred.
    history: Vec<TierStandingView>,
}

impl ClientTierView {
    /// The period that holds, and all periods up to it, newest first.
    pub fn new(
        client_id: ClientId,
        current: Option<TierToday>,
        periods: Vec<ExplainedPeriod>,
        language: Language,
    ) -> Self {
        Self {
            client_id,
            current: current.map(|current| CurrentTierView::new(current, language)),
            history: periods.into_iter().map(|period| TierStandingView::new(period, language)).collect(),
        }
    }
}
