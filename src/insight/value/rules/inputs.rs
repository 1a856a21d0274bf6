//! From the record to the inputs of a score.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::model::{Activity, Revenue, ValueFacts, ValueInputs, ValuePolicy};
use super::{by_month, discounted, net_revenue};
use science::History;
use science::ladder::Base;

/// Weeks of the months that expectations are taken over.
const WEEKS_PER_MONTH: f64 = 4.345;
const DAYS_PER_MONTH: f64 = 30.4375;

/// What a model says of a client.
#[derive(Clone, Copy, Debug)]
pub struct Forecast<'a> {
    /// The model of active days.
    pub base: &'a Base,
    /// Probability of no trade in the next 90 days; none of a client who never traded.
    pub p_silent_90: Option<f64>,
}

/// What the score is made from. Without a model nothing is expected; without a trade no revenue is known.
pub fn inputs(policy: &ValuePolicy, facts: &ValueFacts, as_of: NaiveDate, forecast: Option<Forecast>) -> ValueInputs {
    let turnover = facts.activity.map(|_| facts.turnover_12m);
    let revenue = net_revenue(policy, facts.commission_12m, turnover);
    let per_day = revenue.filter(|_| facts.active_days_12m > 0);
    let forecast = facts.activity.zip(forecast);
    ValueInputs {
        as_of,
        net_revenue_12m: revenue,
        expected_active_days_by_month: forecast.map(|(activity, forecast)| {
            let history = history(activity, as_of);
            months(|weeks| forecast.base.expected_active_days(&history, weeks))
        }),
        revenue_per_active_day: per_day.map(|revenue| revenue.amount / Decimal::from(facts.active_days_12m)),
        mean_net_assets_6m: facts.mean_net_assets_6m,
        margin_and_product_revenue_12m: None,
        p_silent_90: forecast.and_then(|(_, forecast)| forecast.p_silent_90),
        tenure_months: tenure_months(facts, as_of),
        active_months_12: facts.active_months_12,
        // Who traded traded something: none known means that the record does not say what.
        asset_classes: Some(facts.product_types_12m).filter(|types| *types > 0 || facts.active_days_12m == 0),
        net_outflow_share: None,
    }
}

/// What a client would bring in the next 12 months if kept, from what the last 12 brought: expected of a client who
/// has not left. (Expected of one who may have, it would be the less at risk, the surer the client is to be gone.)
pub fn revenue_if_kept(policy: &ValuePolicy, brought: &Revenue, history: &History, base: &Base) -> Option<Decimal> {
    let revenue = net_revenue(policy, brought.commission_12m, Some(brought.turnover_12m))?;
    let per_day = revenue.amount.checked_div(Decimal::from(brought.active_days_12m))?;
    discounted(policy, &months(|weeks| base.expected_active_days_if_alive(history, weeks)), per_day)
}

fn months(expected: impl Fn(f64) -> f64) -> [f64; 12] {
    let mut end = 0.0;
    by_month(&std::array::from_fn(|_| {
        end += WEEKS_PER_MONTH;
        expected(end)
    }))
}

/// The history the models read, on a day not before the last active one.
fn history(activity: Activity, as_of: NaiveDate) -> History {
    let t_x = days(activity.first_day, activity.last_day) / 7.0;
    History { x: activity.active_days.saturating_sub(1), t_x, t: t_x + days(activity.last_day, as_of) / 7.0 }
}

/// From the opening or the first trade, whichever came first; none before either.
fn tenure_months(facts: &ValueFacts, as_of: NaiveDate) -> Option<f64> {
    let since = facts.activity.map_or(facts.opened_on, |activity| facts.opened_on.min(activity.first_day));
    (since <= as_of).then(|| days(since, as_of) / DAYS_PER_MONTH)
}

fn days(from: NaiveDate, to: NaiveDate) -> f64 {
    // A span of dates is below 2^53 days.
    (to - from).num_days().max(0) as f64
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::*;
    use crate::value::model::RevenueSource;
    use platform::kernel::ids::ClientId;
    use science::{Model, Parameters};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    fn facts() -> ValueFacts {
        let activity = Activity { first_day: day("2025-01-01"), last_day: day("2025-12-01"), active_days: 11 };
        ValueFacts {
            client_id: ClientId::from(uuid::Uuid::nil()),
            opened_on: day("2025-06-01"),
            activity: Some(activity),
            active_days_12m: 10,
            active_months_12: 9,
            commission_12m: None,
            turnover_12m: dec!(100000),
            mean_net_assets_6m: None,
            product_types_12m: 2,
        }
    }

    #[test]
    fn revenue_is_assumed_only_where_no_trade_carried_a_commission() {
        let policy = ValuePolicy::default();
        let assumed = inputs(&policy, &facts(), day("2025-12-31"), None);
        let revenue = assumed.net_revenue_12m.map(|revenue| (revenue.amount.normalize(), revenue.source));
        assert_eq!(revenue, Some((dec!(25), RevenueSource::TurnoverTimesBasisPoints)));
        assert_eq!(assumed.revenue_per_active_day, Some(dec!(2.5)));
        let booked = ValueFacts { commission_12m: Some(dec!(0)), ..facts() };
        let revenue = inputs(&policy, &booked, day("2025-12-31"), None).net_revenue_12m;
        assert_eq!(revenue.map(|revenue| revenue.amount), Some(dec!(0)));
    }

    #[test]
    fn what_is_not_known_is_no_data() {
        let policy = ValuePolicy::default();
        let parameters = Parameters { model: Model::MbgNbd, r: 0.5, alpha: 6.0, a: 0.9, b: 1.6 };
        let base = Base::MbgNbd(parameters);
        let forecast = |p_silent_90| Some(Forecast { base: &base, p_silent_90 });
        let never = ValueFacts { activity: None, active_days_12m: 0, turnover_12m: dec!(0), ..facts() };
        let nothing = inputs(&policy, &never, day("2025-12-31"), forecast(None));
        assert_eq!((nothing.net_revenue_12m, nothing.p_silent_90), (None, None));
        assert_eq!(nothing.expected_active_days_by_month, None);
        assert_eq!(inputs(&policy, &never, day("2025-05-31"), None).tenure_months, None);
        let known = inputs(&policy, &facts(), day("2025-12-31"), forecast(Some(0.25)));
        assert_eq!(
            known.tenure_months,
            Some(364.0 / DAYS_PER_MONTH),
            "from the first trade, which came before the opening"
        );
        let year: f64 = known.expected_active_days_by_month.into_iter().flatten().sum();
        let history = History { x: 10, t_x: 334.0 / 7.0, t: 52.0 };
        assert!((year - parameters.expected_active_days(&history, 12.0 * WEEKS_PER_MONTH)).abs() < 1e-9);
        assert_eq!(known.p_silent_90, Some(0.25));
        let brought = Revenue {
            client_id: facts().client_id,
            active_days_12m: 10,
            commission_12m: None,
            turnover_12m: facts().turnover_12m,
        };
        // What is expected of this client is what they would bring if kept, times the chance that they are still here.
        let expected = crate::value::rules::clv_12m(&policy, &known);
        let kept = revenue_if_kept(&policy, &brought, &history, &base);
        let alive = Decimal::try_from(parameters.p_alive(&history)).unwrap_or_default();
        let difference = kept.zip(expected).map(|(kept, expected)| (kept * alive - expected).abs());
        assert!(difference.is_some_and(|difference| difference < dec!(0.001)), "{kept:?} {expected:?}");
        // The longer the silence, the less is expected; but not of a client who is kept.
        let silent = History { t: history.t + 26.0, ..history };
        let later = revenue_if_kept(&policy, &brought, &silent, &base);
        let chance = parameters.p_alive(&silent) / parameters.p_alive(&history);
        assert!(chance < 0.2 && later.zip(kept).is_some_and(|(later, kept)| later * dec!(2) > kept), "{later:?}");
    }
}
