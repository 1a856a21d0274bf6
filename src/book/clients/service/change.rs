//! Changing, closing and revealing clients.

use chrono::NaiveDate;
use serde_json::json;

use super::super::model::*;
use super::super::{CLIENT_CLOSED, CLIENT_NO_TAKEN, store};
use super::identity;
use super::open::{may_place, plausible_opening};
use firm::access;
use platform::db::Uow;
use platform::db::vault::Sealer;
use platform::kernel::error::{self, Error, Fault};
use platform::kernel::event::Event;
use platform::kernel::ids::ClientId;

/// Changes a client over `version` (any version when none is given).
pub async fn change(uow: &mut Uow, id: ClientId, change: ClientChange, version: Option<i64>) -> Result<Client, Error> {
    let (before, key) = load(uow, id).await?;
    let since = corrected_since(uow, &before, change.effective_on)?;
    let mut after = before.clone();
    after.name = change.name.unwrap_or(after.name);
    after.branch_id = change.branch_id.unwrap_or(after.branch_id);
    after.advisor_id = change.advisor_id.apply(after.advisor_id);
    after.opened_on = change.opened_on.unwrap_or(after.opened_on);
    after.identity = Identity {
        document: change.document.apply(after.identity.document),
        phone: change.phone.apply(after.identity.phone),
        email: change.email.apply(after.identity.email),
        address: change.address.apply(after.identity.address),
    };
    let after = write(uow, &before, after, &key, version, "client.changed").await?;
    if let Some(since) = since {
        let Client { client_id, branch_id, advisor_id, .. } = after;
        super::assignments::correct(uow, NewAssignment { client_id, branch_id, advisor_id }, since).await?;
        let event = Event::new("client.assignment_corrected", "client", client_id.0);
        uow.record(event.of_client(client_id).data(json!({ "since": since })));
    }
    Ok(after)
}

/// The day from which a change of branch and advisor corrects the history; none when it only concerns what comes.
fn corrected_since(uow: &Uow, client: &Client, effective_on: Option<NaiveDate>) -> Result<Option<NaiveDate>, Error> {
    let Some(day) = effective_on.filter(|day| *day != uow.today()) else { return Ok(None) };
    if day < client.opened_on || day > uow.today() {
        let (en, zh) = ("Between the day the client was opened and today", "应在开户日与今日之间");
        return Err(Error::fault(Fault::new("/effective_on", "range", en, zh)));
    }
    Ok(Some(day))
}

/// Enters or replaces the client of a number. True when it was entered.
pub async fn put_by_number(uow: &mut Uow, new: NewClient, version: Option<i64>) -> Result<(Client, bool), Error> {
    let (conn, scope) = uow.scoped();
    let Some(found) = store::client_by_number(conn, scope, &new.client_no).await? else {
        return enter(uow, new, version).await;
    };
    let (before, key) = load(uow, found.client_id).await?;
    let identity = Identity { document: new.document, phone: new.phone, email: new.email, address: new.address };
    let after = Client {
        name: new.name,
        kind: new.kind,
        branch_id: new.branch_id,
        advisor_id: new.advisor_id,
        opened_on: new.opened_on.unwrap_or(before.opened_on),
        identity,
        ..before.clone()
    };
    Ok((write(uow, &before, after, &key, version, "client.changed").await?, false))
}

/// A client that is not there has no version to match. Whoever entered the same number a moment ago is in the way, once:
/// the next try finds the client there.
async fn enter(uow: &mut Uow, new: NewClient, version: Option<i64>) -> Result<(Client, bool), Error> {
    if version.is_some() {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    match super::open(uow, new).await {
        Err(taken) if taken.is(&CLIENT_NO_TAKEN) => Err(taken.with(|refusal| refusal.retry_after_s = Some(1))),
        outcome => outcome.map(|client| (client, true)),
    }
}

/// Closes a client over `version` (any version when none is given).
pub async fn close(
    uow: &mut Uow,
    id: ClientId,
    closed_on: Option<NaiveDate>,
    reason: String,
    version: Option<i64>,
) -> Result<Client, Error> {
    let (before, key) = load(uow, id).await?;
    let today = uow.today();
    let closed_on = closed_on.unwrap_or(today);
    if closed_on < before.opened_on || closed_on > today {
        let (en, zh) = ("Between the day the client was opened and today", "应在开户日与今日之间");
        return Err(Error::fault(Fault::new("/closed_on", "range", en, zh)));
    }
    let after = Client {
        status: ClientStatus::Closed,
        closed_on: Some(closed_on),
        close_reason: Some(reason),
        ..before.clone()
    };
    match write(uow, &before, after, &key, version, "client.closed").await {
        // The caller named no version. Somebody else was quicker; the next try sees what they did.
        Err(overtaken) if version.is_none() && overtaken.is(&error::VERSION_MISMATCH) => {
            Err(Error::code(&error::CONFLICT).with(|refusal| refusal.retry_after_s = Some(1)))
        }
        outcome => outcome,
    }
}

/// The identifiers in the clear, for a stated purpose that goes into the audit trail.
pub async fn reveal(uow: &mut Uow, id: ClientId, purpose: String) -> Result<Identity, Error> {
    let client = super::read(uow, id).await?;
    uow.record(Event::access("client.revealed", "client", id.0).of_client(id).purpose(purpose));
    Ok(client.identity)
}

/// A client in scope that may still be changed.
pub async fn changeable(uow: &mut Uow, id: ClientId) -> Result<ClientRef, Error> {
    let client = super::visible(uow, id).await?;
    if client.status == ClientStatus::Closed { Err(Error::code(&CLIENT_CLOSED)) } else { Ok(client) }
}

/// A client in scope that may still be changed, and its data key.
async fn load(uow: &mut Uow, id: ClientId) -> Result<(Client, Sealer), Error> {
    let (conn, scope) = uow.scoped();
    let found = store::client(conn, scope, id).await?.ok_or_else(Error::not_found)?;
    if found.status == ClientStatus::Closed {
        return Err(Error::code(&CLIENT_CLOSED));
    }
    let wrapped = found.wrapped_key.clone().ok_or_else(Error::not_found)?;
    let key = uow.keyring().data_key(id, &wrapped)?;
    Ok((identity::opened(uow.keyring(), found)?, key))
}

async fn write(
    uow: &mut Uow,
    before: &Client,
    mut after: Client,
    key: &Sealer,
    version: Option<i64>,
    event: &'static str,
) -> Result<Client, Error> {
    if version.is_some_and(|version| version != before.row_version) {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    // Nothing changed: nothing is written, told or counted.
    if changed(before, &after).is_empty() {
        return Ok(after);
    }
    plausible_opening(Some(after.opened_on), uow.today())?;
    let moved = (before.branch_id, before.advisor_id) != (after.branch_id, after.advisor_id);
    let may_go = before.branch_id == after.branch_id || may_place(uow, after.branch_id);
    if moved && !(may_go && uow.scope().covers(after.branch_id, after.advisor_id)) {
        return Err(Error::code(&access::UNKNOWN_BRANCH));
    }
    if let Some(advisor_id) = after.advisor_id.filter(|_| before.advisor_id != after.advisor_id) {
        let (conn, scope) = uow.scoped();
        if !access::advisor_exists(conn, scope, advisor_id).await? {
            return Err(Error::code(&access::UNKNOWN_ADVISOR));
        }
    }
    if before.identity.document != after.identity.document {
        let index = |client: &Client| {
            client.identity.document.as_ref().map(|document| identity::document_index(uow.keyring(), document))
        };
        let (old, new) = (index(before), index(&after));
        store::move_document_claim(uow.conn(), after.client_id, old.as_deref(), new.as_deref()).await?;
    }
    after.updated_at = uow.now();
    let version = version.unwrap_or(before.row_version);
    if !store::update(uow.conn(), &identity::sealed(key, &after)?, version).await? {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    after.row_version = version + 1;
    if moved {
        let Client { client_id, branch_id, advisor_id, .. } = after;
        super::assignments::assign(uow, &[NewAssignment { client_id, branch_id, advisor_id }]).await?;
    }
    uow.record(
        Event::new(event, "client", after.client_id.0)
            .of_client(after.client_id)
            .data(json!({ "changed": changed(before, &after) })),
    );
    Ok(after)
}

/// Names of what changed; never the values.
fn changed(before: &Client, after: &Client) -> Vec<&'static str> {
    let (old, new) = (&before.identity, &after.identity);
    [
        ("name", before.name != after.name),
        ("kind", before.kind != after.kind),
        ("status", before.status != after.status),
        ("branch_id", before.branch_id != after.branch_id),
        ("advisor_id", before.advisor_id != after.advisor_id),
        ("opened_on", before.opened_on != after.opened_on),
        ("document", old.document != new.document),
        ("phone", old.phone != new.phone),
        ("email", old.email != new.email),
        ("address", old.address != new.address),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
