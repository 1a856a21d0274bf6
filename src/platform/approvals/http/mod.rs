//! Approvals over HTTP.

mod proposed;
mod views;

use actix_web::{get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

pub use self::proposed::Proposed;
pub use self::views::PendingChangeView;
use self::views::{PendingChangeList, RejectChange};
use super::model::{ChangeFilter, ChangeStatus};
use super::service;
use crate::db::Db;
use crate::http::permission::{ApprovalsRead, ApprovalsWrite, Permission};
use crate::http::{Actor, Json, Language, Listing, PageOf, Paging, Path};
use crate::kernel::error::Error;
use crate::kernel::ids::{ClientId, PendingChangeId};

/// Mounts every operation of the mechanism.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_approvals)
        .service(get_approval)
        .service(approve_change)
        .service(reject_change)
        .service(withdraw_change);
}

/// Which changes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ApprovalQuery {
    /// Of this kind.
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$", example = "policy")]
    #[serde(default)]
    kind: Option<String>,
    /// In this status.
    #[param(inline)]
    #[serde(default)]
    status: Option<ChangeStatus>,
    /// Of this client.
    #[serde(default)]
    client_id: Option<ClientId>,
}

/// Path of a change.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PendingChangePath {
    /// The change.
    pending_change_id: PendingChangeId,
}

/// List changes that take a second person
///
/// Of clients within the caller's scope and of what belongs to no client, newest first.
#[utoipa::path(
    tag = "approvals",
    params(ApprovalQuery, Paging),
    responses((status = OK, body = PendingChangeList)),
    security(("oauth2" = [ApprovalsRead::SCOPE]))
)]
#[get("/v1/approvals")]
pub async fn list_approvals(
    actor: Actor<ApprovalsRead>,
    listing: Listing<ApprovalQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<PageOf<PendingChangeList>, Error> {
    let mut read = db.read(&actor).await?;
    let ApprovalQuery { kind, status, client_id } = &listing.filter;
    let filter = ChangeFilter { kind: kind.clone(), status: *status, client_id: *client_id };
    let page = service::list(&mut read, &filter, &listing.page()?).await?;
    let next = page.next;
    let items = page.items.into_iter().map(|change| PendingChangeView::new(change, &read, language));
    let page = crate::kernel::page::Page { items: items.collect::<Result<Vec<_>, _>>()?, next };
    listing.answer(page, |items, next_cursor| PendingChangeList { items, next_cursor })
}

/// Get a change that takes a second person
#[utoipa::path(
    tag = "approvals",
    params(PendingChangePath),
    responses((status = OK, body = PendingChangeView)),
    security(("oauth2" = [ApprovalsRead::SCOPE]))
)]
#[get("/v1/approvals/{pending_change_id}")]
pub async fn get_approval(
    actor: Actor<ApprovalsRead>,
    Path(path): Path<PendingChangePath>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<PendingChangeView>, Error> {
    let mut read = db.read(&actor).await?;
    let change = service::one(&mut read, path.pending_change_id).await?;
    PendingChangeView::new(change, &read, language).map(Json)
}

/// Approve a change
///
/// By another person than the one who asked for it, who also holds the permission its kind takes. The change happens
/// in the same moment; where what is to be changed has changed since, nothing happens and the answer's `status` is
/// `stale`.
#[utoipa::path(
    tag = "approvals",
    params(PendingChangePath),
    responses((status = OK, body = PendingChangeView)),
    security(("oauth2" = [ApprovalsWrite::SCOPE]))
)]
#[post("/v1/approvals/{pending_change_id}/approve")]
pub async fn approve_change(
    actor: Actor<ApprovalsWrite>,
    Path(path): Path<PendingChangePath>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<PendingChangeView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let change = service::approve(&mut uow, path.pending_change_id).await?;
    let answer = PendingChangeView::new(change, &uow, language).map(Json)?;
    uow.finish(answer).await
}

/// Reject a change
///
/// By another person than the one who asked for it, who also holds the permission its kind takes.
#[utoipa::path(
    tag = "approvals",
    params(PendingChangePath),
    responses((status = OK, body = PendingChangeView)),
    security(("oauth2" = [ApprovalsWrite::SCOPE]))
)]
#[post("/v1/approvals/{pending_change_id}/reject")]
pub async fn reject_change(
    actor: Actor<ApprovalsWrite>,
    Path(path): Path<PendingChangePath>,
    language: Language,
    Json(body): Json<RejectChange>,
    db: web::Data<Db>,
) -> Result<Json<PendingChangeView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let change = service::reject(&mut uow, path.pending_change_id, body.reason).await?;
    let answer = PendingChangeView::new(change, &uow, language).map(Json)?;
    uow.finish(answer).await
}

/// Withdraw a change
///
/// By whoever asked for it.
#[utoipa::path(
    tag = "approvals",
    params(PendingChangePath),
    responses((status = OK, body = PendingChangeView)),
    security(("oauth2" = [ApprovalsWrite::SCOPE]))
)]
#[post("/v1/approvals/{pending_change_id}/withdraw")]
pub async fn withdraw_change(
    actor: Actor<ApprovalsWrite>,
    Path(path): Path<PendingChangePath>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<PendingChangeView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let change = service::withdraw(&mut uow, path.pending_change_id).await?;
    let answer = PendingChangeView::new(change, &uow, language).map(Json)?;
    uow.finish(answer).await
}
