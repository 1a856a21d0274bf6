//! What people do with alerts.

use chrono::NaiveDate;
use serde_json::json;
use sqlx::PgConnection;

use super::super::model::{
    AlertEvent, AlertFilter, AlertKey, AlertOrder, ChurnAlert, ClientAlert, LossReason, Outcome,
};
use super::super::{rules, store};
use platform::db::Uow;
use platform::kernel::error::{self, Error};
use platform::kernel::event::Event;
use platform::kernel::ids::{ChurnAlertId, ClientId};
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// What a person does to an alert.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    /// Takes note; from then on the client's advisor is in charge, or else whoever took note.
    Acknowledge,
    /// Begins to work on it.
    Start,
    /// Ends it.
    Resolve(Outcome, Option<LossReason>),
}

impl Deed {
    fn event(self) -> AlertEvent {
        match self {
            Self::Acknowledge => AlertEvent::Acknowledge,
            Self::Start => AlertEvent::Start,
            Self::Resolve(outcome, _) => AlertEvent::Resolve(outcome),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Acknowledge => "churn_alert.acknowledged",
            Self::Start => "churn_alert.started",
            Self::Resolve(..) => "churn_alert.resolved",
        }
    }
}

/// Alerts in sight, newest first; of a client out of sight there is nothing to list.
pub async fn list(
    conn: &mut PgConnection,
    sight: &Visibility,
    filter: &AlertFilter,
    order: AlertOrder,
    page: &PageRequest<AlertKey>,
    with_total: bool,
) -> Result<(Page<ClientAlert, AlertKey>, Option<i64>), Error> {
    if let Some(client_id) = filter.client_id {
        store::alerts::advisor_of(conn, sight, client_id).await?.ok_or_else(Error::not_found)?;
    }
    let total = if with_total { Some(store::list::total(conn, sight, filter).await?) } else { None };
    Ok((store::list::list(conn, sight, filter, order, page).await?, total))
}

/// One alert of a client in sight.
pub async fn alert(
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
    id: ChurnAlertId,
) -> Result<ClientAlert, Error> {
    store::alerts::one(conn, sight, client_id, id).await?.ok_or_else(Error::not_found)
}

/// The alert of a client in sight on which work may still be done, if there is one.
pub async fn open_alert(
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
) -> Result<Option<ClientAlert>, Error> {
    store::alerts::standing_of(conn, sight, client_id).await
}

/// Does one step of the life of an alert.
pub async fn act(
    uow: &mut Uow,
    client_id: ClientId,
    id: ChurnAlertId,
    deed: Deed,
    expected: Option<i64>,
) -> Result<ClientAlert, Error> {
    let (sight, now) = (uow.visibility(), uow.now());
    let found = store::alerts::one_locked(uow.conn(), &sight, client_id, id).await?.ok_or_else(Error::not_found)?;
    let before = found.alert;
    if expected.is_some_and(|version| version != before.row_version) {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    let status = rules::transition(before.status, deed.event()).map_err(|refusal| {
        let words = refusal.words();
        Error::detailed(&error::ILLEGAL_TRANSITION, words.en, words.zh)
    })?;
    let version = before.row_version;
    let mut after = ChurnAlert { status, row_version: version + 1, ..before };
    let mut closed_as_of = None;
    match deed {
        Deed::Acknowledge => {
            let advisor = store::alerts::advisor_of(uow.conn(), &sight, client_id).await?.flatten();
            after.advisor_id = advisor.or(uow.caller().principal.staff_id);
            after.acknowledged_at = Some(now);
        }
        Deed::Start => after.started_at = Some(now),
        Deed::Resolve(outcome, loss_reason) => {
            (after.outcome, after.loss_reason, after.closed_at) = (Some(outcome), loss_reason, Some(now));
            closed_as_of = Some(day_of_the_book(uow).await?);
        }
    }
    if !store::alerts::update(uow.conn(), &after, closed_as_of, version).await? {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    let data = json!({
        "status": status.as_str(), "severity": after.severity.as_str(), "advisor_id": after.advisor_id,
        "outcome": after.outcome, "loss_reason": after.loss_reason,
    });
    uow.record(Event::new(deed.kind(), "churn_alert", id.0).of_client(client_id).data(data));
    Ok(ClientAlert { alert: after, ..found })
}

/// Cool-down counts in the days that runs score, which may lie long ago where a book is replayed: the day of the newest
/// run, and the days since it was made.
async fn day_of_the_book(uow: &mut Uow) -> Result<NaiveDate, Error> {
    let calendar = *uow.db().calendar();
    let today = calendar.day_of(uow.now());
    let newest = store::runs::newest(uow.conn()).await?;
    Ok(newest.map_or(today, |(as_of, made_at)| today.min(as_of + (today - calendar.day_of(made_at)))))
}
