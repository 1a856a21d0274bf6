//! Approvals over HTTP.

use actix_web::{get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::model::{ChangeAction, ChangeFilter, ChangeStatus, PendingChange};
use super::{kind, service};
use crate::db::{Db, Read};
use crate::http::permission::{ApprovalsRead, ApprovalsWrite, Permission};
use crate::http::{Actor, Input, Json, Language, Listing, PageOf, Paging, Path};
use crate::kernel::error::Error;
use crate::kernel::ids::{ClientId, PendingChangeId};
use crate::kernel::lifecycle::{AllowedAction, allowed, block};

/// Mounts every operation of the mechanism.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_approvals)
        .service(get_approval)
        .service(approve_change)
        .service(reject_change)
        .service(withdraw_change);
}

/// A change that waits for a second person, or has waited. (c1)
#[derive(Serialize, ToSchema)]
pub struct PendingChangeView {
    pending_change_id: PendingChangeId,
    /// What kind of change.
    #[schema(example = "policy")]
    kind: String,
    /// The same in words, in the caller's language.
    #[schema(example = "Put a policy into force")]
    title: String,
    /// What is to be changed.
    subject_id: Uuid,
    /// Whose it is; null for what belongs to no client.
    client_id: Option<ClientId>,
    status: ChangeStatus,
    /// What is to become of it, as the kind says; identifiers are masked. (c2)
    #[schema(value_type = Object)]
    change: Value,
    /// Who asked for it.
    #[schema(example = "staff:0192f0c1-2345-7abc-8def-0123456789ab")]
    maker: String,
    /// Who decided; null until somebody has.
    checker: Option<String>,
    /// Why it was asked for.
    comment: Option<String>,
    /// Why it was rejected. (c2)
    reason: Option<String>,
    created_at: DateTime<Utc>,
    /// Nobody can approve it from here on.
    expires_at: DateTime<Utc>,
    /// When it stopped waiting.
    decided_at: Option<DateTime<Utc>>,
    /// What leads on from here, and what is in the way.
    allowed_actions: Vec<AllowedAction>,
}

impl PendingChangeView {
    /// A change with what this caller may do about it.
    pub fn new(change: PendingChange, read: &Read, language: Language) -> Result<Self, Error> {
        let kind = kind::find(&change.kind)?;
        let caller = &read.caller().principal;
        let mut allowed_actions = allowed(change.status, caller);
        let own = change.maker == caller.name;
        for action in [ChangeAction::Approve, ChangeAction::Reject] {
            if !caller.scopes.contains(kind.permission) {
                block(&mut allowed_actions, action, kind.permission);
            }
            if own || !caller.is_person() {
                block(&mut allowed_actions, action, "takes_another_person");
            }
            if change.expires_at <= read.now() {
                block(&mut allowed_actions, action, "change_expired");
            }
        }
        if !own {
            block(&mut allowed_actions, ChangeAction::Withdraw, "not_the_maker");
        }
        Ok(Self {
            pending_change_id: change.pending_change_id,
            title: language.of(&kind.label()).to_owned(),
            kind: change.kind,
            subject_id: change.subject_id,
            client_id: change.client_id,
            status: change.status,
            change: (kind.shown)(change.payload),
            maker: change.maker,
            checker: change.checker,
            comment: change.comment,
            reason: change.reason,
            created_at: change.created_at,
            expires_at: change.expires_at,
            decided_at: change.decided_at,
            allowed_actions,
        })
    }
}

/// One page of changes. (c1)
#[derive(Serialize, ToSchema)]
pub struct PendingChangeList {
    items: Vec<PendingChangeView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Why a change is refused. (c2)
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "与证件不符，请附上新的证件照片"}))]
pub struct RejectChange {
    /// For whoever asked for it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    reason: String,
}

impl Input for RejectChange {}

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
/// By another person than the one who asked for it, who also holds the permission its kind takes. The change happens in the
/// same moment; where what is to be changed has changed since, nothing happens and the answer's `status` is `stale`.
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
