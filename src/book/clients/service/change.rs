//! Changing, closing and revealing clients.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::super::events::*;
use super::super::model::*;
use super::super::{CLIENT_CLOSED, CLIENT_NO_TAKEN, faults, store};
use super::identity;
use super::open::{may_place, plausible_opening};
use firm::access;
use platform::db::Uow;
use platform::db::vault::Sealer;
use platform::kernel::error::Error;
use platform::kernel::event::{Event, EventType};
use platform::kernel::ids::ClientId;
use platform::kernel::lifecycle;
use platform::kernel::lock::Lock;

/// Changes a client.
pub async fn change(uow: &mut Uow, id: ClientId, change: ClientChange, mut lock: Lock) -> Result<Client, Error> {
    loop {
        let (before, key) = load_open(uow, id).await?;
        lock.check(before.row_version)?;
        let since = corrected_since(uow, &before, change.effective_on)?;
        let after = before.with(change.apply(&before.said())?);
        if let Some(client) = write(uow, &before, after, &key, ClientChanged).await? {
            if let Some(since) = since {
                correct(uow, &client, since).await?;
            }
            return Ok(client);
        }
        lock.overtaken()?;
    }
}

/// The day from which a change of branch and advisor corrects the history; none when it only concerns what comes.
fn corrected_since(uow: &Uow, client: &Client, effective_on: Option<NaiveDate>) -> Result<Option<NaiveDate>, Error> {
    let Some(day) = effective_on.filter(|day| *day != uow.today()) else { return Ok(None) };
    if day < client.lifespan.opened_on || day > uow.today() {
        return Err(Error::fault(faults::OUTSIDE_LIFESPAN.at("/effective_on")));
    }
    Ok(Some(day))
}

async fn correct(uow: &mut Uow, client: &Client, since: NaiveDate) -> Result<(), Error> {
    super::assignments::correct(uow, assignment(client), since).await?;
    let event = Event::new(ClientAssignmentCorrected { since }, client.client_id.0);
    uow.record(event.of_client(client.client_id));
    Ok(())
}

/// Enters or replaces the client of a number. True when it was entered.
pub async fn put_by_number(uow: &mut Uow, new: NewClient, mut lock: Lock) -> Result<(Client, bool), Error> {
    loop {
        let (conn, scope) = uow.scoped();
        let Some(found) = store::client_by_number(conn, scope, &new.client_no).await? else {
            lock.check_absent()?;
            return enter(uow, new).await.map(|client| (client, true));
        };
        let (before, key) = load_open(uow, found.client_id).await?;
        lock.check(before.row_version)?;
        let after = before.with(new.clone());
        if let Some(client) = write(uow, &before, after, &key, ClientChanged).await? {
            return Ok((client, false));
        }
        lock.overtaken()?;
    }
}

/// Whoever entered the same number a moment ago is in the way, once: the next try finds the client there.
async fn enter(uow: &mut Uow, new: NewClient) -> Result<Client, Error> {
    match super::open(uow, new).await {
        Err(taken) if taken.is(&CLIENT_NO_TAKEN) => Err(taken.with(|refusal| refusal.retry_after_s = Some(1))),
        outcome => outcome,
    }
}

/// Closes a client.
pub async fn close(
    uow: &mut Uow,
    id: ClientId,
    closed_on: Option<NaiveDate>,
    reason: &str,
    mut lock: Lock,
) -> Result<Client, Error> {
    loop {
        let (before, key) = load_open(uow, id).await?;
        lock.check(before.row_version)?;
        let closed_on = closed_on.unwrap_or(uow.today());
        if closed_on < before.lifespan.opened_on || closed_on > uow.today() {
            return Err(Error::fault(faults::OUTSIDE_LIFESPAN.at("/closed_on")));
        }
        let mut after = before.clone();
        after.lifespan = Lifespan {
            status: lifecycle::step(before.lifespan.status, ClientAction::Close)?,
            closed_on: Some(closed_on),
            close_reason: Some(reason.to_owned()),
            ..after.lifespan
        };
        if let Some(client) = write(uow, &before, after, &key, ClientClosed).await? {
            return Ok(client);
        }
        lock.overtaken()?;
    }
}

/// The identifiers in the clear, for a stated purpose that goes into the audit trail.
pub async fn reveal(uow: &mut Uow, id: ClientId, purpose: String) -> Result<Identity, Error> {
    let client = super::read(uow, id).await?;
    uow.record(Event::new(ClientRevealed {}, id.0).of_client(id).purpose(purpose));
    Ok(client.identity)
}

/// A client in scope that may still be changed.
pub async fn changeable(uow: &mut Uow, id: ClientId) -> Result<ClientRef, Error> {
    let client = super::visible(uow, id).await?;
    if client.status == ClientStatus::Closed { Err(Error::code(&CLIENT_CLOSED)) } else { Ok(client) }
}

/// A client in scope that may still be changed, and its data key.
async fn load_open(uow: &mut Uow, id: ClientId) -> Result<(Client, Sealer), Error> {
    let loaded = load(uow, id).await?;
    if loaded.0.lifespan.status == ClientStatus::Closed { Err(Error::code(&CLIENT_CLOSED)) } else { Ok(loaded) }
}

/// A client in scope and its data key.
pub(super) async fn load(uow: &mut Uow, id: ClientId) -> Result<(Client, Sealer), Error> {
    let (conn, scope) = uow.scoped();
    let found = store::client(conn, scope, id, None).await?.ok_or_else(Error::not_found)?;
    let wrapped = found.wrapped_key.clone().ok_or_else(Error::not_found)?;
    let key = uow.keyring().data_key(id, &wrapped)?;
    Ok((identity::opened(uow.keyring(), found)?, key))
}

/// The client as written; none when somebody else wrote in between.
pub(super) async fn write<E: EventType>(
    uow: &mut Uow,
    before: &Client,
    mut after: Client,
    key: &Sealer,
    event: fn(ChangedMembers) -> E,
) -> Result<Option<Client>, Error> {
    let changed = changed(before, &after)?;
    if changed.is_empty() {
        return Ok(Some(after));
    }
    plausible_opening(Some(after.lifespan.opened_on), uow.today())?;
    let moved = may_move(uow, before, &after).await?;
    after.updated_at = uow.now();
    let sealed = identity::sealed(key, after.client_id, &after.identity)?;
    if !store::update(uow.conn(), &after, &sealed).await? {
        return Ok(None);
    }
    after.row_version += 1;
    if before.identity.document != after.identity.document {
        let index = |client: &Client| {
            client.identity.document.as_ref().map(|document| identity::document_index(uow.keyring(), document))
        };
        let (old, new) = (index(before), index(&after));
        store::move_document_claim(uow.conn(), after.client_id, old.as_deref(), new.as_deref()).await?;
    }
    if moved {
        super::assignments::assign(uow, &[assignment(&after)]).await?;
    }
    let event = Event::new(event(ChangedMembers::by_hand(changed)), after.client_id.0).of_client(after.client_id);
    uow.record(event.change(&members(before)?, &members(&after)?));
    Ok(Some(after))
}

/// Whether branch or advisor change; both must be there, and the client stays in the caller's scope.
async fn may_move(uow: &mut Uow, before: &Client, after: &Client) -> Result<bool, Error> {
    let (old, new) = (&before.profile, &after.profile);
    let moved = (old.branch_id, old.advisor_id) != (new.branch_id, new.advisor_id);
    let may_go = old.branch_id == new.branch_id || may_place(uow, new.branch_id);
    if moved && !(may_go && uow.scope().covers(new.branch_id, new.advisor_id)) {
        return Err(Error::code(&access::UNKNOWN_BRANCH));
    }
    if let Some(advisor_id) = new.advisor_id.filter(|_| old.advisor_id != new.advisor_id)
        && !access::advisor_exists(uow, advisor_id).await?
    {
        return Err(Error::code(&access::UNKNOWN_ADVISOR));
    }
    Ok(moved)
}

fn assignment(client: &Client) -> NewAssignment {
    let Profile { branch_id, advisor_id, .. } = client.profile;
    NewAssignment { client_id: client.client_id, branch_id, advisor_id }
}

/// Names of what changed; never the values.
fn changed(before: &Client, after: &Client) -> Result<Vec<String>, Error> {
    let (mut old, new) = (members(before)?, members(after)?);
    let mut differs = |name: &String, value: &Value| old.remove(name).as_ref() != Some(value);
    Ok(new.into_iter().filter_map(|(name, value)| differs(&name, &value).then_some(name)).collect())
}

fn members(client: &Client) -> Result<Map<String, Value>, Error> {
    let parts = [
        serde_json::to_value(&client.profile),
        serde_json::to_value(&client.lifespan),
        serde_json::to_value(&client.identity),
    ];
    let mut members = Map::new();
    for part in parts {
        if let Value::Object(part) = part.map_err(Error::internal)? {
            members.extend(part);
        }
    }
    Ok(members)
}
