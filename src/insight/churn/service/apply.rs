//! Writes what a run wants, in bulk, and says what really changed.

use std::collections::HashSet;

use uuid::Uuid;

use super::super::events::*;
use super::super::model::{AlertPlan, AlertStatus, ChurnAlert, OpenAlert, Severity};
use super::super::store;
use crate::decisions;
use crate::scoring::{AlertCounts, ScoringRun};
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::event::{Event, EventType};
use platform::kernel::ids::{ChurnAlertId, ClientId};

/// Alerts written by one statement.
const CHUNK: usize = 5_000;

/// Closes, raises and opens alerts; the counts are of what really changed.
pub(super) async fn apply(uow: &mut Uow, run: &ScoringRun, plan: AlertPlan) -> Result<AlertCounts, Error> {
    let mut counts = AlertCounts { applied: true, kept: plan.kept, ..AlertCounts::default() };
    counts.expired = close(uow, run, &plan.expired, AlertStatus::Expired, ChurnAlertExpired).await?;
    counts.cleared = close(uow, run, &plan.cleared, AlertStatus::Cleared, ChurnAlertCleared).await?;
    for chunk in plan.raised.chunks(CHUNK) {
        let done = store::bulk::raise(uow.conn(), chunk).await?;
        counts.raised += record(uow, run, ChurnAlertRaised, chunk.iter().map(reference), done);
    }
    for chunk in plan.opened.chunks(CHUNK) {
        let done = store::bulk::open(uow.conn(), chunk).await?;
        counts.opened += record(uow, run, ChurnAlertOpened, chunk.iter().map(reference), done);
    }
    decisions::store(uow, plan.decisions).await?;
    Ok(counts)
}

async fn close<E: EventType>(
    uow: &mut Uow,
    run: &ScoringRun,
    alerts: &[OpenAlert],
    status: AlertStatus,
    happened: fn(AlertByRun) -> E,
) -> Result<u64, Error> {
    let (now, mut count) = (uow.now(), 0);
    for chunk in alerts.chunks(CHUNK) {
        let done = store::bulk::close(uow.conn(), chunk, status, run.as_of, now).await?;
        let references = chunk.iter().map(|alert| (alert.client_id, alert.churn_alert_id, alert.severity));
        count += record(uow, run, happened, references, done);
    }
    Ok(count)
}

type Reference = (ClientId, ChurnAlertId, Severity);

fn reference(alert: &ChurnAlert) -> Reference {
    (alert.client_id, alert.churn_alert_id, alert.severity)
}

/// Records the change of every alert that was really written; answers how many there were.
fn record<E: EventType>(
    uow: &mut Uow,
    run: &ScoringRun,
    happened: fn(AlertByRun) -> E,
    alerts: impl Iterator<Item = Reference>,
    done: Vec<Uuid>,
) -> u64 {
    let done: HashSet<Uuid> = done.into_iter().collect();
    let mut count = 0;
    for (client_id, id, severity) in alerts.filter(|(_, id, _)| done.contains(&id.0)) {
        let by_run = AlertByRun { scoring_run_id: run.scoring_run_id, as_of: run.as_of, severity };
        uow.record(Event::new(happened(by_run), id.0).of_client(client_id));
        count += 1;
    }
    count
}
