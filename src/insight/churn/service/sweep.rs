//! Writes what a run wants, in bulk, and tells what really changed.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::super::model::{AlertStatus, ChurnAlert, ScoringRun};
use super::super::store;
use super::super::store::alerts::Standing;
use super::plan::Changes;
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::{ChurnAlertId, ClientId};

/// Alerts written by one statement.
const CHUNK: usize = 5_000;

/// Ends, raises and opens alerts; the run's counts are of what really changed.
pub(super) async fn apply(uow: &mut Uow, run: &mut ScoringRun, changes: Changes) -> Result<(), Error> {
    run.summary.alerts.expired = close(uow, run, &changes.expired, AlertStatus::Expired).await?;
    run.summary.alerts.cleared = close(uow, run, &changes.cleared, AlertStatus::Cleared).await?;
    for chunk in changes.raised.chunks(CHUNK) {
        let done = store::sweep::raise(uow.conn(), chunk).await?;
        run.summary.alerts.raised += record(uow, run, "churn_alert.raised", chunk, done);
    }
    for chunk in changes.opened.chunks(CHUNK) {
        let done = store::sweep::open(uow.conn(), chunk).await?;
        run.summary.alerts.opened += record(uow, run, "churn_alert.opened", chunk, done);
    }
    Ok(())
}

async fn close(uow: &mut Uow, run: &ScoringRun, alerts: &[Standing], status: AlertStatus) -> Result<u64, Error> {
    let (now, mut count) = (uow.now(), 0);
    let kind = if status == AlertStatus::Expired { "churn_alert.expired" } else { "churn_alert.cleared" };
    for chunk in alerts.chunks(CHUNK) {
        let done: HashSet<Uuid> =
            store::sweep::close(uow.conn(), chunk, status, run.as_of, now).await?.into_iter().collect();
        for alert in chunk.iter().filter(|alert| done.contains(&alert.churn_alert_id.0)) {
            tell(uow, run, kind, alert.client_id, alert.churn_alert_id, alert.severity.as_str());
            count += 1;
        }
    }
    Ok(count)
}

fn record(uow: &mut Uow, run: &ScoringRun, kind: &'static str, alerts: &[ChurnAlert], done: Vec<Uuid>) -> u64 {
    let done: HashSet<Uuid> = done.into_iter().collect();
    let mut count = 0;
    for alert in alerts.iter().filter(|alert| done.contains(&alert.churn_alert_id.0)) {
        tell(uow, run, kind, alert.client_id, alert.churn_alert_id, alert.severity.as_str());
        count += 1;
    }
    count
}

fn tell(uow: &mut Uow, run: &ScoringRun, kind: &'static str, client_id: ClientId, id: ChurnAlertId, severity: &str) {
    let data = json!({ "scoring_run_id": run.scoring_run_id, "as_of": run.as_of, "severity": severity });
    uow.record(Event::new(kind, "churn_alert", id.0).of_client(client_id).data(data));
}
