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

use super::super::model::{AlertAction, AlertChange, AlertStatus, ChurnPolicy, IllegalTransition, Severity};

/// The state after an action, or the refusal of the table above.
pub fn transition(from: AlertStatus, action: AlertAction) -> Result<AlertStatus, IllegalTransition> {
    match (from, action) {
        (AlertStatus::Open, AlertAction::Acknowledge) => Ok(AlertStatus::Acknowledged),
        (AlertStatus::Acknowledged, AlertAction::Start) => Ok(AlertStatus::InProgress),
        (AlertStatus::InProgress, AlertAction::Resolve) => Ok(AlertStatus::Resolved),
        (AlertStatus::Open | AlertStatus::Acknowledged, AlertAction::Clear) => Ok(AlertStatus::Cleared),
        (open, AlertAction::Expire) if open.is_open() => Ok(AlertStatus::Expired),
        (from, action) => Err(IllegalTransition { from, action }),
    }
}

/// What a scoring run does about one client: at most one alert is open, it opens when planned and out of cool-down, its
/// severity only rises, and it clears when it is not planned and `p` is below the clear level. Between the two levels
/// nothing changes, so a wavering risk does not open and clear in turn.
///
/// `last_closed` is the day on which the client's last alert ended, in whatever way.
pub fn decide_alert(
    policy: &ChurnPolicy,
    existing: Option<(AlertStatus, Severity)>,
    last_closed: Option<NaiveDate>,
    planned: Option<Severity>,
    p: f64,
    as_of: NaiveDate,
) -> AlertChange {
    match existing.filter(|(status, _)| status.is_open()) {
        Some(alert) => decide_open(policy, alert, planned, p),
        None if cooled_down(policy, last_closed, as_of) => planned.map_or(AlertChange::Nothing, AlertChange::Open),
        None => AlertChange::Nothing,
    }
}

fn decide_open(
    policy: &ChurnPolicy,
    (status, current): (AlertStatus, Severity),
    planned: Option<Severity>,
    p: f64,
) -> AlertChange {
    match planned {
        Some(severity) if severity > current => AlertChange::Raise(severity),
        Some(_) => AlertChange::Keep,
        None if p < policy.clear_probability() && transition(status, AlertAction::Clear).is_ok() => AlertChange::Clear,
        None => AlertChange::Keep,
    }
}

fn cooled_down(policy: &ChurnPolicy, last_closed: Option<NaiveDate>, as_of: NaiveDate) -> bool {
    last_closed.is_none_or(|closed| (as_of - closed).num_days() >= i64::from(policy.cool_down_days))
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::super::super::model::AlertCandidate;
    use super::super::plan_alerts;
    use super::*;

    const ACTIONS: [AlertAction; 5] =
        [AlertAction::Acknowledge, AlertAction::Start, AlertAction::Resolve, AlertAction::Expire, AlertAction::Clear];

    #[test]
    fn the_table_is_the_code() {
        let allowed = AlertStatus::ALL.iter().flat_map(|from| ACTIONS.iter().map(|action| transition(*from, *action)));
        assert_eq!(allowed.filter(Result::is_ok).count(), 8, "the cells of the table");
        let refusal = transition(AlertStatus::Open, AlertAction::Resolve);
        let words = refusal.map_err(|refusal| (refusal.words().en, refusal.words().zh));
        let expected = ("An open alert cannot be resolved.", "该预警尚待处理，不能办结。");
        assert_eq!(words, Err((expected.0.to_owned(), expected.1.to_owned())));
    }

    proptest! {
        #[test]
        fn no_walk_leaves_an_end_or_skips_a_step(steps in prop::collection::vec(0_usize..5, 0..40)) {
            let mut path = vec![AlertStatus::Open];
            for step in steps {
                let from = path[path.len() - 1];
                match transition(from, ACTIONS[step]) {
                    Ok(to) => {
                        prop_assert!(from.is_open() && to != from);
                        path.push(to);
                    }
                    Err(refusal) => prop_assert_eq!(refusal, IllegalTransition { from, action: ACTIONS[step] }),
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
                    AlertChange::Open(severity) => {
                        prop_assert!(alert.is_none() && p >= policy.medium_probability);
                        prop_assert!(closed.is_none_or(|closed| (as_of - closed).num_days() >= 14));
                        alert = Some((AlertStatus::Open, severity));
                    }
                    AlertChange::Raise(severity) => {
                        prop_assert!(alert.is_some_and(|(_, current)| current < severity));
                        alert = Some((AlertStatus::Open, severity));
                    }
                    AlertChange::Clear => {
                        prop_assert!(alert.is_some() && p < policy.clear_probability());
                        (alert, closed) = (None, Some(as_of));
                    }
                    AlertChange::Keep => prop_assert!(alert.is_some()),
                    AlertChange::Nothing => prop_assert!(alert.is_none()),
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
            open_alert: has_alert.then_some(Severity::Medium),
        }
    }

    #[test]
    fn work_in_progress_is_never_cleared_and_cool_down_holds() {
        let policy = ChurnPolicy::default();
        let today = NaiveDate::default() + Days::new(100);
        let at = |status| Some((status, Severity::Medium));
        let decide = |existing| decide_alert(&policy, existing, None, None, 0.01, today);
        assert_eq!(decide(at(AlertStatus::InProgress)), AlertChange::Keep);
        assert_eq!(decide(at(AlertStatus::Acknowledged)), AlertChange::Clear);
        assert_eq!(decide(at(AlertStatus::Resolved)), AlertChange::Nothing);
        let after = |days| decide_alert(&policy, None, Some(today - Days::new(days)), Some(Severity::High), 0.7, today);
        assert_eq!((after(13), after(14)), (AlertChange::Nothing, AlertChange::Open(Severity::High)));
    }
}
