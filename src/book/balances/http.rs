//! Operations of balances: one client's list. Balances come in through ingestion.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Balance, BalanceFilter};
use super::service;
use platform::db::Db;
use platform::http::permission::{Permission, TradesRead};
use platform::http::{Actor, ClientPath, Listing, PageOf, Paging, Path};
use platform::kernel::error::Error;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_balances);
}

/// One page of balances. (c1)
#[derive(Serialize, ToSchema)]
pub struct BalanceList {
    /// The page.
    items: Vec<Balance>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// List a client's balances
///
/// Newest day first.
#[utoipa::path(
    tag = "trades",
    params(ClientPath, BalanceFilter, Paging),
    responses((status = OK, body = BalanceList)),
    security(("oauth2" = [TradesRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/balances")]
pub async fn list_balances(
    actor: Actor<TradesRead>,
    Path(path): Path<ClientPath>,
    listing: Listing<BalanceFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<BalanceList>, Error> {
    let page = service::list(&mut db.read(&actor).await?, path.client_id, &listing.filter, &listing.page()?).await?;
    listing.answer(page, |items, next_cursor| BalanceList { items, next_cursor })
}
