//! The life of an alert.
//!
//! | from | acknowledge | start | resolve | expire | clear |
//! | --- | --- | --- | --- | --- | --- |
//! | open | acknowledged | – | – | expired | cleared |
//! | acknowledged | – | in_progress | – | expired | cleared |
//! | in_progress | – | – | resolved | expired | – |
//! | resolved, expired, cleared | – | – | – | – | – |
//!
//! The system never clears what a person works on: only that person knows what became of the client.

use chrono::NaiveDate;

use super::super::model::{Action, AlertEvent, AlertStatus, ChurnPolicy, IllegalTransition, OpenAlert, Severity};

/// The state after an event, or the refusal of the table above.
pub fn transition(from: AlertStatus, event: AlertEvent) -> Result<AlertStatus, IllegalTransition> {
    match (from, event) {
        (AlertStatus::Open, AlertEvent::Acknowledge) => Ok(AlertStatus::Acknowledged),
        (AlertStatus::Acknowledged, AlertEvent::Start) => Ok(AlertStatus::InProgress),
        (AlertStatus::InProgress, AlertEvent::Resolve(_)) => Ok(AlertStatus::Resolved),
        (AlertStatus::Open | AlertStatus::Acknowledged, AlertEvent::Clear) => Ok(AlertStatus::Cleared),
        (open, AlertEvent::Expire) if open.is_open() => Ok(AlertStatus::Expired),
        (from, event) => Err(IllegalTransition { from, event }),
    }
}

/// What a scoring run does about one client: at most one alert stands, it opens when planned and out of cool-down, its
/// severity only rises, and it clears when it is not planned and `p` is below the clear level. Between the two levels
/// nothing changes, so a wavering risk does not open and clear in turn.
///
/// `last_closed` is the day on which the client's last alert ended, in whatever way.
pub fn decide_alert(
    policy: &ChurnPolicy,
    existing: Option<OpenAlert>,
    last_closed: Option<NaiveDate>,
    planned: Option<Severity>,
    p: f64,
    as_of: NaiveDate,
) -> Action {
    match existing.filter(|alert| alert.status.is_open()) {
        Some(alert) => decide_standing(policy, alert, planned, p),
        None if cooled_down(policy, last_closed, as_of) => planned.map_or(Action::Nothing, Action::Open),
        None => Action::Nothing,
    }
}

fn decide_standing(policy: &ChurnPolicy, alert: OpenAlert, planned: Option<Severity>, p: f64) -> Action {
    match planned {
        Some(severity) if severity > alert.severity => Action::Raise(severity),
        Some(_) => Action::Keep,
        None if p < policy.clear_probability() && transition(alert.status, AlertEvent::Clear).is_ok() => Action::Clear,
        None => Action::Keep,
    }
}

fn cooled_down(policy: &ChurnPolicy, last_closed: Option<NaiveDate>, as_of: NaiveDate) -> bool {
    last_closed.is_none_or(|closed| (as_of - closed).num_days() >= i64::from(policy.cool_down_days))
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::super::super::model::{AlertCandidate, Outcome};
    use super::super::plan_alerts;
    use super::*;

    const EVENTS: [AlertEvent; 7] = [
        AlertEvent::Acknowledge,
        AlertEvent::Start,
        AlertEvent::Resolve(Outcome::Retained),
        AlertEvent::Resolve(Outcome::Lost),
        AlertEvent::Resolve(Outcome::FalseAlarm),
        AlertEvent::Expire,
        AlertEvent::Clear,
    ];

    #[test]
    fn the_table_is_the_code() {
        let allowed = AlertStatus::ALL.iter().flat_map(|from| EVENTS.iter().map(|event| transition(*from, *event)));
        assert_eq!(allowed.filter(Result::is_ok).count(), 10, "7 cells of the table, resolve with 3 outcomes");
        let refusal = transition(AlertStatus::Open, AlertEvent::Resolve(Outcome::Lost));
        let words = refusal.map_err(|refusal| (refusal.words().en, refusal.words().zh));
        let told = ("An open alert cannot be resolved.", "该预警尚待处理，不能办结。");
        assert_eq!(words, Err((told.0.to_owned(), told.1.to_owned())));
    }

    proptest! {
        #[test]
        fn no_walk_leaves_an_end_or_skips_a_step(steps in prop::collection::vec(0_usize..7, 0..40)) {
            let mut path = vec![AlertStatus::Open];
            for step in steps {
                let from = path[path.len() - 1];
                match transition(from, EVENTS[step]) {
                    Ok(to) => {
                        prop_assert!(from.is_open() && to != from);
                        path.push(to);
                    }
                    Err(refusal) => prop_assert_eq!(refusal, IllegalTransition { from, event: EVENTS[step] }),
                }
            }
            if path.contains(&AlertStatus::Resolved) {
                let work = [AlertStatus::Open, AlertStatus::Acknowledged, AlertStatus::InProgress, AlertStatus::Resolved];
                prop_assert_eq!(path, work);
            }
        }

        #[test]
        fn a_wavering_risk_does_not_flap(moves in prop::collection::vec(-0.08..0.08, 200), start in 0.0..1.0) {
            let policy = ChurnPolicy::default();
            let (mut p, mut alert, mut closed) = (start, None, None);
            for (day, step) in (0_u64..).zip(moves) {
                let as_of = NaiveDate::default() + Days::new(day);
                p = f64::clamp(p + step, 0.0, 1.0);
                let planned = plan_alerts(&policy, &[candidate(p, alert.is_some())]).first().map(|plan| plan.severity);
                match decide_alert(&policy, alert, closed, planned, p, as_of) {
                    Action::Open(severity) => {
                        prop_assert!(alert.is_none() && p >= policy.medium_probability);
                        prop_assert!(closed.is_none_or(|closed| (as_of - closed).num_days() >= 14));
                        alert = Some(OpenAlert { status: AlertStatus::Open, severity });
                    }
                    Action::Raise(severity) => {
                        prop_assert!(alert.is_some_and(|alert| alert.severity < severity));
                        alert = Some(OpenAlert { status: AlertStatus::Open, severity });
                    }
                    Action::Clear => {
                        prop_assert!(alert.is_some() && p < policy.clear_probability());
                        (alert, closed) = (None, Some(as_of));
                    }
                    Action::Keep => prop_assert!(alert.is_some()),
                    Action::Nothing => prop_assert!(alert.is_none()),
                }
            }
        }
    }

    fn candidate(p: f64, has_alert: bool) -> AlertCandidate<u32> {
        AlertCandidate {
            p,
            p_before: None,
            clv_12m: rust_decimal::Decimal::ONE_HUNDRED,
            tier_is_high: true,
            outflow_7d: None,
            silent_days: 10,
            advisor: None,
            standing: has_alert.then_some(Severity::Medium),
        }
    }

    #[test]
    fn work_in_progress_is_never_cleared_and_cool_down_holds() {
        let policy = ChurnPolicy::default();
        let today = NaiveDate::default() + Days::new(100);
        let at = |status| Some(OpenAlert { status, severity: Severity::Medium });
        let decide = |existing| decide_alert(&policy, existing, None, None, 0.01, today);
        assert_eq!(decide(at(AlertStatus::InProgress)), Action::Keep);
        assert_eq!(decide(at(AlertStatus::Acknowledged)), Action::Clear);
        assert_eq!(decide(at(AlertStatus::Resolved)), Action::Nothing);
        let after = |days| decide_alert(&policy, None, Some(today - Days::new(days)), Some(Severity::High), 0.7, today);
        assert_eq!((after(13), after(14)), (Action::Nothing, Action::Open(Severity::High)));
    }
}
