//! Operations of trades: one client's list. Trades come in through ingestion.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Trade, TradeFilter};
use super::service;
use platform::db::Db;
use platform::http::permission::{Permission, TradesRead};
use platform::http::{Actor, ClientPath, Listing, PageOf, Paging, Path};
use platform::kernel::error::Error;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_trades);
}

/// One page of trades. (c1)
#[derive(Serialize, ToSchema)]
pub struct TradeList {
    /// The page.
    items: Vec<Trade>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// List a client's trades
///
/// Newest first; reversed ones stay in the list and say so.
#[utoipa::path(
    tag = "trades",
    params(ClientPath, TradeFilter, Paging),
    responses((status = OK, body = TradeList)),
    security(("oauth2" = [TradesRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/trades")]
pub async fn list_trades(
    actor: Actor<TradesRead>,
    Path(path): Path<ClientPath>,
    listing: Listing<TradeFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<TradeList>, Error> {
    let page = service::list(&mut db.read(&actor).await?, path.client_id, &listing.filter, &listing.page()?).await?;
    listing.answer(page, |items, next_cursor| TradeList { items, next_cursor })
}
