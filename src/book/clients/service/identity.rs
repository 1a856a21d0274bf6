//! Sealing and opening what identifies a client.

use super::super::model::{Client, DocumentType, Identity};
use super::super::store::SealedClient;
use platform::db::vault::{Keyring, Sealer};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

const DOCUMENT: &str = "client.document_number";
const PHONE: &str = "client.phone";
const EMAIL: &str = "client.email";
const ADDRESS: &str = "client.address";

/// A stored client with its identifiers opened. A client whose key was erased has none.
pub fn opened(keyring: &Keyring, row: SealedClient) -> Result<Client, Error> {
    let key = row.wrapped_key.as_deref().map(|wrapped| keyring.data_key(row.client_id, wrapped)).transpose()?;
    let open = |what: &str, sealed: &Option<Vec<u8>>| match (&key, sealed) {
        (Some(key), Some(sealed)) => open_text(key, what, row.client_id, sealed).map(Some),
        _ => Ok(None),
    };
    let identity = Identity {
        document: row.document_type.zip(open(DOCUMENT, &row.document_number)?),
        phone: open(PHONE, &row.phone)?,
        email: open(EMAIL, &row.email)?,
        address: open(ADDRESS, &row.address)?,
    };
    Ok(Client {
        client_id: row.client_id,
        client_no: row.client_no,
        name: row.name,
        kind: row.kind,
        status: row.status,
        branch_id: row.branch_id,
        advisor_id: row.advisor_id,
        tier: row.tier,
        opened_on: row.opened_on,
        closed_on: row.closed_on,
        close_reason: row.close_reason,
        identity,
        row_version: row.row_version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// A client ready to be stored.
pub fn sealed(key: &Sealer, client: &Client) -> Result<SealedClient, Error> {
    let seal = |what: &str, value: Option<&String>| {
        value.map(|text| key.seal(&purpose(what, client.client_id), text.as_bytes())).transpose()
    };
    let identity = &client.identity;
    Ok(SealedClient {
        client_id: client.client_id,
        client_no: client.client_no.clone(),
        name: client.name.clone(),
        kind: client.kind,
        status: client.status,
        branch_id: client.branch_id,
        advisor_id: client.advisor_id,
        tier: client.tier,
        opened_on: client.opened_on,
        closed_on: client.closed_on,
        close_reason: client.close_reason.clone(),
        document_type: identity.document.as_ref().map(|(kind, _)| *kind),
        document_number: seal(DOCUMENT, identity.document.as_ref().map(|(_, number)| number))?,
        phone: seal(PHONE, identity.phone.as_ref())?,
        email: seal(EMAIL, identity.email.as_ref())?,
        address: seal(ADDRESS, identity.address.as_ref())?,
        row_version: client.row_version,
        created_at: client.created_at,
        updated_at: client.updated_at,
        wrapped_key: None,
    })
}

/// The blind index by which equal documents are found.
pub fn document_index(keyring: &Keyring, document: &(DocumentType, String)) -> Vec<u8> {
    keyring.blind_index("client.document", &format!("{} {}", document.0.as_str(), document.1.to_uppercase()))
}

fn open_text(key: &Sealer, what: &str, id: ClientId, sealed: &[u8]) -> Result<String, Error> {
    String::from_utf8(key.open(&purpose(what, id), sealed)?).map_err(Error::internal)
}

/// Additional data: table, column and client, so a sealed value cannot be moved.
fn purpose(what: &str, id: ClientId) -> String {
    format!("{what}/{id}")
}
