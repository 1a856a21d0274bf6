//! Policies over HTTP.

mod bodies;

use actix_web::{get, patch, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use self::bodies::*;
use super::model::{NewPolicy, PolicyFilter};
use super::service;
use crate::db::Db;
use crate::http::permission::{Permission, PoliciesApprove, PoliciesRead, PoliciesWrite};
use crate::http::{Actor, Created, Json, Listing, Lock, PageOf, Paging, Path, RequiredLock, Tagged};
use crate::kernel::error::Error;

/// Mounts every operation of the mechanism.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_policies)
        .service(create_policy)
        .service(get_policy)
        .service(change_policy)
        .service(simulate_policy)
        .service(submit_policy)
        .service(approve_policy)
        .service(reject_policy)
        .service(retire_policy);
}

/// List policies
///
/// Every version of every kind, newest first, with the period it rules over.
#[utoipa::path(
    tag = "policies",
    params(PolicyQuery, Paging),
    responses((status = OK, body = PolicyList)),
    security(("oauth2" = [PoliciesRead::SCOPE]))
)]
#[get("/v1/policies")]
pub async fn list_policies(
    actor: Actor<PoliciesRead>,
    listing: Listing<PolicyQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<PolicyList>, Error> {
    let mut read = db.read(&actor).await?;
    let filter = PolicyFilter { kind: listing.filter.kind.clone(), status: listing.filter.status };
    let page = service::list(&mut read, &filter, &listing.page()?).await?;
    let page = page.map(|version| PolicyView::new(version, &read));
    listing.answer(page, |items, next_cursor| PolicyList { items, next_cursor })
}

/// Draft a policy
///
/// The next version of its kind. The rules are checked against the schema of the kind, all faults at once. It rules
/// nothing until another person has approved it.
#[utoipa::path(
    tag = "policies",
    responses((status = CREATED, body = PolicyView)),
    security(("oauth2" = [PoliciesWrite::SCOPE]))
)]
#[post("/v1/policies")]
pub async fn create_policy(
    actor: Actor<PoliciesWrite>,
    Json(body): Json<CreatePolicy>,
    db: web::Data<Db>,
) -> Result<Created<PolicyView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let CreatePolicy { kind, rules, note, effective_on } = body;
    let version = service::draft(&mut uow, NewPolicy { kind, rules, note, effective_on }).await?;
    let location = format!("/v1/policies/{}", version.policy_id);
    let answer = Created { location, version: Some(version.row_version), body: PolicyView::new(version, &uow) };
    uow.finish(answer).await
}

/// Get a policy
#[utoipa::path(
    tag = "policies",
    params(PolicyPath),
    responses((status = OK, body = PolicyView)),
    security(("oauth2" = [PoliciesRead::SCOPE]))
)]
#[get("/v1/policies/{policy_id}")]
pub async fn get_policy(
    actor: Actor<PoliciesRead>,
    Path(path): Path<PolicyPath>,
    db: web::Data<Db>,
) -> Result<Tagged<PolicyView>, Error> {
    let mut read = db.read(&actor).await?;
    let version = service::one(&mut read, path.policy_id).await?;
    Ok(Tagged { version: version.row_version, body: PolicyView::new(version, &read) })
}

/// Change a draft
///
/// JSON Merge Patch: absent stays, null clears; the rules are replaced as a whole. Only drafts are changed.
#[utoipa::path(
    tag = "policies",
    params(PolicyPath, RequiredLock),
    responses((status = OK, body = PolicyView)),
    security(("oauth2" = [PoliciesWrite::SCOPE]))
)]
#[patch("/v1/policies/{policy_id}")]
pub async fn change_policy(
    actor: Actor<PoliciesWrite>,
    Path(path): Path<PolicyPath>,
    RequiredLock(lock): RequiredLock,
    Json(body): Json<ChangePolicy>,
    db: web::Data<Db>,
) -> Result<Tagged<PolicyView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let ChangePolicy { rules, note, effective_on } = body;
    let version = service::change(&mut uow, path.policy_id, rules, note, effective_on, lock).await?;
    let answer = Tagged { version: version.row_version, body: PolicyView::new(version, &uow) };
    uow.finish(answer).await
}

/// Simulate a policy
///
/// What this version would change if it ruled now, tried on the whole book; nothing is written. What is in `result`
/// depends on the kind. Kinds without a simulation answer 409 `no_simulation`.
#[utoipa::path(
    tag = "policies",
    params(PolicyPath),
    responses((status = OK, body = PolicySimulationView)),
    security(("oauth2" = [PoliciesWrite::SCOPE]))
)]
#[post("/v1/policies/{policy_id}/simulate")]
pub async fn simulate_policy(
    actor: Actor<PoliciesWrite>,
    Path(path): Path<PolicyPath>,
    db: web::Data<Db>,
) -> Result<Json<PolicySimulationView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let (version, result) = service::simulate(&mut uow, path.policy_id).await?;
    uow.finish(Json(PolicySimulationView::new(version, result))).await
}

/// Submit a draft
///
/// From here on it waits for another person, here and under `/v1/approvals`.
#[utoipa::path(
    tag = "policies",
    params(PolicyPath, Lock),
    responses((status = OK, body = PolicyView)),
    security(("oauth2" = [PoliciesWrite::SCOPE]))
)]
#[post("/v1/policies/{policy_id}/submit")]
pub async fn submit_policy(
    actor: Actor<PoliciesWrite>,
    Path(path): Path<PolicyPath>,
    lock: Lock,
    db: web::Data<Db>,
) -> Result<Tagged<PolicyView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let version = service::submit(&mut uow, path.policy_id, lock).await?;
    let answer = Tagged { version: version.row_version, body: PolicyView::new(version, &uow) };
    uow.finish(answer).await
}

/// Approve a policy
///
/// By somebody who neither wrote nor submitted it. It rules from the beginning of the trading day it names, or at once;
/// the version before it ends there. Two versions of a kind never begin at the same instant: the second answers 409
/// `policy_period_taken`.
#[utoipa::path(
    tag = "policies",
    params(PolicyPath, Lock),
    responses((status = OK, body = PolicyView)),
    security(("oauth2" = [PoliciesApprove::SCOPE]))
)]
#[post("/v1/policies/{policy_id}/approve")]
pub async fn approve_policy(
    actor: Actor<PoliciesApprove>,
    Path(path): Path<PolicyPath>,
    lock: Lock,
    db: web::Data<Db>,
) -> Result<Tagged<PolicyView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let version = service::approve(&mut uow, path.policy_id, &lock).await?;
    let answer = Tagged { version: version.row_version, body: PolicyView::new(version, &uow) };
    uow.finish(answer).await
}

/// Reject a policy
///
/// It is a draft again; the reason is kept with the change under `/v1/approvals`.
#[utoipa::path(
    tag = "policies",
    params(PolicyPath, Lock),
    responses((status = OK, body = PolicyView)),
    security(("oauth2" = [PoliciesApprove::SCOPE]))
)]
#[post("/v1/policies/{policy_id}/reject")]
pub async fn reject_policy(
    actor: Actor<PoliciesApprove>,
    Path(path): Path<PolicyPath>,
    lock: Lock,
    Json(body): Json<RejectPolicy>,
    db: web::Data<Db>,
) -> Result<Tagged<PolicyView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let version = service::reject(&mut uow, path.policy_id, body.reason, &lock).await?;
    let answer = Tagged { version: version.row_version, body: PolicyView::new(version, &uow) };
    uow.finish(answer).await
}

/// Retire a policy
///
/// One that does not rule yet is withdrawn, and the version before it goes on. One that rules ends now, unless its kind
/// must not be without (409 `policy_must_rule`): then a successor ends it.
#[utoipa::path(
    tag = "policies",
    params(PolicyPath, Lock),
    responses((status = OK, body = PolicyView)),
    security(("oauth2" = [PoliciesApprove::SCOPE]))
)]
#[post("/v1/policies/{policy_id}/retire")]
pub async fn retire_policy(
    actor: Actor<PoliciesApprove>,
    Path(path): Path<PolicyPath>,
    lock: Lock,
    db: web::Data<Db>,
) -> Result<Tagged<PolicyView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let version = service::retire(&mut uow, path.policy_id, &lock).await?;
    let answer = Tagged { version: version.row_version, body: PolicyView::new(version, &uow) };
    uow.finish(answer).await
}
