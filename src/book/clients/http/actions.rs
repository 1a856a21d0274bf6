//! What is done with a client: closing, reopening, revealing.

use actix_web::{post, web};

use super::super::service;
use super::bodies::{CloseClient, ReopenClient, RevealClient};
use super::views::{ClientView, RevealedClient};
use platform::approvals::PendingChangeView;
use platform::db::Db;
use platform::http::permission::{ClientsReveal, ClientsWrite, Permission};
use platform::http::{Accepted, Actor, ClientPath, Json, Language, Path, Tagged};
use platform::kernel::error::Error;
use platform::kernel::lock::Lock;

/// Close a client
///
/// The record stays readable and is not changed until the client is reopened. `If-Match` is honoured if sent.
#[utoipa::path(
    tag = "clients",
    params(ClientPath, Lock),
    responses((status = OK, body = ClientView)),
    security(("oauth2" = [ClientsWrite::SCOPE]))
)]
#[post("/v1/clients/{client_id}/close")]
pub async fn close_client(
    actor: Actor<ClientsWrite>,
    Path(path): Path<ClientPath>,
    lock: Lock,
    Json(body): Json<CloseClient>,
    db: web::Data<Db>,
) -> Result<Tagged<ClientView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let client = service::close(&mut uow, path.client_id, body.closed_on, &body.reason, lock).await?;
    let (version, body) = (client.row_version, ClientView::new(client, &actor.principal));
    uow.finish(Tagged { version, body }).await
}

/// Ask for a closed client to be reopened
///
/// It takes a second person: the answer is the change that waits for one. Approved, the client is active again.
#[utoipa::path(
    tag = "clients",
    params(ClientPath, Lock),
    responses((status = ACCEPTED, body = PendingChangeView)),
    security(("oauth2" = [ClientsWrite::SCOPE]))
)]
#[post("/v1/clients/{client_id}/reopen")]
pub async fn reopen_client(
    actor: Actor<ClientsWrite>,
    Path(path): Path<ClientPath>,
    lock: Lock,
    language: Language,
    Json(body): Json<ReopenClient>,
    db: web::Data<Db>,
) -> Result<Accepted<PendingChangeView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let change = service::ask_to_reopen(&mut uow, path.client_id, body.reason, lock).await?;
    let location = format!("/v1/approvals/{}", change.pending_change_id);
    let body = PendingChangeView::new(change, &uow, language)?;
    uow.finish(Accepted { location, body }).await
}

/// Reveal a client's identifiers
///
/// For a stated purpose, which goes into the audit trail with the caller's name. Never kept for a retry.
#[utoipa::path(
    tag = "clients",
    params(ClientPath),
    responses((status = OK, body = RevealedClient)),
    security(("oauth2" = [ClientsReveal::SCOPE]))
)]
#[post("/v1/clients/{client_id}/reveal")]
pub async fn reveal_client(
    actor: Actor<ClientsReveal>,
    Path(path): Path<ClientPath>,
    language: Language,
    Json(body): Json<RevealClient>,
    db: web::Data<Db>,
) -> Result<Json<RevealedClient>, Error> {
    let mut uow = db.begin(&actor).await?;
    let identity = service::reveal(&mut uow, path.client_id, body.purpose).await?;
    let shown = RevealedClient::new(path.client_id, identity, uow.today(), language);
    uow.finish_secret(Json(shown)).await
}
