//! Decisions over HTTP.

mod views;

use actix_web::{get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use self::views::{DecisionList, DecisionPath, DecisionQuery, DecisionReplayView, DecisionView, MakeDecision};
use super::service;
use platform::db::Db;
use platform::http::permission::{DecisionsRead, Permission};
use platform::http::{Actor, ClientPath, Json, Language, Listing, PageOf, Paging, Path};
use platform::kernel::error::Error;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_decisions).service(make_decision).service(get_decision).service(replay_decision);
}

/// List decisions about a client
///
/// Newest first: each is kept because its result differs from the one before it of its kind.
#[utoipa::path(
    tag = "decisions",
    params(ClientPath, DecisionQuery, Paging),
    responses((status = OK, body = DecisionList)),
    security(("oauth2" = [DecisionsRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/decisions")]
pub async fn list_decisions(
    actor: Actor<DecisionsRead>,
    Path(path): Path<ClientPath>,
    listing: Listing<DecisionQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<PageOf<DecisionList>, Error> {
    let mut read = db.read(&actor).await?;
    let page = service::list(&mut read, path.client_id, listing.filter.kind.as_deref(), &listing.page()?).await?;
    let page = page.map(|decision| DecisionView::new(decision, language));
    listing.answer(page, |items, next_cursor| DecisionList { items, next_cursor })
}

/// Make a decision about a client
///
/// On demand, from what is known now. The answer is the decision that stands: a new one where the result changed, else
/// the last one.
#[utoipa::path(
    tag = "decisions",
    params(ClientPath),
    responses((status = OK, body = DecisionView)),
    security(("oauth2" = [DecisionsRead::SCOPE]))
)]
#[post("/v1/clients/{client_id}/decisions")]
pub async fn make_decision(
    actor: Actor<DecisionsRead>,
    Path(path): Path<ClientPath>,
    language: Language,
    Json(body): Json<MakeDecision>,
    db: web::Data<Db>,
) -> Result<Json<DecisionView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let decision = service::decide(&mut uow, path.client_id, &body.kind).await?;
    uow.finish(Json(DecisionView::new(decision, language))).await
}

/// Get a decision about a client
#[utoipa::path(
    tag = "decisions",
    params(DecisionPath),
    responses((status = OK, body = DecisionView)),
    security(("oauth2" = [DecisionsRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/decisions/{decision_id}")]
pub async fn get_decision(
    actor: Actor<DecisionsRead>,
    Path(path): Path<DecisionPath>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<DecisionView>, Error> {
    let mut read = db.read(&actor).await?;
    let decision = service::one(&mut read, path.client_id, path.decision_id).await?;
    Ok(Json(DecisionView::new(decision, language)))
}

/// Replay a decision
///
/// Result and reasons again, from the stored inputs and the stored version of policy or model alone. `equal` says
/// whether the two are the same to the byte, in JSON whose members are in the order of their names.
#[utoipa::path(
    tag = "decisions",
    params(DecisionPath),
    responses((status = OK, body = DecisionReplayView)),
    security(("oauth2" = [DecisionsRead::SCOPE]))
)]
#[post("/v1/clients/{client_id}/decisions/{decision_id}/replay")]
pub async fn replay_decision(
    actor: Actor<DecisionsRead>,
    Path(path): Path<DecisionPath>,
    db: web::Data<Db>,
) -> Result<Json<DecisionReplayView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let (stored, replayed) = service::replay(&mut uow, path.client_id, path.decision_id).await?;
    uow.finish(Json(DecisionReplayView::new(&stored, &replayed)?)).await
}
