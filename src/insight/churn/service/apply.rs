//! Writes what a run wants, in bulk, and says what really changed.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::super::model::{AlertAction, AlertPlan, AlertStatus, ChurnAlert, OpenAlert, Severity};
use super::super::store;
use crate::decisions;
use crate::scoring::{AlertCounts, ScoringRun};
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::{ChurnAlertId, ClientId};
use platform::kernel::label::Labelled;

/// Alerts written by one statement.
const CHUNK: usize = 5_000;

/// Closes, raises and opens alerts; the counts are of what really changed.
pub(super) async fn apply(uow: &mut Uow, run: &ScoringRun, plan: AlertPlan) -> Result<AlertCounts, Error> {
    let mut counts = AlertCounts { applied: true, kept: plan.kept, ..AlertCounts::default() };
    counts.expired = close(uow, run, &plan.expired, AlertAction::Expire).await?;
    counts.cleared = close(uow, run, &plan.cleared, AlertAction::Clear).await?;
    for chunk in plan.raised.chunks(CHUNK) {
        let done = store::bulk::raise(uow.conn(), chunk).await?;
        counts.raised += record(uow, run, "churn_alert.raised", chunk.iter().map(reference), done);
    }
    for chunk in plan.opened.chunks(CHUNK) {
        let done = store::bulk::open(uow.conn(), chunk).await?;
        counts.opened += record(uow, run, "churn_alert.opened", chunk.iter().map(reference), done);
    }
    decisions::store(uow, plan.decisions).await?;
    Ok(counts)
}

async fn close(uow: &mut Uow, run: &ScoringRun, alerts: &[OpenAlert], action: AlertAction) -> Result<u64, Error> {
    let (now, mut count) = (uow.now(), 0);
    let (kind, status) = match action {
        AlertAction::Expire => ("churn_alert.expired", AlertStatus::Expired),
        _ => ("churn_alert.cleared", AlertStatus::Cleared),
    };
    for chunk in alerts.chunks(CHUNK) {
        let done = store::bulk::close(uow.conn(), chunk, status, run.as_of, now).await?;
        let references = chunk.iter().map(|alert| (alert.client_id, alert.churn_alert_id, alert.severity));
        count += record(uow, run, kind, references, done);
    }
    Ok(count)
}

type Reference = (ClientId, ChurnAlertId, Severity);

fn reference(alert: &ChurnAlert) -> Reference {
    (alert.client_id, alert.churn_alert_id, alert.severity)
}

/// Records the change of every alert that was really written; answers how many there were.
fn record(
    uow: &mut Uow,
    run: &ScoringRun,
    kind: &'static str,
    alerts: impl Iterator<Item = Reference>,
    done: Vec<Uuid>,
) -> u64 {
    let done: HashSet<Uuid> = done.into_iter().collect();
    let mut count = 0;
    for (client_id, id, severity) in alerts.filter(|(_, id, _)| done.contains(&id.0)) {
        let data = json!({ "scoring_run_id": run.scoring_run_id, "as_of": run.as_of, "severity": severity.code() });
        uow.record(Event::new(kind, "churn_alert", id.0).of_client(client_id).data(data));
        count += 1;
    }
    count
}
