//! What a run wants to do about alerts: read everything, decide, change nothing yet.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::super::model::{
    AlertCandidate, AlertChange, AlertPlan, AlertStatus, ChurnAlert, ChurnPolicy, OpenAlert, Planned, Severity,
};
use super::super::{decisions, rules, store};
use crate::scoring::{self, BookScored, ModelInUse, ScoredClient};
use crate::value;
use firm::calendars;
use platform::db::{Read, Uow};
use platform::kernel::calendar::Calendar;
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, StaffId};
use platform::policies::Stored;
use science::ladder::history;

/// A client the run decides about.
struct Subject {
    client_id: ClientId,
    open_alert: Option<OpenAlert>,
    candidate: AlertCandidate<StaffId>,
}

/// Decides about every client in the population and every open alert.
pub(super) async fn plan(uow: &mut Uow, scored: &BookScored, ruling: &Stored<ChurnPolicy>) -> Result<AlertPlan, Error> {
    let as_of = scored.run.as_of;
    let policy = ChurnPolicy { horizon_days: scored.run.horizon_days, ..ruling.rules.clone() };
    let all = store::alerts::all_open(uow.conn()).await?;
    let (expired, open): (Vec<_>, Vec<_>) = all.into_iter().partition(|alert| has_expired(&policy, alert, as_of));
    let Some(model) = &scored.model else { return Ok(AlertPlan { expired, ..AlertPlan::default() }) };

    let (subjects, left) = subjects(uow, scored, model, &policy, &open).await?;
    let closed = last_closed(uow, &policy, as_of, &expired).await?;
    let calendar = calendars::working(uow).await?;
    let candidates: Vec<_> = subjects.iter().map(|subject| subject.candidate.clone()).collect();
    let mut planned: HashMap<usize, Planned> =
        rules::plan_alerts(&policy, &candidates).into_iter().map(|plan| (plan.index, plan)).collect();
    let population = candidates.iter().filter(|one| one.silent_days <= policy.active_within_days).count() as u64;
    let mut plan = AlertPlan { population, expired, cleared: left, ..AlertPlan::default() };
    for (index, subject) in subjects.iter().enumerate() {
        let wanted = planned.remove(&index);
        let existing = subject.open_alert.map(|alert| (alert.status, alert.severity));
        let (last, severity) = (closed.get(&subject.client_id).copied(), wanted.as_ref().map(|plan| plan.severity));
        match (rules::decide_alert(&policy, existing, last, severity, subject.candidate.p, as_of), wanted) {
            (AlertChange::Open(severity), Some(wanted)) => {
                plan.opened.push(draft(uow, scored, (&policy, &calendar), subject, severity, wanted));
            }
            (AlertChange::Raise(severity), Some(wanted)) => {
                plan.raised.push(draft(uow, scored, (&policy, &calendar), subject, severity, wanted));
            }
            (AlertChange::Clear, _) => plan.cleared.extend(subject.open_alert),
            (AlertChange::Keep, _) => plan.kept += 1,
            _ => {}
        }
    }
    explain(uow, scored, model, ruling, &mut plan).await?;
    Ok(plan)
}

fn has_expired(policy: &ChurnPolicy, alert: &OpenAlert, as_of: NaiveDate) -> bool {
    let policy = ChurnPolicy { horizon_days: alert.horizon_days.unsigned_abs(), ..policy.clone() };
    as_of >= rules::expires_on(&policy, alert.as_of)
}

fn back(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(days.into())).unwrap_or(day)
}

/// The population and whoever has an open alert, in the order of the book; and the alerts of clients who closed with
/// the firm, unless somebody works on them. A few statements for all.
async fn subjects(
    read: &mut Read,
    scored: &BookScored,
    model: &ModelInUse,
    policy: &ChurnPolicy,
    open: &[OpenAlert],
) -> Result<(Vec<Subject>, Vec<OpenAlert>), Error> {
    let (as_of, horizon_days) = (scored.run.as_of, scored.run.horizon_days);
    let open: HashMap<_, _> = open.iter().map(|alert| (alert.client_id, *alert)).collect();
    let belongs = |client: &&ScoredClient| {
        client.silent_days() <= policy.active_within_days || open.contains_key(&client.client_id)
    };
    let mut chosen: Vec<&ScoredClient> = scored.clients.iter().filter(belongs).collect();
    chosen.sort_by_key(|client| client.client_id);
    let ids: Vec<Uuid> = chosen.iter().map(|client| client.client_id.0).collect();

    let holders = store::clients::holders(read.conn(), &ids, as_of).await?;
    let holders: HashMap<_, _> = holders.into_iter().map(|holder| (holder.client_id, holder)).collect();
    let histories = chosen.iter().map(|client| (client.client_id, history(&client.now))).collect();
    let kept = value::revenue_if_kept(read, &histories, as_of, &model.forecaster.base).await?;

    let gone = chosen.iter().filter(|client| !holders.contains_key(&client.client_id));
    let left = gone.filter_map(|client| open.get(&client.client_id).copied());
    let left = left.filter(|alert| rules::can_clear(alert.status)).collect();
    let subject = |client: &ScoredClient| {
        let (client_id, holder) = (client.client_id, holders.get(&client.client_id)?);
        let open_alert = open.get(&client_id).copied();
        let candidate = AlertCandidate {
            p: model.p_silent(&client.now, horizon_days),
            p_before: client.before.map(|past| model.p_silent(&past, horizon_days)),
            revenue_if_kept: kept.get(&client_id).copied().unwrap_or(Decimal::ZERO),
            net_assets: holder.net_assets,
            tier_is_high: holder.tier_is_high,
            outflow_7d: None,
            silent_days: client.silent_days(),
            advisor: holder.advisor_id,
            open_alert: open_alert.map(|alert| alert.severity),
        };
        Some(Subject { client_id, open_alert, candidate })
    };
    Ok((chosen.into_iter().filter_map(subject).collect(), left))
}

/// When each client's last alert ended, as far as the cool-down reaches.
async fn last_closed(
    read: &mut Read,
    policy: &ChurnPolicy,
    as_of: NaiveDate,
    expired: &[OpenAlert],
) -> Result<HashMap<ClientId, NaiveDate>, Error> {
    let closed = store::alerts::closed_after(read.conn(), back(as_of, policy.cool_down_days)).await?;
    Ok(closed.into_iter().chain(expired.iter().map(|alert| (alert.client_id, as_of))).collect())
}

/// The alert as it will be: new, or the open one made more urgent, which is never due later than it was.
fn draft(
    uow: &Uow,
    scored: &BookScored,
    (policy, calendar): (&ChurnPolicy, &Calendar),
    subject: &Subject,
    severity: Severity,
    plan: Planned,
) -> ChurnAlert {
    let run = &scored.run;
    let (due_on, due_basis) = rules::due_on(policy, calendar, severity, run.as_of);
    let open_alert = subject.open_alert;
    ChurnAlert {
        client_id: subject.client_id,
        churn_alert_id: open_alert.map_or_else(|| uow.id(), |alert| alert.churn_alert_id),
        scoring_run_id: run.scoring_run_id,
        churn_model_id: run.churn_model_id,
        status: open_alert.map_or(AlertStatus::Open, |alert| alert.status),
        severity,
        as_of: run.as_of,
        horizon_days: run.horizon_days,
        p_silent: subject.candidate.p,
        value_at_risk: plan.value_at_risk,
        net_assets: subject.candidate.net_assets,
        reasons: plan.reasons,
        advisor_id: subject.candidate.advisor,
        due_on: open_alert.map_or(due_on, |alert| alert.due_on.min(due_on)),
        due_basis,
        opened_at: uow.now(),
        acknowledged_at: None,
        started_at: None,
        closed_at: None,
        outcome: None,
        loss_reason: None,
        row_version: open_alert.map_or(1, |alert| alert.row_version),
    }
}

/// Adds to what decided what explains the probability, and makes a decision of each risk.
async fn explain(
    read: &mut Read,
    scored: &BookScored,
    model: &ModelInUse,
    ruling: &Stored<ChurnPolicy>,
    plan: &mut AlertPlan,
) -> Result<(), Error> {
    let drafts = || plan.opened.iter().chain(&plan.raised);
    let clients: Vec<ClientId> = drafts().map(|alert| alert.client_id).collect();
    let (as_of, horizon_days) = (scored.run.as_of, scored.run.horizon_days);
    let mut risks = scoring::risks(read, &clients, model, as_of, horizon_days).await?;
    for alert in plan.opened.iter_mut().chain(&mut plan.raised) {
        let Some(risk) = risks.remove(&alert.client_id) else { continue };
        let given: HashSet<String> = alert.reasons.iter().map(|reason| reason.code.clone()).collect();
        alert.reasons.extend(risk.reasons.iter().filter(|reason| !given.contains(&reason.code)).cloned());
        plan.decisions.push(decisions::decision(ruling, risk));
    }
    Ok(())
}
