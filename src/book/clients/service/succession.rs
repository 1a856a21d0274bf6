//! An identity document that belongs to a closed client is no dead end: the client is opened again, or a new record
//! continues it and takes the document over.

use std::collections::HashMap;

use super::super::model::*;
use super::super::{DOCUMENT_TAKEN, faults, store};
use super::identity;
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// A client to be opened whose identity document is somebody else's.
pub struct Lost {
    index: Vec<u8>,
    client_id: ClientId,
    continues: Option<ClientId>,
}

impl Lost {
    /// By the blind index of the document.
    pub fn new(index: Vec<u8>, client: &Client) -> Self {
        Self { index, client_id: client.client_id, continues: client.identity.previous_client_id }
    }
}

/// Refuses clients that would continue a record that is not there, not that of a closed client, or continued already.
pub async fn refuse_unknown(uow: &mut Uow, outcomes: &mut [Result<Client, Error>]) -> Result<(), Error> {
    let named: Vec<ClientId> =
        outcomes.iter().flatten().filter_map(|client| client.identity.previous_client_id).collect();
    if named.is_empty() {
        return Ok(());
    }
    let continued = store::continued(uow.conn(), &named).await?;
    let closed: Vec<ClientId> = super::resolve(uow, &[], &named)
        .await?
        .into_iter()
        .filter(|client| client.status == ClientStatus::Closed && !continued.contains(&client.client_id))
        .map(|client| client.client_id)
        .collect();
    for outcome in outcomes {
        let continues = outcome.as_ref().ok().and_then(|client| client.identity.previous_client_id);
        if continues.is_some_and(|id| !closed.contains(&id)) {
            *outcome = Err(Error::fault(faults::PREVIOUS_CLIENT.at("/previous_client_id")));
        }
    }
    Ok(())
}

/// Takes documents over from the closed clients whose records are continued; gives the refusals of all others.
pub async fn take_over(uow: &mut Uow, lost: Vec<Lost>) -> Result<HashMap<ClientId, Error>, Error> {
    let mut refused = HashMap::new();
    if lost.is_empty() {
        return Ok(refused);
    }
    let indexes: Vec<Vec<u8>> = lost.iter().map(|lost| lost.index.clone()).collect();
    let owners = store::document_owners(uow.conn(), &indexes).await?;
    let ids: Vec<ClientId> = owners.values().copied().collect();
    let seen: HashMap<ClientId, ClientRef> =
        super::resolve(uow, &[], &ids).await?.into_iter().map(|client| (client.client_id, client)).collect();
    for Lost { index, client_id, continues } in lost {
        let owner = owners.get(&index).copied();
        let taken_over = match owner.filter(|owner| Some(*owner) == continues) {
            Some(owner) => store::take_over_document(uow.conn(), &index, owner, client_id).await?,
            None => false,
        };
        if !taken_over {
            refused.insert(client_id, taken(owner.and_then(|owner| seen.get(&owner))));
        }
    }
    Ok(refused)
}

/// Refuses a client whose document was taken over by the record that continues it.
pub async fn still_has_document(uow: &mut Uow, client: &Client) -> Result<(), Error> {
    let Some(document) = &client.identity.document else { return Ok(()) };
    let index = identity::document_index(uow.keyring(), document);
    let owner = store::document_owner(uow.conn(), &index).await?;
    match owner.filter(|owner| *owner != client.client_id) {
        None => Ok(()),
        Some(owner) => Err(Error::detailed(
            &DOCUMENT_TAKEN,
            format!("Client {owner} took the document over and continues this record."),
            format!("该证件已由客户 {owner} 承接，其记录延续本记录。"),
        )),
    }
}

/// The document is that of somebody else: of a closed client in scope, with the two ways on.
pub fn taken(owner: Option<&ClientRef>) -> Error {
    let Some(ClientRef { client_id, client_no, .. }) = owner.filter(|owner| owner.status == ClientStatus::Closed)
    else {
        return Error::code(&DOCUMENT_TAKEN);
    };
    Error::detailed(
        &DOCUMENT_TAKEN,
        format!(
            "It is that of client {client_no}, which is closed. Ask for it to be opened again with POST \
             /v1/clients/{client_id}/reopen, or enter a new client with previous_client_id {client_id}, which takes the \
             document over."
        ),
        format!(
            "该证件属于已销户客户 {client_no}。可通过 POST /v1/clients/{client_id}/reopen 申请重新开户，\
             或新建客户并填写 previous_client_id {client_id} 以承接该证件。"
        ),
    )
}
