//! The trail of effects.

use std::collections::BTreeMap;

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::scope::firm_only;
use platform::db::Db;
use platform::db::audit::{self, AuditEntry, AuditFilter};
use platform::http::permission::{AuditRead, Permission};
use platform::http::{Actor, Listing, PageOf, Paging};
use platform::kernel::error::Error;
use platform::kernel::event::Changed;
use platform::kernel::ids::ClientId;

/// An entry of the audit trail. (c1)
#[derive(Serialize, ToSchema)]
pub struct AuditEntryView {
    /// Id; later ones are greater.
    audit_entry_id: Uuid,
    /// When.
    occurred_at: DateTime<Utc>,
    /// Who: `staff:` or `system:` and a name. (c2)
    #[schema(example = "system:worker")]
    actor: String,
    /// From where, as far as the connection tells. (c2)
    #[schema(example = "192.0.2.1")]
    address: Option<String>,
    /// In which request or job.
    request_id: String,
    /// What happened.
    #[schema(example = "interaction.changed")]
    action: String,
    /// To what kind of thing.
    #[schema(example = "interaction")]
    subject_kind: String,
    /// To which; null for things of many.
    subject_id: Option<Uuid>,
    /// Of which client.
    client_id: Option<ClientId>,
    /// Why, where a purpose was asked for. (c2)
    purpose: Option<String>,
    /// References, codes, counts. (c2)
    #[schema(value_type = Object)]
    detail: Value,
    /// Each member that changed, with what it was and what it is; null where nothing did, or where the client's key was
    /// erased. What identifies or reaches a client is masked. (c2)
    change: Option<BTreeMap<String, Changed>>,
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        Self {
            audit_entry_id: entry.audit_entry_id,
            occurred_at: entry.occurred_at,
            actor: entry.actor,
            address: entry.address,
            request_id: entry.request_id,
            action: entry.action,
            subject_kind: entry.subject_kind,
            subject_id: entry.subject_id,
            client_id: entry.client_id,
            purpose: entry.purpose,
            detail: entry.detail,
            change: entry.change.map(|change| change.0.into_iter().map(masked).collect()),
        }
    }
}

/// What identifies or reaches a client. It is kept whole, and shown whole to whoever reveals the client for a purpose.
const IDENTIFIERS: [&str; 4] = ["document", "phone", "email", "address"];

fn masked((member, mut changed): (String, Changed)) -> (String, Changed) {
    if IDENTIFIERS.contains(&member.as_str()) {
        mask(&mut changed.before);
        mask(&mut changed.after);
    }
    (member, changed)
}

/// Leaves the last two characters of every text.
fn mask(value: &mut Value) {
    match value {
        Value::String(text) => {
            let shown: String = text.chars().skip(text.chars().count().saturating_sub(2)).collect();
            *text = format!("****{shown}");
        }
        Value::Object(members) => members.values_mut().for_each(mask),
        _ => {}
    }
}

/// One page of entries. (c1)
#[derive(Serialize, ToSchema)]
pub struct AuditEntryList {
    /// The page.
    items: Vec<AuditEntryView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// About this client.
    #[serde(default)]
    client_id: Option<ClientId>,
    /// By this principal.
    #[param(max_length = 200, example = "system:worker")]
    #[serde(default)]
    actor: Option<String>,
    /// Of this kind.
    #[param(pattern = r"^[a-z_]+\.[a-z_]+$", max_length = 100, example = "interaction.changed")]
    #[serde(default)]
    action: Option<String>,
}

/// List entries of the audit trail
///
/// Newest first, with what was there before and after each change. It takes the scope of the whole firm.
#[utoipa::path(
    tag = "audit",
    params(AuditQuery, Paging),
    responses((status = OK, body = AuditEntryList)),
    security(("oauth2" = [AuditRead::SCOPE]))
)]
#[get("/v1/audit")]
pub async fn list_audit_entries(
    actor: Actor<AuditRead>,
    listing: Listing<AuditQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<AuditEntryList>, Error> {
    firm_only(&actor)?;
    let AuditQuery { client_id, actor: by, action } = &listing.filter;
    let filter = AuditFilter { client_id: *client_id, actor: by.clone(), action: action.clone() };
    let mut read = db.read(&actor).await?;
    let page = audit::entries(&mut read, &filter, &listing.page()?).await?;
    listing.answer(page.map(AuditEntryView::from), |items, next_cursor| AuditEntryList { items, next_cursor })
}
