//! The audit trail: what is written beside an effect, and how it is read.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::read::Read;
use super::vault::{Keyring, Sealer};
use crate::kernel::error::Error;
use crate::kernel::event::{Change, Event};
use crate::kernel::ids::ClientId;
use crate::kernel::page::{Page, PageRequest};

/// What the sealed changes are.
const CHANGE: &str = "audit_entry.change";

/// Which entries.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// About this client.
    pub client_id: Option<ClientId>,
    /// By this principal.
    pub actor: Option<String>,
    /// Of this kind.
    pub action: Option<String>,
}

/// An entry of the trail.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// Id; later ones are greater.
    pub audit_entry_id: Uuid,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// From where, as far as the connection tells.
    pub address: Option<String>,
    /// In which request or job.
    pub request_id: String,
    /// What happened.
    pub action: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which.
    pub subject_id: Option<Uuid>,
    /// Of which client.
    pub client_id: Option<ClientId>,
    /// Why, where a purpose was asked for.
    pub purpose: Option<String>,
    /// References, codes, counts.
    pub detail: Value,
    /// What changed; none where nothing did, or where the client's key was erased.
    pub change: Option<Change>,
}

#[derive(sqlx::FromRow)]
struct Row {
    audit_entry_id: Uuid,
    occurred_at: DateTime<Utc>,
    actor: String,
    address: Option<String>,
    request_id: String,
    action: String,
    subject_kind: String,
    subject_id: Option<Uuid>,
    client_id: Option<Uuid>,
    purpose: Option<String>,
    detail: Value,
    change: Option<Vec<u8>>,
    wrapped_key: Option<Vec<u8>>,
}

impl Row {
    fn opened(self, keyring: &Keyring) -> Result<AuditEntry, Error> {
        let client_id = self.client_id.map(ClientId);
        let plain = match (self.change, client_id, self.wrapped_key) {
            (Some(sealed), None, _) => Some(keyring.house().open(CHANGE, &sealed)?),
            (Some(sealed), Some(client_id), Some(wrapped)) => {
                Some(keyring.data_key(client_id, &wrapped)?.open(CHANGE, &sealed)?)
            }
            _ => None,
        };
        Ok(AuditEntry {
            audit_entry_id: self.audit_entry_id,
            occurred_at: self.occurred_at,
            actor: self.actor,
            address: self.address,
            request_id: self.request_id,
            action: self.action,
            subject_kind: self.subject_kind,
            subject_id: self.subject_id,
            client_id,
            purpose: self.purpose,
            detail: self.detail,
            change: plain.map(|plain| serde_json::from_slice(&plain)).transpose().map_err(Error::internal)?,
        })
    }
}

/// Entries, newest first.
pub async fn entries(
    read: &mut Read,
    filter: &AuditFilter,
    page: &PageRequest<Uuid>,
) -> Result<Page<AuditEntry, Uuid>, Error> {
    let mut query = QueryBuilder::new(
        "SELECT a.audit_entry_id, a.occurred_at, a.actor, a.address, a.request_id, a.action, a.subject_kind, a.subject_id,
                a.client_id, a.purpose, a.detail, a.change, k.wrapped_key
         FROM audit_entry a LEFT JOIN data_key k ON k.client_id = a.client_id WHERE TRUE",
    );
    if let Some(client_id) = filter.client_id {
        query.push(" AND a.client_id = ").push_bind(client_id);
    }
    if let Some(actor) = &filter.actor {
        query.push(" AND a.actor = ").push_bind(actor);
    }
    if let Some(action) = &filter.action {
        query.push(" AND a.action = ").push_bind(action);
    }
    if let Some(after) = page.after {
        query.push(" AND a.audit_entry_id < ").push_bind(after);
    }
    query.push(" ORDER BY a.audit_entry_id DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<Row> = query.build_query_as().fetch_all(read.conn()).await?;
    let page = Page::from_rows(rows, page.limit, |row| row.audit_entry_id);
    let items = page.items.into_iter().map(|row| row.opened(read.keyring())).collect::<Result<Vec<_>, _>>()?;
    Ok(Page { items, next: page.next })
}

/// What changed, event by event, each under the key of its client.
pub(super) async fn sealed_changes(read: &mut Read, events: &[Event]) -> Result<Vec<Option<Vec<u8>>>, Error> {
    let clients = events.iter().filter(|event| event.change.is_some()).filter_map(|event| event.client_id);
    let clients: Vec<ClientId> = clients.collect();
    let mut keys: HashMap<ClientId, Sealer> = HashMap::new();
    if !clients.is_empty() {
        let found = sqlx::query!(
            "SELECT client_id, wrapped_key FROM data_key WHERE client_id = ANY($1)",
            &clients as &[ClientId]
        )
        .fetch_all(read.conn())
        .await?;
        for row in found {
            let client_id = ClientId(row.client_id);
            keys.insert(client_id, read.keyring().data_key(client_id, &row.wrapped_key)?);
        }
    }
    let house = read.keyring().house();
    let seal = |event: &Event| {
        let Some(change) = &event.change else { return Ok(None) };
        let key = match event.client_id {
            None => house,
            // Erased: what changed is not kept either.
            Some(client_id) => match keys.get(&client_id) {
                Some(key) => key,
                None => return Ok(None),
            },
        };
        let plain = serde_json::to_vec(change).map_err(Error::internal)?;
        key.seal(CHANGE, &plain).map(Some)
    };
    events.iter().map(seal).collect()
}
