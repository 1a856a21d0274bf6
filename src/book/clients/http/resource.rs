//! Clients: create, list, read, change, put by number.

use actix_web::{get, patch, post, put, web};

use super::super::model::{Changed, NewClient};
use super::super::service::{self, Readers};
use super::bodies::*;
use super::query::*;
use super::views::{ClientList, ClientView};
use platform::approvals::{PendingChangeView, Proposed};
use platform::db::Db;
use platform::http::permission::{ClientsRead, ClientsWrite, Permission};
use platform::http::respond::Put;
use platform::http::{
    Actor, ClientPath, Counting, Created, Json, Language, Listing, PageOf, Paging, Path, Query, RequiredLock, Tagged,
};
use platform::kernel::error::Error;
use platform::kernel::lock::Lock;

/// Create a client
///
/// Number and identity document belong to one client only. Identifiers are encrypted at rest and masked in answers.
#[utoipa::path(
    tag = "clients",
    responses((status = CREATED, body = ClientView)),
    security(("oauth2" = [ClientsWrite::SCOPE]))
)]
#[post("/v1/clients")]
pub async fn create_client(
    actor: Actor<ClientsWrite>,
    Json(body): Json<NewClient>,
    db: web::Data<Db>,
) -> Result<Created<ClientView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let client = service::open(&mut uow, body).await?;
    let location = format!("/v1/clients/{}", client.client_id);
    let (version, body) = (Some(client.row_version), ClientView::new(client, &actor.principal));
    uow.finish(Created { location, version, body }).await
}

/// List clients
///
/// Those in the caller's scope, newest first unless `sort` says otherwise.
#[utoipa::path(
    tag = "clients",
    params(ClientQuery, Paging, Counting),
    responses((status = OK, body = ClientList)),
    security(("oauth2" = [ClientsRead::SCOPE]))
)]
#[get("/v1/clients")]
pub async fn list_clients(
    actor: Actor<ClientsRead>,
    listing: Listing<ClientQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<ClientList>, Error> {
    let order = listing.filter.sort.unwrap_or_default();
    let (filter, page) = (listing.filter.filter(db.calendar()), listing.page()?);
    let (page, total) =
        service::list(&mut db.read(&actor).await?, &filter, order, &page, listing.wants_total()).await?;
    let view = |client| ClientView::new(client, &actor.principal);
    listing.answer(page.map(view), |items, next_cursor| ClientList { items, next_cursor, total })
}

/// Get a client
#[utoipa::path(
    tag = "clients",
    params(ClientPath, AsOfQuery),
    responses((status = OK, body = ClientView)),
    security(("oauth2" = [ClientsRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}")]
pub async fn get_client(
    actor: Actor<ClientsRead>,
    Path(path): Path<ClientPath>,
    Query(query): Query<AsOfQuery>,
    readers: web::Data<Readers>,
    db: web::Data<Db>,
) -> Result<Tagged<ClientView>, Error> {
    let client = match query.as_of {
        Some(as_of) => service::read_as_of(&mut db.read(&actor).await?, path.client_id, as_of).await?,
        None => service::read_along(&db, &readers, actor.visibility(), path.client_id).await?,
    };
    Ok(Tagged { version: client.row_version, body: ClientView::new(client, &actor.principal) })
}

/// Change a client
///
/// JSON Merge Patch: absent stays, null clears. Send `If-Match` with the ETag you read. A change that changes nothing
/// keeps it.
///
/// A new name or identity document takes a second person. Where nothing else changes, the answer is 202 with the
/// change that waits; otherwise the rest is applied at once, and what waits is in `pending_changes`. Asked for again,
/// the same change is answered; another one meanwhile is 409 `change_pending`.
#[utoipa::path(
    tag = "clients",
    params(ClientPath, RequiredLock),
    responses((status = OK, body = ClientView), (status = ACCEPTED, body = PendingChangeView)),
    security(("oauth2" = [ClientsWrite::SCOPE]))
)]
#[patch("/v1/clients/{client_id}")]
pub async fn change_client(
    actor: Actor<ClientsWrite>,
    Path(path): Path<ClientPath>,
    lock: RequiredLock,
    language: Language,
    Json(body): Json<ChangeClient>,
    db: web::Data<Db>,
) -> Result<Proposed<Tagged<ClientView>>, Error> {
    let mut uow = db.begin(&actor).await?;
    let answer = match service::change(&mut uow, path.client_id, body.0, lock.0).await? {
        Changed { waiting: Some(change), is_applied: false, .. } => Proposed::waits(change, &uow, language)?,
        Changed { client, .. } => {
            let (version, body) = (client.row_version, ClientView::new(client, &actor.principal));
            Proposed::Done(Tagged { version, body })
        }
    };
    uow.finish(answer).await
}

/// Create or replace the client of a number
///
/// For partner systems that know clients by number: sends the whole profile; what is absent is cleared. Another name
/// or identity document of a client that is there takes a second person, as in `PATCH /v1/clients/{client_id}`.
#[utoipa::path(
    tag = "clients",
    params(ClientNumberPath, Lock),
    responses((status = OK, body = ClientView), (status = ACCEPTED, body = PendingChangeView)),
    security(("oauth2" = [ClientsWrite::SCOPE]))
)]
#[put("/v1/clients/by-number/{client_no}")]
pub async fn put_client_by_number(
    actor: Actor<ClientsWrite>,
    Path(path): Path<ClientNumberPath>,
    lock: Lock,
    language: Language,
    Json(body): Json<PutClient>,
    db: web::Data<Db>,
) -> Result<Proposed<Put<ClientView>>, Error> {
    path.check()?;
    let mut uow = db.begin(&actor).await?;
    let (changed, created) = service::put_by_number(&mut uow, body.with_number(path.client_no), lock).await?;
    let answer = match changed {
        Changed { waiting: Some(change), is_applied: false, .. } => Proposed::waits(change, &uow, language)?,
        Changed { client, .. } => {
            let location = format!("/v1/clients/{}", client.client_id);
            let (version, body) = (client.row_version, ClientView::new(client, &actor.principal));
            Proposed::Done(Put { created, location, version, body })
        }
    };
    uow.finish(answer).await
}
