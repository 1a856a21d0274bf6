//! Who was answered with what belongs to a client.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::model::{KeptRead, ReadFilter};
use super::super::service;
use super::scope::firm_only;
use platform::db::Db;
use platform::http::permission::{AuditRead, Permission};
use platform::http::{Actor, Listing, PageOf, Paging};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// A read of a client: an answer that was given. (c1)
#[derive(Serialize, ToSchema)]
pub struct ClientReadView {
    /// Id; later ones are greater.
    client_read_id: Uuid,
    /// Whom the answer was about.
    client_id: ClientId,
    /// When it was given.
    read_at: DateTime<Utc>,
    /// Who got it: `staff:` or `system:` and a name. (c2)
    #[schema(example = "staff:01890000-0000-7000-8000-000000000001")]
    actor: String,
    /// From where, as far as the connection tells. (c2)
    #[schema(example = "192.0.2.1")]
    address: Option<String>,
    /// In which request.
    request_id: String,
    /// By which operation: method and path as in this document.
    #[schema(example = "GET /v1/clients/{client_id}/overview")]
    operation: String,
}

impl From<KeptRead> for ClientReadView {
    fn from(read: KeptRead) -> Self {
        let KeptRead { client_read_id, client_id, read_at, actor, address, request_id, operation } = read;
        Self { client_read_id, client_id, read_at, actor, address, request_id, operation }
    }
}

/// One page of reads. (c1)
#[derive(Serialize, ToSchema)]
pub struct ClientReadList {
    /// The page.
    items: Vec<ClientReadView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Which reads.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClientReadQuery {
    /// Of this client.
    #[serde(default)]
    client_id: Option<ClientId>,
    /// By this principal.
    #[param(max_length = 200, example = "staff:01890000-0000-7000-8000-000000000001")]
    #[serde(default)]
    actor: Option<String>,
}

/// List reads of clients
///
/// Newest first: every answer about one client, by an operation of that client or a list of theirs; refused requests
/// and lists of many clients are none. An answer appears a moment after it was given. It takes the scope of the whole
/// firm.
#[utoipa::path(
    tag = "audit",
    params(ClientReadQuery, Paging),
    responses((status = OK, body = ClientReadList)),
    security(("oauth2" = [AuditRead::SCOPE]))
)]
#[get("/v1/audit/client-reads")]
pub async fn list_client_reads(
    actor: Actor<AuditRead>,
    listing: Listing<ClientReadQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<ClientReadList>, Error> {
    firm_only(&actor)?;
    let ClientReadQuery { client_id, actor: by } = &listing.filter;
    let filter = ReadFilter { client_id: *client_id, actor: by.clone() };
    let page = service::reads(&mut db.read(&actor).await?, &filter, &listing.page()?).await?;
    listing.answer(page.map(ClientReadView::from), |items, next_cursor| ClientReadList { items, next_cursor })
}
