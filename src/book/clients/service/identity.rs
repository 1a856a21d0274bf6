//! Sealing and opening what identifies a client.

use super::super::model::{Client, Document, Identity};
use super::super::store::{SealedClient, SealedIdentity};
use platform::db::vault::{Keyring, Sealer};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::label::Labelled;

/// A stored client with its identifiers opened. A client whose key was erased has none.
pub fn opened(keyring: &Keyring, row: SealedClient) -> Result<Client, Error> {
    let key = row.wrapped_key.as_deref().map(|wrapped| keyring.data_key(row.client_id, wrapped)).transpose()?;
    let open = |what: &str, sealed: &Option<Vec<u8>>| match (&key, sealed) {
        (Some(key), Some(sealed)) => open_text(key, what, row.client_id, sealed).map(Some),
        _ => Ok(None),
    };
    let sealed = &row.sealed;
    let number = open("client.document_number", &sealed.document_number)?;
    let identity = Identity {
        document: sealed.document_type.zip(number).map(|(r#type, number)| Document { r#type, number }),
        phone: open("client.phone", &sealed.phone)?,
        email: open("client.email", &sealed.email)?,
        address: open("client.address", &sealed.address)?,
        previous_client_id: sealed.previous_client_id,
    };
    Ok(Client {
        client_id: row.client_id,
        client_no: row.client_no,
        profile: row.profile,
        lifespan: row.lifespan,
        tier: row.tier,
        identity,
        row_version: row.row_version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        pending_changes: row.pending_changes,
    })
}

/// Identifiers ready to be stored.
pub fn sealed(key: &Sealer, id: ClientId, identity: &Identity) -> Result<SealedIdentity, Error> {
    let seal = |what: &str, value: Option<&String>| {
        value.map(|text| key.seal(&purpose(what, id), text.as_bytes())).transpose()
    };
    Ok(SealedIdentity {
        document_type: identity.document.as_ref().map(|document| document.r#type),
        document_number: seal("client.document_number", identity.document.as_ref().map(|document| &document.number))?,
        phone: seal("client.phone", identity.phone.as_ref())?,
        email: seal("client.email", identity.email.as_ref())?,
        address: seal("client.address", identity.address.as_ref())?,
        previous_client_id: identity.previous_client_id,
    })
}

/// The blind index by which equal documents are found.
pub fn document_index(keyring: &Keyring, document: &Document) -> Vec<u8> {
    keyring.blind_index("client.document", &format!("{} {}", document.r#type.code(), document.number.to_uppercase()))
}

fn open_text(key: &Sealer, what: &str, id: ClientId, sealed: &[u8]) -> Result<String, Error> {
    String::from_utf8(key.open(&purpose(what, id), sealed)?).map_err(Error::internal)
}

/// Additional data: table, column and client, so a sealed value cannot be moved.
fn purpose(what: &str, id: ClientId) -> String {
    format!("{what}/{id}")
}
