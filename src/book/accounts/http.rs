//! Fund accounts: open, list, read, change.

use actix_web::{get, patch, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{FundAccountChange, NewFundAccount};
use super::service;
use super::view::FundAccountView;
use crate::clients::ClientStatus;
use platform::db::Db;
use platform::http::permission::{ClientsRead, ClientsWrite, Permission};
use platform::http::{Actor, ClientPath, Created, Json, Listing, NoFilter, PageOf, Paging, Path, Tagged};
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, FundAccountId};
use platform::kernel::lock::Lock;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_fund_account)
        .service(list_fund_accounts)
        .service(get_fund_account)
        .service(change_fund_account);
}

/// One page of fund accounts. (c1)
#[derive(Serialize, ToSchema)]
pub struct FundAccountList {
    /// The page.
    items: Vec<FundAccountView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Path of a fund account.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct FundAccountPath {
    /// The client.
    client_id: ClientId,
    /// The fund account.
    fund_account_id: FundAccountId,
}

/// Open a fund account
#[utoipa::path(
    tag = "clients",
    params(ClientPath),
    responses((status = CREATED, body = FundAccountView)),
    security(("oauth2" = [ClientsWrite::SCOPE]))
)]
#[post("/v1/clients/{client_id}/fund-accounts")]
pub async fn create_fund_account(
    actor: Actor<ClientsWrite>,
    Path(path): Path<ClientPath>,
    Json(body): Json<NewFundAccount>,
    db: web::Data<Db>,
) -> Result<Created<FundAccountView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let account = service::open(&mut uow, path.client_id, body).await?;
    let location = format!("/v1/clients/{}/fund-accounts/{}", path.client_id, account.fund_account_id);
    let version = Some(account.row_version);
    let body = FundAccountView::new(account, ClientStatus::Active, &actor.principal);
    uow.finish(Created { location, version, body }).await
}

/// List a client's fund accounts
#[utoipa::path(
    tag = "clients",
    params(ClientPath, Paging),
    responses((status = OK, body = FundAccountList)),
    security(("oauth2" = [ClientsRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/fund-accounts")]
pub async fn list_fund_accounts(
    actor: Actor<ClientsRead>,
    Path(path): Path<ClientPath>,
    listing: Listing<NoFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<FundAccountList>, Error> {
    let (page, client) = service::list(&mut db.read(&actor).await?, path.client_id, &listing.page()?).await?;
    let page = page.map(|account| FundAccountView::new(account, client, &actor.principal));
    listing.answer(page, |items, next_cursor| FundAccountList { items, next_cursor })
}

/// Get a fund account
#[utoipa::path(
    tag = "clients",
    params(FundAccountPath),
    responses((status = OK, body = FundAccountView)),
    security(("oauth2" = [ClientsRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/fund-accounts/{fund_account_id}")]
pub async fn get_fund_account(
    actor: Actor<ClientsRead>,
    Path(path): Path<FundAccountPath>,
    db: web::Data<Db>,
) -> Result<Tagged<FundAccountView>, Error> {
    let (account, client) = service::get(&mut db.read(&actor).await?, path.client_id, path.fund_account_id).await?;
    let (version, body) = (account.row_version, FundAccountView::new(account, client, &actor.principal));
    Ok(Tagged { version, body })
}

/// Change a fund account
///
/// `status` is changed along `allowed_actions`: between normal, restricted, frozen and dormant every way is open, and to
/// closed from each of them; another step is 409 `illegal_transition`. A closed account is not changed any more (409
/// `fund_account_closed`).
#[utoipa::path(
    tag = "clients",
    params(FundAccountPath, Lock),
    responses((status = OK, body = FundAccountView)),
    security(("oauth2" = [ClientsWrite::SCOPE]))
)]
#[patch("/v1/clients/{client_id}/fund-accounts/{fund_account_id}")]
pub async fn change_fund_account(
    actor: Actor<ClientsWrite>,
    Path(path): Path<FundAccountPath>,
    lock: Lock,
    Json(body): Json<FundAccountChange>,
    db: web::Data<Db>,
) -> Result<Tagged<FundAccountView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let account = service::change(&mut uow, path.client_id, path.fund_account_id, body, lock).await?;
    let (version, body) = (account.row_version, FundAccountView::new(account, ClientStatus::Active, &actor.principal));
    uow.finish(Tagged { version, body }).await
}
