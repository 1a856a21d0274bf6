//! What people do with alerts.

use chrono::NaiveDate;

use super::super::events::*;
use super::super::model::{AlertAction, AlertFilter, AlertKey, AlertOrder, ClientAlert, LossReason, Outcome};
use super::super::store;
use crate::scoring;
use platform::db::{Read, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::{Event, EventType};
use platform::kernel::ids::{ChurnAlertId, ClientId};
use platform::kernel::lifecycle::step;
use platform::kernel::lock::Lock;
use platform::kernel::page::{Page, PageRequest};

/// Alerts in scope and, when wanted, how many there are; of a client out of scope there is nothing to list.
pub async fn list(
    read: &mut Read,
    filter: &AlertFilter,
    order: AlertOrder,
    page: &PageRequest<AlertKey>,
    with_total: bool,
) -> Result<(Page<ClientAlert, AlertKey>, Option<i64>), Error> {
    let (conn, scope) = read.scoped();
    if let Some(client_id) = filter.client_id {
        store::alerts::advisor_of(conn, scope, client_id).await?.ok_or_else(Error::not_found)?;
    }
    let total = if with_total { Some(store::list::total(conn, scope, filter).await?) } else { None };
    Ok((store::list::list(conn, scope, filter, order, page).await?, total))
}

/// One alert of a client in scope.
pub async fn alert(read: &mut Read, client_id: ClientId, id: ChurnAlertId) -> Result<ClientAlert, Error> {
    let (conn, scope) = read.scoped();
    store::alerts::one(conn, scope, client_id, id).await?.ok_or_else(Error::not_found)
}

/// The alert of a client in scope on which work may still be done, if there is one.
pub async fn open_alert(read: &mut Read, client_id: ClientId) -> Result<Option<ClientAlert>, Error> {
    let (conn, scope) = read.scoped();
    store::alerts::open_of(conn, scope, client_id).await
}

/// Takes note of an alert: from then on the client's advisor is in charge, or else whoever took note.
pub async fn acknowledge(
    uow: &mut Uow,
    client_id: ClientId,
    id: ChurnAlertId,
    lock: &Lock,
) -> Result<ClientAlert, Error> {
    let mut found = next(uow, client_id, id, lock, AlertAction::Acknowledge).await?;
    let (conn, scope) = uow.scoped();
    let advisor = store::alerts::advisor_of(conn, scope, client_id).await?.flatten();
    found.alert.advisor_id = advisor.or(uow.caller().principal.staff_id);
    found.alert.acknowledged_at = Some(uow.now());
    save(uow, found, ChurnAlertAcknowledged, None).await
}

/// Begins to work on an alert.
pub async fn start(uow: &mut Uow, client_id: ClientId, id: ChurnAlertId, lock: &Lock) -> Result<ClientAlert, Error> {
    let mut found = next(uow, client_id, id, lock, AlertAction::Start).await?;
    found.alert.started_at = Some(uow.now());
    save(uow, found, ChurnAlertStarted, None).await
}

/// What became of the client, and why a lost one was lost.
#[derive(Clone, Copy, Debug)]
pub struct Resolution {
    /// What became of the client.
    pub outcome: Outcome,
    /// Of a lost client, and of no other.
    pub loss_reason: Option<LossReason>,
}

/// Closes an alert with what became of the client.
pub async fn resolve(
    uow: &mut Uow,
    client_id: ClientId,
    id: ChurnAlertId,
    lock: &Lock,
    resolution: Resolution,
) -> Result<ClientAlert, Error> {
    let mut found = next(uow, client_id, id, lock, AlertAction::Resolve).await?;
    found.alert.outcome = Some(resolution.outcome);
    found.alert.loss_reason = resolution.loss_reason;
    found.alert.closed_at = Some(uow.now());
    let closed_as_of = day_of_the_book(uow).await?;
    save(uow, found, ChurnAlertResolved, Some(closed_as_of)).await
}

/// The alert, its row locked, in the state after an action: whoever comes second waits, and finds it there.
async fn next(
    uow: &mut Uow,
    client_id: ClientId,
    id: ChurnAlertId,
    lock: &Lock,
    action: AlertAction,
) -> Result<ClientAlert, Error> {
    let (conn, scope) = uow.scoped();
    let mut found = store::alerts::one_locked(conn, scope, client_id, id).await?.ok_or_else(Error::not_found)?;
    lock.check(found.alert.row_version)?;
    found.alert.status = step(found.alert.status, action)?;
    found.alert.row_version += 1;
    Ok(found)
}

async fn save<E: EventType>(
    uow: &mut Uow,
    found: ClientAlert,
    happened: fn(AlertByHand) -> E,
    closed_as_of: Option<NaiveDate>,
) -> Result<ClientAlert, Error> {
    let alert = &found.alert;
    store::alerts::update(uow.conn(), alert, closed_as_of).await?;
    let by_hand = AlertByHand {
        status: alert.status,
        severity: alert.severity,
        advisor_id: alert.advisor_id,
        outcome: alert.outcome,
        loss_reason: alert.loss_reason,
    };
    uow.record(Event::new(happened(by_hand), alert.churn_alert_id.0).of_client(alert.client_id));
    Ok(found)
}

/// Cool-down counts in the days that runs score, which may lie long ago where a book is replayed: the day of the newest
/// run, and the days since it was made.
async fn day_of_the_book(read: &mut Read) -> Result<NaiveDate, Error> {
    let (today, newest) = (read.today(), scoring::newest_run(read).await?);
    let made_on = |made_at| read.calendar().day_of(made_at);
    Ok(newest.map_or(today, |(as_of, made_at)| today.min(as_of + (today - made_on(made_at)))))
}
