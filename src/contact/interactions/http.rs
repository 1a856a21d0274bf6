//! Operations of contacts.

use actix_web::{get, patch, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Interaction, InteractionChange, InteractionFilter, NewInteraction};
use super::service;
use platform::db::Db;
use platform::http::permission::{InteractionsRead, InteractionsWrite, Permission};
use platform::http::{Actor, ClientPath, Created, Items, Json, Listing, Lock, PageOf, Paging, Path, Tagged};
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, InteractionId};

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(record_interaction)
        .service(list_client_interactions)
        .service(list_interactions)
        .service(get_interaction)
        .service(change_interaction);
}

/// One page of contacts.
type InteractionList = Items<Interaction>;

/// Path of a contact.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InteractionPath {
    /// The client.
    client_id: ClientId,
    /// The contact.
    interaction_id: InteractionId,
}

/// Record a contact with a client
#[utoipa::path(
    tag = "interactions",
    params(ClientPath),
    responses((status = CREATED, body = Interaction)),
    security(("oauth2" = [InteractionsWrite::SCOPE]))
)]
#[post("/v1/clients/{client_id}/interactions")]
pub async fn record_interaction(
    actor: Actor<InteractionsWrite>,
    Path(path): Path<ClientPath>,
    Json(body): Json<NewInteraction>,
    db: web::Data<Db>,
) -> Result<Created<Interaction>, Error> {
    let mut uow = db.begin(&actor).await?;
    let made = service::record(&mut uow, path.client_id, body).await?;
    let location = format!("/v1/clients/{}/interactions/{}", made.client_id, made.interaction_id);
    uow.finish(Created { location, version: Some(made.row_version), body: made }).await
}

/// List contacts with a client
///
/// Latest first.
#[utoipa::path(
    tag = "interactions",
    params(ClientPath, InteractionFilter, Paging),
    responses((status = OK, body = InteractionList)),
    security(("oauth2" = [InteractionsRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/interactions")]
pub async fn list_client_interactions(
    actor: Actor<InteractionsRead>,
    Path(path): Path<ClientPath>,
    listing: Listing<InteractionFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<InteractionList>, Error> {
    let mut read = db.read(&actor).await?;
    listing.items(service::list(&mut read, Some(path.client_id), &listing.filter, &listing.page()?).await?)
}

/// List contacts across clients
///
/// Those with clients in the caller's scope, latest first.
#[utoipa::path(
    tag = "interactions",
    params(InteractionFilter, Paging),
    responses((status = OK, body = InteractionList)),
    security(("oauth2" = [InteractionsRead::SCOPE]))
)]
#[get("/v1/interactions")]
pub async fn list_interactions(
    actor: Actor<InteractionsRead>,
    listing: Listing<InteractionFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<InteractionList>, Error> {
    let mut read = db.read(&actor).await?;
    listing.items(service::list(&mut read, None, &listing.filter, &listing.page()?).await?)
}

/// Get a contact
#[utoipa::path(
    tag = "interactions",
    params(InteractionPath),
    responses((status = OK, body = Interaction)),
    security(("oauth2" = [InteractionsRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/interactions/{interaction_id}")]
pub async fn get_interaction(
    actor: Actor<InteractionsRead>,
    Path(path): Path<InteractionPath>,
    db: web::Data<Db>,
) -> Result<Tagged<Interaction>, Error> {
    let found = service::get(&mut db.read(&actor).await?, path.client_id, path.interaction_id).await?;
    Ok(Tagged { version: found.row_version, body: found })
}

/// Change a contact
///
/// Its outcome, notes and next step; how and when it happened stay.
#[utoipa::path(
    tag = "interactions",
    params(InteractionPath, Lock),
    responses((status = OK, body = Interaction)),
    security(("oauth2" = [InteractionsWrite::SCOPE]))
)]
#[patch("/v1/clients/{client_id}/interactions/{interaction_id}")]
pub async fn change_interaction(
    actor: Actor<InteractionsWrite>,
    Path(path): Path<InteractionPath>,
    lock: Lock,
    Json(body): Json<InteractionChange>,
    db: web::Data<Db>,
) -> Result<Tagged<Interaction>, Error> {
    let mut uow = db.begin(&actor).await?;
    let changed = service::change(&mut uow, path.client_id, path.interaction_id, body, lock).await?;
    uow.finish(Tagged { version: changed.row_version, body: changed }).await
}
