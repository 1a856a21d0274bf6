//! Changing, closing and revealing clients.

use chrono::NaiveDate;

use super::super::events::*;
use super::super::model::*;
use super::super::rules::periods::Named;
use super::super::{CLIENT_CLOSED, CLIENT_NO_TAKEN, faults, store};
use super::identification;
use super::schedule::{self, Effective};
use super::writing::{assignment, load_open, may_move, write};
use platform::db::Uow;
use platform::db::vault::Sealer;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::ClientId;
use platform::kernel::lifecycle;
use platform::kernel::lock::Lock;

/// Changes a client.
pub async fn change(uow: &mut Uow, id: ClientId, change: ClientChange, mut lock: Lock) -> Result<Changed, Error> {
    loop {
        let (mut before, key) = load_open(uow, id).await?;
        lock.check(before.row_version)?;
        let when = schedule::effective(uow, &before, change.effective_on)?;
        let mut after = before.with(change.apply(&before.said())?);
        let mut named = Named::default();
        if let Effective::From(_) = when {
            may_move(uow, &before, &after).await?;
            named = schedule::taken_out(&change, &before, &mut after);
            if named == Named::default() {
                return Err(Error::fault(faults::NOTHING_TO_SCHEDULE.at("/effective_on")));
            }
            if !schedule::touch(uow, &before).await? {
                lock.overtaken()?;
                continue;
            }
            (before.row_version, after.row_version) = (before.row_version + 1, after.row_version + 1);
            after.updated_at = uow.now();
        }
        if let Some(mut changed) = write_or_ask(uow, &before, after, &key).await? {
            match when {
                Effective::Now => {}
                Effective::Since(day) => correct(uow, &changed.client, day).await?,
                Effective::From(day) => {
                    schedule::schedule(uow, id, day, named).await?;
                    changed.is_applied = true;
                }
            }
            return Ok(changed);
        }
        lock.overtaken()?;
    }
}

async fn correct(uow: &mut Uow, client: &Client, since: NaiveDate) -> Result<(), Error> {
    super::assignments::correct(uow, assignment(client), since).await?;
    let event = Event::new(ClientAssignmentCorrected { since }, client.client_id.0);
    uow.record(event.of_client(client.client_id));
    Ok(())
}

/// Enters or replaces the client of a number. True when it was entered.
pub async fn put_by_number(uow: &mut Uow, new: NewClient, mut lock: Lock) -> Result<(Changed, bool), Error> {
    loop {
        let (conn, scope) = uow.scoped();
        let Some(found) = store::client_by_number(conn, scope, &new.client_no).await? else {
            lock.check_absent()?;
            let client = enter(uow, new).await?;
            return Ok((Changed { client, is_applied: true, waiting: None }, true));
        };
        let (before, key) = load_open(uow, found.client_id).await?;
        lock.check(before.row_version)?;
        let after = before.with(new.clone());
        if let Some(changed) = write_or_ask(uow, &before, after, &key).await? {
            return Ok((changed, false));
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
            schedule::cancel_all(uow, id).await?;
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

/// Writes what one person may change, and asks for the rest; none when somebody else wrote in between.
async fn write_or_ask(
    uow: &mut Uow,
    before: &Client,
    mut after: Client,
    key: &Sealer,
) -> Result<Option<Changed>, Error> {
    if before.identity.document != after.identity.document {
        after.is_consistent()?;
    }
    let held = identification::held_back(before, &mut after)?;
    let mut waiting = if held.is_empty() { None } else { identification::already_waiting(uow, before, &held).await? };
    let Some(mut client) = write(uow, before, after, key, ClientChanged).await? else { return Ok(None) };
    let is_applied = client.row_version != before.row_version;
    if !held.is_empty() && (is_applied || waiting.is_none()) {
        waiting = Some(identification::ask(uow, &client, held).await?);
        client = super::read(uow, client.client_id).await?;
    }
    Ok(Some(Changed { client, is_applied, waiting }))
}
