//! Operations of contacts.

mod bodies;

use actix_web::{get, patch, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::*;
use super::service;
pub use bodies::InteractionView;
use bodies::*;
use platform::db::Db;
use platform::http::permission::{InteractionsRead, InteractionsWrite, Permission};
use platform::http::{Actor, Created, IfMatch, Json, Listing, PageOf, Paging, Path, Tagged};
use platform::kernel::error::Error;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(record_interaction)
        .service(list_client_interactions)
        .service(list_interactions)
        .service(get_interaction)
        .service(change_interaction);
}

/// Record a contact with a client
#[utoipa::path(tag = "interactions", params(ClientPath), responses((status = CREATED, body = InteractionView)), security(("oauth2" = [InteractionsWrite::SCOPE])))]
#[post("/v1/clients/{client_id}/interactions")]
pub async fn record_interaction(
    actor: Actor<InteractionsWrite>,
    Path(path): Path<ClientPath>,
    Json(body): Json<RecordInteraction>,
    db: web::Data<Db>,
) -> Result<Created<InteractionView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let RecordInteraction {
        channel,
        direction,
        purpose,
        outcome,
        notes,
        next_step,
        next_step_on,
        churn_alert_id,
        occurred_at,
    } = body;
    let new = NewInteraction {
        channel,
        direction,
        purpose,
        outcome,
        notes,
        next_step,
        next_step_on,
        churn_alert_id,
        occurred_at,
    };
    let interaction = service::record(&mut uow, path.client_id, new).await?;
    let location = format!("/v1/clients/{}/interactions/{}", path.client_id, interaction.interaction.interaction_id);
    uow.finish(Created { location, version: Some(interaction.interaction.row_version), body: interaction.into() }).await
}

/// List contacts with a client
///
/// Latest first.
#[utoipa::path(tag = "interactions", params(ClientPath, InteractionQuery, Paging), responses((status = OK, body = InteractionList)), security(("oauth2" = [InteractionsRead::SCOPE])))]
#[get("/v1/clients/{client_id}/interactions")]
pub async fn list_client_interactions(
    actor: Actor<InteractionsRead>,
    Path(path): Path<ClientPath>,
    listing: Listing<InteractionQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<InteractionList>, Error> {
    let filter = listing.filter.filter(Some(path.client_id));
    let page = service::list(&mut db.read(&actor).await?, &filter, &listing.page()?).await?;
    listing.answer(page.map(InteractionView::from), |items, next_cursor| InteractionList { items, next_cursor })
}

/// List contacts across clients
///
/// Those with clients in the caller's scope, latest first.
#[utoipa::path(tag = "interactions", params(InteractionQuery, Paging), responses((status = OK, body = InteractionList)), security(("oauth2" = [InteractionsRead::SCOPE])))]
#[get("/v1/interactions")]
pub async fn list_interactions(
    actor: Actor<InteractionsRead>,
    listing: Listing<InteractionQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<InteractionList>, Error> {
    let filter = listing.filter.filter(None);
    let page = service::list(&mut db.read(&actor).await?, &filter, &listing.page()?).await?;
    listing.answer(page.map(InteractionView::from), |items, next_cursor| InteractionList { items, next_cursor })
}

/// Read a contact
#[utoipa::path(tag = "interactions", params(InteractionPath), responses((status = OK, body = InteractionView)), security(("oauth2" = [InteractionsRead::SCOPE])))]
#[get("/v1/clients/{client_id}/interactions/{interaction_id}")]
pub async fn get_interaction(
    actor: Actor<InteractionsRead>,
    Path(path): Path<InteractionPath>,
    db: web::Data<Db>,
) -> Result<Tagged<InteractionView>, Error> {
    let interaction = service::read(&db, actor.visibility(), path.client_id, path.interaction_id).await?;
    Ok(Tagged { version: interaction.interaction.row_version, body: interaction.into() })
}

/// Change a contact
///
/// Its outcome, notes and next step; how and when it happened stay.
#[utoipa::path(tag = "interactions", params(InteractionPath, IfMatch), responses((status = OK, body = InteractionView)), security(("oauth2" = [InteractionsWrite::SCOPE])))]
#[patch("/v1/clients/{client_id}/interactions/{interaction_id}")]
pub async fn change_interaction(
    actor: Actor<InteractionsWrite>,
    Path(path): Path<InteractionPath>,
    if_match: IfMatch,
    Json(body): Json<ChangeInteraction>,
    db: web::Data<Db>,
) -> Result<Tagged<InteractionView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let ChangeInteraction { outcome, notes, next_step, next_step_on } = body;
    let change = InteractionChange { outcome, notes, next_step, next_step_on };
    let interaction = service::change(&mut uow, path.client_id, path.interaction_id, change, if_match.0).await?;
    uow.finish(Tagged { version: interaction.interaction.row_version, body: interaction.into() }).await
}
