//! Opening a closed client again, which takes a second person.

use serde_json::json;

use super::super::events::ClientReopened;
use super::super::model::*;
use super::{succession, writing};
use platform::approvals::{self, NewChange, PendingChange};
use platform::db::{Read, Uow};
use platform::kernel::error::{self, Error};
use platform::kernel::ids::ClientId;
use platform::kernel::lifecycle;
use platform::kernel::lock::Lock;

/// What approvals call it.
pub const REOPENING: &str = "client_reopening";

/// Asks for a closed client to be opened again.
pub async fn ask_to_reopen(uow: &mut Uow, id: ClientId, reason: String, lock: Lock) -> Result<PendingChange, Error> {
    let client = super::read(uow, id).await?;
    lock.check(client.row_version)?;
    lifecycle::step(client.lifespan.status, ClientAction::Reopen)?;
    succession::still_has_document(uow, &client).await?;
    let new = NewChange {
        kind: REOPENING,
        subject_id: id.0,
        client_id: Some(id),
        row_version: client.row_version,
        payload: json!({}),
        comment: Some(reason),
    };
    approvals::propose(uow, new).await
}

/// Opens the client that a change is about again: the account of the past stays, the closing is taken back.
pub async fn reopen(uow: &mut Uow, approved: &PendingChange) -> Result<(), Error> {
    let (before, key) = writing::load(uow, ClientId(approved.subject_id)).await?;
    if before.row_version != approved.row_version {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    let status = lifecycle::step(before.lifespan.status, ClientAction::Reopen)?;
    let mut after = before.clone();
    after.lifespan = Lifespan { status, closed_on: None, close_reason: None, ..after.lifespan };
    match writing::write(uow, &before, after, &key, ClientReopened).await? {
        // Asked when the row is written: whoever takes the document over has done so or waits.
        Some(client) => succession::still_has_document(uow, &client).await,
        None => Err(Error::code(&error::VERSION_MISMATCH)),
    }
}

/// The version of the client that a change is about; none when it is gone.
pub async fn version(read: &mut Read, change: &PendingChange) -> Result<Option<i64>, Error> {
    match super::read(read, ClientId(change.subject_id)).await {
        Ok(client) => Ok(Some(client.row_version)),
        Err(gone) if gone.is(&error::NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}
