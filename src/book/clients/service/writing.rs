//! Reading a client to be changed, and writing it: what every use case that changes one goes through.

use serde_json::{Map, Value};

use super::super::events::ChangedMembers;
use super::super::model::*;
use super::super::{CLIENT_CLOSED, store};
use super::identity;
use super::open::{may_place, plausible_opening};
use firm::access;
use platform::db::Uow;
use platform::db::vault::Sealer;
use platform::kernel::error::Error;
use platform::kernel::event::{Event, EventType};
use platform::kernel::ids::ClientId;

/// A client in scope that may still be changed, and its data key.
pub async fn load_open(uow: &mut Uow, id: ClientId) -> Result<(Client, Sealer), Error> {
    let loaded = load(uow, id).await?;
    if loaded.0.lifespan.status == ClientStatus::Closed { Err(Error::code(&CLIENT_CLOSED)) } else { Ok(loaded) }
}

/// A client in scope and its data key.
pub async fn load(uow: &mut Uow, id: ClientId) -> Result<(Client, Sealer), Error> {
    let (conn, scope) = uow.scoped();
    let found = store::client(conn, scope, id, None).await?.ok_or_else(Error::not_found)?;
    let wrapped = found.wrapped_key.clone().ok_or_else(Error::not_found)?;
    let key = uow.keyring().data_key(id, &wrapped)?;
    Ok((identity::opened(uow.keyring(), found)?, key))
}

/// The client as written, by one person or two; none when somebody else wrote in between.
pub async fn write<E: EventType>(
    uow: &mut Uow,
    before: &Client,
    mut after: Client,
    key: &Sealer,
    event: fn(ChangedMembers) -> E,
) -> Result<Option<Client>, Error> {
    if changed(before, &after)?.is_empty() {
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
    record(uow, event, before, &after)?;
    Ok(Some(after))
}

/// Notes what became of a client.
pub fn record<E: EventType>(
    uow: &mut Uow,
    event: fn(ChangedMembers) -> E,
    before: &Client,
    after: &Client,
) -> Result<(), Error> {
    let members_changed = ChangedMembers::by_hand(changed(before, after)?);
    let event = Event::new(event(members_changed), after.client_id.0).of_client(after.client_id);
    uow.record(event.change(&members(before)?, &members(after)?));
    Ok(())
}

/// Whether branch or advisor change; both must be there, and the client stays in the caller's scope.
pub async fn may_move(uow: &mut Uow, before: &Client, after: &Client) -> Result<bool, Error> {
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

/// Whose the client is.
pub fn assignment(client: &Client) -> NewAssignment {
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
