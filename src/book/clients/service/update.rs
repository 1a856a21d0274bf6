//! Bringing clients to what a list says of them.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::super::model::*;
use super::super::store;
use super::{change, identity};
use platform::db::Uow;
use platform::kernel::batch::{Outcome, Pending};
use platform::kernel::error::{Error, Fault};
use platform::kernel::ids::{ClientId, PendingChangeId};
use platform::kernel::lock::Lock;

/// What became of what a list says of a client.
pub enum Updated {
    /// Written.
    Changed(ClientId),
    /// The client is so already.
    Unchanged,
    /// Some or all of it waits for a second person; the rest is written.
    Waiting(PendingChangeId),
    /// Nobody in scope has the number.
    Missing,
    /// Nothing of it is written.
    Refused(Vec<Fault>),
}

/// Brings clients to what a list says of them; what it leaves open stays. All are read in one statement, and those
/// that are so already cost no other.
pub async fn update_many<P>(uow: &mut Uow, batch: Vec<Pending<NewClient, P>>) -> Result<Vec<(P, Updated)>, Error> {
    let numbers: Vec<String> = batch.iter().map(|row| row.item.client_no.clone()).collect();
    let found = super::resolve(uow, &numbers, &[]).await?;
    let asked: Vec<_> = found.iter().map(|client| (client.client_id, uow.visibility())).collect();
    let mut known: HashMap<String, Client> = HashMap::new();
    for row in store::clients_in_scopes(uow.conn(), &asked).await?.into_iter().flatten() {
        let client = identity::opened(uow.keyring(), row)?;
        known.insert(client.client_no.clone(), client);
    }
    let (mut written, mut updated) = (HashSet::new(), Vec::with_capacity(batch.len()));
    for Pending { place, item: new, .. } in batch {
        let Some(client) = known.get(&new.client_no) else {
            updated.push((place, Updated::Missing));
            continue;
        };
        let change = ClientChange { members: named(&new)?, effective_on: None };
        // What an earlier row of the list wrote is not in what was read.
        let is_same = !written.contains(&client.client_id) && change.leaves(&client.said())?;
        updated.push((place, if is_same { Updated::Unchanged } else { update(uow, client.client_id, change).await? }));
        written.insert(client.client_id);
    }
    Ok(updated)
}

async fn update(uow: &mut Uow, id: ClientId, change: ClientChange) -> Result<Updated, Error> {
    match change::change(uow, id, change, Lock::none()).await {
        Ok(Changed { waiting: Some(change), .. }) => Ok(Updated::Waiting(change.pending_change_id)),
        Ok(Changed { is_applied: true, .. }) => Ok(Updated::Changed(id)),
        Ok(_) => Ok(Updated::Unchanged),
        Err(error) => match Outcome::refused(error)? {
            Outcome::Rejected(faults) => Ok(Updated::Refused(faults)),
            Outcome::Accepted(_) | Outcome::Duplicate(_) | Outcome::ReversedBefore(_) => Ok(Updated::Unchanged),
        },
    }
}

/// What a list says of a client, without what it leaves open.
fn named(new: &NewClient) -> Result<Map<String, Value>, Error> {
    let mut members = serde_json::to_value(new).map_err(Error::internal)?.as_object().cloned().unwrap_or_default();
    members.retain(|_, value| !value.is_null());
    Ok(members)
}
