//! From the record to the inputs of a score.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::model::{Activity, Revenue, ValueFacts, ValueInputs, ValuePolicy};
use super::{by_month, discounted, net_revenue};
use science::{History, Parameters};

/// Weeks of the months that expectations are taken over.
const WEEKS_PER_MONTH: f64 = 4.345;
const DAYS_PER_MONTH: f64 = 30.4375;
/// The horizon of presence.
const WEEKS_IN_90_DAYS: f64 = 90.0 / 7.0;

/// What the score is made from. Without a model nothing is expected; without a trade no revenue is known.
pub fn inputs(
    policy: &ValuePolicy,
    facts: &ValueFacts,
    as_of: NaiveDate,
    parameters: Option<&Parameters>,
) -> ValueInputs {
    let turnover = facts.activity.map(|_| facts.turnover_12m);
    let revenue = net_revenue(policy, facts.commission_12m, turnover);
    let per_day = revenue.filter(|_| facts.active_days_12m > 0);
    let forecast = facts.activity.zip(parameters).map(|(activity, parameters)| (history(activity, as_of), parameters));
    ValueInputs {
        as_of,
        net_revenue_12m: revenue,
        expected_active_days_by_month: forecast.map(|(history, parameters)| months(&history, parameters)),
        revenue_per_active_day: per_day.map(|revenue| revenue.amount / Decimal::from(facts.active_days_12m)),
        mean_net_assets_6m: facts.mean_net_assets_6m,
        margin_and_product_revenue_12m: None,
        p_silent_90: forecast.map(|(history, parameters)| parameters.p_silent(&history, WEEKS_IN_90_DAYS)),
        tenure_months: tenure_months(facts, as_of),
        active_months_12: facts.active_months_12,
        // Who traded traded something: none known means that the record does not say what.
        asset_classes: Some(facts.product_types_12m).filter(|types| *types > 0 || facts.active_days_12m == 0),
        net_outflow_share: None,
    }
}

/// What a client is expected to bring in the next 12 months, from what the last 12 brought: the same figure as the one
/// among the parts of the score, without the rest of the record.
pub fn expected_revenue(
    policy: &ValuePolicy,
    brought: &Revenue,
    history: &History,
    parameters: &Parameters,
) -> Option<Decimal> {
    let revenue = net_revenue(policy, brought.commission_12m, Some(brought.turnover_12m))?;
    let per_day = revenue.amount.checked_div(Decimal::from(brought.active_days_12m))?;
    discounted(policy, &months(history, parameters), per_day)
}

fn months(history: &History, parameters: &Parameters) -> [f64; 12] {
    let mut end = 0.0;
    by_month(&std::array::from_fn(|_| {
        end += WEEKS_PER_MONTH;
        parameters.expected_active_days(history, end)
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
    use science::Model;

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
        let never = ValueFacts { activity: None, active_days_12m: 0, turnover_12m: dec!(0), ..facts() };
        let nothing = inputs(&policy, &never, day("2025-12-31"), Some(&parameters));
        assert_eq!((nothing.net_revenue_12m, nothing.p_silent_90), (None, None));
        assert_eq!(nothing.expected_active_days_by_month, None);
        assert_eq!(inputs(&policy, &never, day("2025-05-31"), None).tenure_months, None);
        let known = inputs(&policy, &facts(), day("2025-12-31"), Some(&parameters));
        assert_eq!(
            known.tenure_months,
            Some(364.0 / DAYS_PER_MONTH),
            "from the first trade, which came before the opening"
        );
        let year: f64 = known.expected_active_days_by_month.into_iter().flatten().sum();
        let history = History { x: 10, t_x: 334.0 / 7.0, t: 52.0 };
        assert!((year - parameters.expected_active_days(&history, 12.0 * WEEKS_PER_MONTH)).abs() < 1e-9);
        assert_eq!(known.p_silent_90, Some(parameters.p_silent(&history, 90.0 / 7.0)));
        let brought = Revenue {
            client_id: facts().client_id,
            active_days_12m: 10,
            commission_12m: None,
            turnover_12m: facts().turnover_12m,
        };
        let alone = expected_revenue(&policy, &brought, &history, &parameters);
        assert!(alone.is_some() && alone == crate::value::rules::clv_12m(&policy, &known));
    }
}
