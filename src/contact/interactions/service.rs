//! Use cases of contacts.

use chrono::{DateTime, Duration, Utc};

use super::events::*;
use super::model::*;
use super::store::{self, Entry};
use book::clients;
use platform::db::columns::Changes;
use platform::db::{Read, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::fault;
use platform::kernel::ids::{ClientId, InteractionId, StaffId};
use platform::kernel::lock::Lock;
use platform::kernel::page::{Page, PageRequest};

/// Clocks of phones and servers differ by this much.
const FUTURE: Duration = Duration::minutes(5);

/// Records a contact with a client; with a former one too, for they call, ask and complain. What a closed client must
/// not have any more begins with `clients::changeable` instead.
pub async fn record(uow: &mut Uow, client_id: ClientId, new: NewInteraction) -> Result<Interaction, Error> {
    clients::visible(uow, client_id).await?;
    let staff_id = uow.caller().principal.staff_id.ok_or_else(Error::not_found)?;
    let now = uow.now();
    let entry = entry(uow, client_id, staff_id, new)?;
    store::insert(uow.conn(), now, std::slice::from_ref(&entry)).await?;
    let made = get(uow, client_id, entry.interaction_id).await?;
    let Interaction { channel, purpose, outcome, churn_alert_id, .. } = made;
    let event = InteractionRecorded { channel, purpose, outcome, churn_alert_id };
    uow.record(Event::new(event, made.interaction_id.0).of_client(client_id));
    Ok(made)
}

fn entry(uow: &Uow, client_id: ClientId, staff_id: StaffId, mut new: NewInteraction) -> Result<Entry, Error> {
    if *new.occurred_at.get_or_insert(uow.now()) > uow.now() + FUTURE {
        return Err(Error::fault(fault::IN_THE_FUTURE.at("/occurred_at")));
    }
    Ok(Entry { client_id, interaction_id: uow.id(), staff_id, new })
}

/// Enters contacts kept elsewhere before, in bulk: each with its client and who recorded it.
pub async fn insert_recorded(
    uow: &mut Uow,
    contacts: Vec<(ClientId, StaffId, NewInteraction)>,
) -> Result<usize, Error> {
    let now = uow.now();
    let entries = contacts.into_iter().map(|(client_id, staff_id, new)| entry(uow, client_id, staff_id, new));
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    store::insert(uow.conn(), now, &entries).await?;
    uow.record(Event::new(InteractionBatchRecorded { count: entries.len() }, None));
    Ok(entries.len())
}

/// Changes what can still become clearer about a contact.
pub async fn change(
    uow: &mut Uow,
    client_id: ClientId,
    id: InteractionId,
    change: InteractionChange,
    mut lock: Lock,
) -> Result<Interaction, Error> {
    loop {
        let before = get(uow, client_id, id).await?;
        lock.check(before.row_version)?;
        let mut after = before.clone();
        change.clone().apply(&mut after);
        if after == before {
            return Ok(before);
        }
        let event = Event::new(InteractionChanged { outcome: after.outcome }, id.0).of_client(client_id);
        let event = event.change(&before, &after);
        after.updated_at = uow.now();
        if store::update(uow.conn(), &after).await? {
            after.row_version += 1;
            uow.record(event);
            return Ok(after);
        }
        lock.overtaken()?;
    }
}

/// One contact with a client in scope.
pub async fn get(read: &mut Read, client_id: ClientId, id: InteractionId) -> Result<Interaction, Error> {
    let (conn, scope) = read.scoped();
    store::find(conn, scope, client_id, id).await?.ok_or_else(Error::not_found)
}

/// A page of contacts with clients in scope. A named client must be one of them.
pub async fn list(
    read: &mut Read,
    client_id: Option<ClientId>,
    filter: &InteractionFilter,
    page: &PageRequest<InteractionKey>,
) -> Result<Page<Interaction, InteractionKey>, Error> {
    if let Some(client_id) = client_id {
        clients::visible(read, client_id).await?;
    }
    let (conn, scope) = read.scoped();
    store::list(conn, scope, client_id, filter, page).await
}

/// The latest contacts with a client in scope before an instant.
pub async fn latest(
    read: &mut Read,
    client_id: ClientId,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Interaction>, Error> {
    let page = PageRequest { limit, after: None };
    let filter = InteractionFilter { occurred_to: Some(before), ..InteractionFilter::default() };
    Ok(list(read, Some(client_id), &filter, &page).await?.items)
}
