//! Name and identity document of a client that is there: they change when a second person agrees, whichever way the
//! change comes.

use std::mem;

use serde_json::{Map, Value, json};

use super::super::events::ClientChanged;
use super::super::model::*;
use super::super::{rules, store};
use super::{identity, succession, writing};
use platform::approvals::{self, CHANGE_PENDING, NewChange, PendingChange};
use platform::db::Uow;
use platform::kernel::error::{self, Error};
use platform::kernel::ids::ClientId;

/// What approvals call it.
pub const IDENTIFICATION: &str = "client_identification";

/// Takes out of a change what waits for a second person; a merge patch of it, empty when there is nothing.
pub fn held_back(before: &Client, after: &mut Client) -> Result<Map<String, Value>, Error> {
    let mut held = Map::new();
    let name = mem::replace(&mut after.profile.name, before.profile.name.clone());
    if name != before.profile.name {
        held.insert("name".to_owned(), Value::String(name));
    }
    let document = mem::replace(&mut after.identity.document, before.identity.document.clone());
    if document != before.identity.document {
        held.insert("document".to_owned(), serde_json::to_value(document).map_err(Error::internal)?);
    }
    Ok(held)
}

/// The same that waits already, or none when it may be asked for: refused where the document is somebody else's or
/// where something else waits. Asked before anything is written, so that a refusal leaves nothing behind.
pub async fn already_waiting(
    uow: &mut Uow,
    client: &Client,
    held: &Map<String, Value>,
) -> Result<Option<PendingChange>, Error> {
    if let Some(document) = held.get("document").filter(|document| !document.is_null()) {
        let document: Document = serde_json::from_value(document.clone()).map_err(Error::internal)?;
        let index = identity::document_index(uow.keyring(), &document);
        let owner = store::document_owner(uow.conn(), &index).await?;
        if let Some(owner) = owner.filter(|owner| *owner != client.client_id) {
            return Err(succession::taken(super::resolve(uow, &[], &[owner]).await?.first()));
        }
    }
    let waiting = approvals::open(uow, IDENTIFICATION, client.client_id.0).await?;
    match waiting.filter(|waiting| waiting.row_version == client.row_version) {
        Some(waiting) if waiting.payload.as_object() == Some(held) => Ok(Some(waiting)),
        Some(_) => Err(Error::code(&CHANGE_PENDING)),
        None => Ok(None),
    }
}

/// Asks for it.
pub async fn ask(uow: &mut Uow, client: &Client, held: Map<String, Value>) -> Result<PendingChange, Error> {
    let new = NewChange {
        kind: IDENTIFICATION,
        subject_id: client.client_id.0,
        client_id: Some(client.client_id),
        row_version: client.row_version,
        payload: Value::Object(held),
        comment: None,
    };
    approvals::propose(uow, new).await
}

/// Writes what a second person agreed to.
pub async fn identify(uow: &mut Uow, approved: &PendingChange) -> Result<(), Error> {
    let (before, key) = writing::load_open(uow, ClientId(approved.subject_id)).await?;
    if before.row_version != approved.row_version {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    let members = approved.payload.as_object().cloned().unwrap_or_default();
    let after = before.with(ClientChange { members, effective_on: None }.apply(&before.said())?);
    match writing::write(uow, &before, after, &key, ClientChanged).await? {
        Some(_) => Ok(()),
        None => Err(Error::code(&error::VERSION_MISMATCH)),
    }
}

/// The change as it is shown: the number masked.
pub fn shown(mut payload: Value) -> Value {
    if let Some(number) = payload.pointer_mut("/document/number") {
        *number = json!(rules::masked_document(number.as_str().unwrap_or_default()));
    }
    payload
}
