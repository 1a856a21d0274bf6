//! What a run wants to do about alerts: read everything, decide, change nothing yet.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::model::{
    Action, AlertCandidate, AlertEvent, AlertStatus, ChurnAlert, ChurnPolicy, OpenAlert, Planned, ScoringRun, Severity,
    Speaker,
};
use super::super::store::alerts::Standing;
use super::super::store::book::Active;
use super::super::{rules, store};
use super::scoring::Scope;
use crate::value;
use platform::db::Uow;
use platform::kernel::decision::Reason;
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, StaffId};
use platform::kernel::principal::Visibility;

/// Clients whose statistics are read by one statement.
const CHUNK: usize = 5_000;

/// What a run wants.
#[derive(Default)]
pub(super) struct Changes {
    /// Clients active within the days the policy plans for.
    pub population: u64,
    /// Standing alerts that stay as they are.
    pub kept: u64,
    /// To be opened.
    pub opened: Vec<ChurnAlert>,
    /// To be made more urgent.
    pub raised: Vec<ChurnAlert>,
    /// To be ended because the risk fell.
    pub cleared: Vec<Standing>,
    /// To be ended because the forecast's window went by.
    pub expired: Vec<Standing>,
}

/// A client the run decides about.
struct Subject {
    client_id: ClientId,
    standing: Option<Standing>,
    candidate: AlertCandidate<StaffId>,
}

/// Decides about every client in the population and every standing alert.
pub(super) async fn changes(uow: &mut Uow, scope: &Scope, run: &ScoringRun) -> Result<Changes, Error> {
    let policy = store::models::policy(uow.conn()).await?;
    let policy = policy.ok_or_else(|| Error::internal("there is no churn policy in force"))?;
    let policy = ChurnPolicy { horizon_days: scope.horizon_days, ..policy };
    let all = store::alerts::standing(uow.conn()).await?;
    let (expired, standing): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|alert| has_expired(&policy, alert, scope.as_of));
    let Some(speaker) = scope.speaker else { return Ok(Changes { expired, ..Changes::default() }) };

    let (subjects, left) = subjects(uow, scope, &policy, &speaker, &standing).await?;
    let closed = last_closed(uow.conn(), &policy, scope.as_of, &expired).await?;
    let candidates: Vec<_> = subjects.iter().map(|subject| subject.candidate.clone()).collect();
    let mut planned: HashMap<usize, Planned> =
        rules::plan_alerts(&policy, &candidates).into_iter().map(|plan| (plan.index, plan)).collect();
    let population = candidates.iter().filter(|one| one.silent_days <= policy.active_within_days).count() as u64;
    let mut changes = Changes { population, expired, cleared: left, ..Changes::default() };
    for (index, subject) in subjects.iter().enumerate() {
        let plan = planned.remove(&index);
        let (existing, last) = (subject.standing.map(as_open), closed.get(&subject.client_id).copied());
        let wanted = plan.as_ref().map(|plan| plan.severity);
        match (rules::decide_alert(&policy, existing, last, wanted, subject.candidate.p, scope.as_of), plan) {
            (Action::Open(severity), Some(plan)) => {
                let draft = draft(uow, scope, run, &policy, subject, severity, plan);
                changes.opened.push(draft);
            }
            (Action::Raise(severity), Some(plan)) => {
                let draft = draft(uow, scope, run, &policy, subject, severity, plan);
                changes.raised.push(draft);
            }
            (Action::Clear, _) => changes.cleared.extend(subject.standing),
            (Action::Keep, _) => changes.kept += 1,
            _ => {}
        }
    }
    explain(uow.conn(), scope, &speaker, &mut changes).await?;
    Ok(changes)
}

fn has_expired(policy: &ChurnPolicy, alert: &Standing, as_of: NaiveDate) -> bool {
    let policy = ChurnPolicy { horizon_days: alert.horizon_days.unsigned_abs(), ..policy.clone() };
    as_of >= rules::expires_on(&policy, alert.as_of)
}

fn as_open(alert: Standing) -> OpenAlert {
    OpenAlert { status: alert.status, severity: alert.severity }
}

/// Whole days of a span, at least 0.
pub(super) fn days(span: TimeDelta) -> u32 {
    u32::try_from(span.num_days()).unwrap_or_default()
}

fn back(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(days.into())).unwrap_or(day)
}

/// The population and whoever has a standing alert, in the order of the book, and the alerts of clients who closed with the
/// firm and that nobody works on; a few statements for all.
async fn subjects(
    uow: &mut Uow,
    scope: &Scope,
    policy: &ChurnPolicy,
    speaker: &Speaker,
    standing: &[Standing],
) -> Result<(Vec<Subject>, Vec<Standing>), Error> {
    let standing: HashMap<_, _> = standing.iter().map(|alert| (alert.client_id, *alert)).collect();
    let belongs = |client: &&Active| {
        days(scope.as_of - client.last_day) <= policy.active_within_days || standing.contains_key(&client.client_id)
    };
    let mut chosen: Vec<&Active> = scope.book.iter().filter(belongs).collect();
    chosen.sort_by_key(|client| client.client_id);
    let ids: Vec<Uuid> = chosen.iter().map(|client| client.client_id.0).collect();

    let holders = store::book::holders(uow.conn(), &ids).await?;
    let holders: HashMap<_, _> = holders.into_iter().map(|holder| (holder.client_id, holder)).collect();
    let then = back(scope.as_of, policy.rise_window_days);
    let before = store::book::activity(uow.conn(), then).await?;
    let before: HashMap<_, _> = before.into_iter().map(|client| (client.client_id, client)).collect();
    let db = uow.db().clone();
    let histories = chosen.iter().map(|client| (client.client_id, scope.history(client))).collect();
    let values = value::expected_revenue(&db, uow.conn(), &histories, scope.as_of, &speaker.parameters).await?;

    let gone = chosen.iter().filter(|client| !holders.contains_key(&client.client_id));
    let left = gone.filter_map(|client| standing.get(&client.client_id).copied());
    let left = left.filter(|alert| rules::transition(alert.status, AlertEvent::Clear).is_ok()).collect();
    let p_silent = |history| speaker.parameters.p_silent(&history, scope.horizon_weeks());
    let subject = |client: &Active| {
        let (client_id, holder) = (client.client_id, holders.get(&client.client_id)?);
        let standing = standing.get(&client_id).copied();
        let past = before.get(&client_id);
        let past = past.map(|past| rules::history(past.active_days, past.first_day, past.last_day, then));
        let candidate = AlertCandidate {
            p: p_silent(scope.history(client)),
            p_before: past.map(p_silent),
            clv_12m: values.get(&client_id).copied().unwrap_or(Decimal::ZERO),
            tier_is_high: holder.tier_is_high,
            outflow_7d: None,
            silent_days: days(scope.as_of - client.last_day),
            advisor: holder.advisor_id,
            standing: standing.map(|alert| alert.severity),
        };
        Some(Subject { client_id, standing, candidate })
    };
    Ok((chosen.into_iter().filter_map(subject).collect(), left))
}

/// When each client's last alert ended, as far as the cool-down reaches.
async fn last_closed(
    conn: &mut PgConnection,
    policy: &ChurnPolicy,
    as_of: NaiveDate,
    expired: &[Standing],
) -> Result<HashMap<ClientId, NaiveDate>, Error> {
    let closed = store::alerts::closed_after(conn, back(as_of, policy.cool_down_days)).await?;
    Ok(closed.into_iter().chain(expired.iter().map(|alert| (alert.client_id, as_of))).collect())
}

/// The alert as it will be: new, or the standing one made more urgent, which is never due later than it was.
fn draft(
    uow: &Uow,
    scope: &Scope,
    run: &ScoringRun,
    policy: &ChurnPolicy,
    subject: &Subject,
    severity: Severity,
    plan: Planned,
) -> ChurnAlert {
    let due_on = rules::due_on(policy, severity, scope.as_of);
    ChurnAlert {
        client_id: subject.client_id,
        churn_alert_id: subject.standing.map_or_else(|| uow.id(), |alert| alert.churn_alert_id),
        scoring_run_id: run.scoring_run_id,
        churn_model_id: run.churn_model_id,
        status: subject.standing.map_or(AlertStatus::Open, |alert| alert.status),
        severity,
        as_of: scope.as_of,
        horizon_days: scope.horizon_days,
        p_silent: subject.candidate.p,
        value_at_risk: plan.value_at_risk,
        reasons: plan.reasons,
        advisor_id: subject.candidate.advisor,
        due_on: subject.standing.map_or(due_on, |alert| alert.due_on.min(due_on)),
        opened_at: uow.now(),
        acknowledged_at: None,
        started_at: None,
        closed_at: None,
        outcome: None,
        loss_reason: None,
        row_version: subject.standing.map_or(1, |alert| alert.row_version),
    }
}

/// Adds to what decided what explains the probability.
async fn explain(
    conn: &mut PgConnection,
    scope: &Scope,
    speaker: &Speaker,
    changes: &mut Changes,
) -> Result<(), Error> {
    let mut drafts: Vec<&mut ChurnAlert> = changes.opened.iter_mut().chain(&mut changes.raised).collect();
    for chunk in drafts.chunks_mut(CHUNK) {
        let ids: Vec<Uuid> = chunk.iter().map(|alert| alert.client_id.0).collect();
        let known = store::book::statistics(conn, &Visibility::firm(), &ids, scope.as_of).await?;
        let known: HashMap<_, _> = known.into_iter().collect();
        for alert in chunk {
            let statistics = known.get(&alert.client_id).and_then(Option::as_ref);
            let forecast = statistics.and_then(|known| rules::forecast(&speaker.parameters, known, scope.horizon_days));
            let told: HashSet<String> = alert.reasons.iter().map(|reason: &Reason| reason.code.clone()).collect();
            let why = forecast.map(|forecast| forecast.explanation.reasons).unwrap_or_default();
            alert.reasons.extend(why.into_iter().filter(|reason| !told.contains(&reason.code)));
        }
    }
    Ok(())
}
