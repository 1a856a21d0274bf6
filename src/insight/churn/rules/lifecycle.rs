//! The steps of an alert's life, as the table of the slice shows them, and which of them a run takes.
//!
//! A run never clears what a person works on: only that person knows what became of the client.

use chrono::NaiveDate;

use super::super::model::{AlertAction, AlertChange, AlertStatus, ChurnPolicy, Severity};
use platform::http::permission::{ChurnWrite, Permission};
use platform::kernel::lifecycle::{By, Lifecycle, Step, step};

const OPEN: &[AlertStatus] = &[AlertStatus::Open, AlertStatus::Acknowledged, AlertStatus::InProgress];
const PERSON: By = By::Permission(ChurnWrite::SCOPE);

impl Lifecycle for AlertStatus {
    type Action = AlertAction;

    const STEPS: &'static [Step<Self, AlertAction>] = &[
        Step { action: AlertAction::Acknowledge, from: &[Self::Open], to: Self::Acknowledged, by: PERSON },
        Step { action: AlertAction::Start, from: &[Self::Acknowledged], to: Self::InProgress, by: PERSON },
        Step { action: AlertAction::Resolve, from: &[Self::InProgress], to: Self::Resolved, by: PERSON },
        Step { action: AlertAction::Expire, from: OPEN, to: Self::Expired, by: By::System },
        Step { action: AlertAction::Clear, from: &[Self::Open, Self::Acknowledged], to: Self::Cleared, by: By::System },
    ];
}

/// Whether a run may clear an alert in this state.
pub fn can_clear(status: AlertStatus) -> bool {
    step(status, AlertAction::Clear).is_ok()
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
        None if p < policy.clear_probability() && can_clear(status) => AlertChange::Clear,
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
    use platform::kernel::label::Labelled;

    proptest! {
        #[test]
        fn no_walk_leaves_an_end_or_skips_a_step(steps in prop::collection::vec(0_usize..5, 0..40)) {
            let mut path = vec![AlertStatus::Open];
            for action in steps.into_iter().map(|at| AlertAction::ALL[at]) {
                let from = path[path.len() - 1];
                if let Ok(to) = step(from, action) {
                    prop_assert!(from.is_open() && to != from);
                    path.push(to);
                }
            }
            if path.contains(&AlertStatus::Resolved) {
                use AlertStatus::{Acknowledged, InProgress, Open, Resolved};
                let work = [Open, Acknowledged, InProgress, Resolved];
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
            revenue_if_kept: rust_decimal::Decimal::ONE_HUNDRED,
            net_assets: None,
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
