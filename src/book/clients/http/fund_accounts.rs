//! Fund accounts 资金账户: open, list, read, change.

use actix_web::{get, patch, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::model::*;
use super::super::service::{self, NewFundAccount};
use super::query::ClientPath;
use platform::db::Db;
use platform::http::permission::{ClientsRead, ClientsWrite, Permission};
use platform::http::{Actor, Created, IfMatch, Input, Json, Listing, PageOf, Paging, Path, Tagged};
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, FundAccountId};
use platform::kernel::patch::Patch;

/// A fund account to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"fund_account_no": "8001234501", "kind": "ordinary", "custodian_bank": "中国工商银行"}))]
pub struct CreateFundAccount {
    /// The firm's own number, unique for the client.
    #[schema(pattern = "^[A-Za-z0-9._-]{1,64}$")]
    fund_account_no: String,
    /// What kind.
    kind: FundAccountKind,
    /// Bank that keeps the money 存管银行.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    #[serde(default)]
    custodian_bank: Option<String>,
    /// First day, from 1970 until today; today when absent.
    #[serde(default)]
    opened_on: Option<NaiveDate>,
}

impl Input for CreateFundAccount {}

/// Changes to a fund account (RFC 7396): absent stays, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "frozen"}))]
pub struct ChangeFundAccount {
    /// What may be done with it. `closed` is for good.
    #[schema(value_type = FundAccountStatus)]
    #[serde(default)]
    status: Option<FundAccountStatus>,
    /// Bank that keeps the money 存管银行.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100, pattern = r"\S")]
    #[serde(default)]
    custodian_bank: Patch<String>,
}

impl Input for ChangeFundAccount {}

/// A fund account.
#[derive(Serialize, ToSchema)]
pub struct FundAccountView {
    /// The client.
    client_id: ClientId,
    /// Id.
    fund_account_id: FundAccountId,
    /// The firm's own number.
    #[schema(example = "8001234501")]
    fund_account_no: String,
    /// What kind.
    kind: FundAccountKind,
    /// What may be done with it.
    status: FundAccountStatus,
    /// Bank that keeps the money.
    #[schema(example = "中国工商银行")]
    custodian_bank: Option<String>,
    /// First day.
    opened_on: NaiveDate,
    /// Last day; null until the account is closed.
    closed_on: Option<NaiveDate>,
}

impl From<FundAccount> for FundAccountView {
    fn from(account: FundAccount) -> Self {
        Self {
            client_id: account.client_id,
            fund_account_id: account.fund_account_id,
            fund_account_no: account.fund_account_no,
            kind: account.kind,
            status: account.status,
            custodian_bank: account.custodian_bank,
            opened_on: account.opened_on,
            closed_on: account.closed_on,
        }
    }
}

/// One page of fund accounts.
#[derive(Serialize, ToSchema)]
pub struct FundAccountList {
    /// The page.
    items: Vec<FundAccountView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// No filters.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NoFilter {}

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
#[utoipa::path(tag = "clients", params(ClientPath), responses((status = CREATED, body = FundAccountView)), security(("oauth2" = [ClientsWrite::SCOPE])))]
#[post("/v1/clients/{client_id}/fund-accounts")]
pub async fn create_fund_account(
    actor: Actor<ClientsWrite>,
    Path(path): Path<ClientPath>,
    Json(body): Json<CreateFundAccount>,
    db: web::Data<Db>,
) -> Result<Created<FundAccountView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let CreateFundAccount { fund_account_no, kind, custodian_bank, opened_on } = body;
    let new = NewFundAccount { fund_account_no, kind, custodian_bank, opened_on };
    let account = service::open_fund_account(&mut uow, path.client_id, new).await?;
    let location = format!("/v1/clients/{}/fund-accounts/{}", path.client_id, account.fund_account_id);
    uow.finish(Created { location, version: Some(account.row_version), body: account.into() }).await
}

/// List a client's fund accounts
#[utoipa::path(tag = "clients", params(ClientPath, Paging), responses((status = OK, body = FundAccountList)), security(("oauth2" = [ClientsRead::SCOPE])))]
#[get("/v1/clients/{client_id}/fund-accounts")]
pub async fn list_fund_accounts(
    actor: Actor<ClientsRead>,
    Path(path): Path<ClientPath>,
    listing: Listing<NoFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<FundAccountList>, Error> {
    let page = service::fund_accounts(&db, actor.visibility(), path.client_id, &listing.page()?).await?;
    listing.answer(page.map(FundAccountView::from), |items, next_cursor| FundAccountList { items, next_cursor })
}

/// Read a fund account
#[utoipa::path(tag = "clients", params(FundAccountPath), responses((status = OK, body = FundAccountView)), security(("oauth2" = [ClientsRead::SCOPE])))]
#[get("/v1/clients/{client_id}/fund-accounts/{fund_account_id}")]
pub async fn get_fund_account(
    actor: Actor<ClientsRead>,
    Path(path): Path<FundAccountPath>,
    db: web::Data<Db>,
) -> Result<Tagged<FundAccountView>, Error> {
    let account = service::read_fund_account(&db, actor.visibility(), path.client_id, path.fund_account_id).await?;
    Ok(Tagged { version: account.row_version, body: account.into() })
}

/// Change a fund account
///
/// Between normal, restricted, frozen and dormant every way is open, and to closed from each of them; a closed account is not changed
/// any more (409 `fund_account_closed`).
#[utoipa::path(tag = "clients", params(FundAccountPath, IfMatch), responses((status = OK, body = FundAccountView)), security(("oauth2" = [ClientsWrite::SCOPE])))]
#[patch("/v1/clients/{client_id}/fund-accounts/{fund_account_id}")]
pub async fn change_fund_account(
    actor: Actor<ClientsWrite>,
    Path(path): Path<FundAccountPath>,
    if_match: IfMatch,
    Json(body): Json<ChangeFundAccount>,
    db: web::Data<Db>,
) -> Result<Tagged<FundAccountView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let change = FundAccountChange { status: body.status, custodian_bank: body.custodian_bank };
    let account =
        service::change_fund_account(&mut uow, path.client_id, path.fund_account_id, change, if_match.0).await?;
    uow.finish(Tagged { version: account.row_version, body: account.into() }).await
}
