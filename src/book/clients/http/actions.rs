//! What is done with a client: closing, revealing.

use actix_web::{post, web};

use super::super::service;
use super::bodies::{CloseClient, RevealClient};
use super::query::ClientPath;
use super::views::{ClientView, RevealedClient};
use platform::db::Db;
use platform::http::permission::{ClientsReveal, ClientsWrite, Permission};
use platform::http::{Actor, Json, Path, Tagged};
use platform::kernel::error::Error;
use platform::kernel::lock::Lock;

/// Close a client
///
/// The record stays readable and is not changed any more. `If-Match` is honoured if sent.
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
    uow.finish(Tagged { version: client.row_version, body: client.into() }).await
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
    Json(body): Json<RevealClient>,
    db: web::Data<Db>,
) -> Result<Json<RevealedClient>, Error> {
    let mut uow = db.begin(&actor).await?;
    let identity = service::reveal(&mut uow, path.client_id, body.purpose).await?;
    uow.finish_secret(Json(RevealedClient::new(path.client_id, identity))).await
}
