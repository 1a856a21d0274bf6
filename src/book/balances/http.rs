//! Operations of balances: one client's list. Balances come in through ingestion.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Balance, BalanceFilter};
use super::store;
use crate::clients;
use platform::db::Db;
use platform::http::permission::{Permission, TradesRead};
use platform::http::{Actor, Listing, PageOf, Paging, Path};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::money::{Amount, Currency, Money};

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_balances);
}

/// What a client held at the end of a trading day.
#[derive(Serialize, ToSchema)]
pub struct BalanceView {
    /// The trading day.
    trade_day: NaiveDate,
    /// The fund account; null for the client as a whole.
    #[schema(example = "8001234501")]
    fund_account_no: Option<String>,
    /// Where it came from.
    #[schema(example = "api")]
    source: String,
    /// The currency of all money in the balance.
    currency: Currency,
    /// Everything owned.
    total_assets: Amount,
    /// What would be left after paying all debts.
    net_assets: Money,
    /// Cash.
    cash: Option<Money>,
    /// Securities at market prices.
    market_value: Option<Money>,
    /// Debts.
    liabilities: Option<Money>,
    /// When it came in.
    recorded_at: DateTime<Utc>,
}

impl From<Balance> for BalanceView {
    fn from(balance: Balance) -> Self {
        Self {
            trade_day: balance.trade_day,
            fund_account_no: Some(balance.fund_account_no).filter(|number| !number.is_empty()),
            source: balance.source,
            currency: Currency(balance.currency),
            total_assets: Amount(balance.total_assets),
            net_assets: Money(balance.net_assets),
            cash: balance.cash.map(Money),
            market_value: balance.market_value.map(Money),
            liabilities: balance.liabilities.map(Money),
            recorded_at: balance.recorded_at,
        }
    }
}

/// One page of balances.
#[derive(Serialize, ToSchema)]
pub struct BalanceList {
    /// The page.
    items: Vec<BalanceView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Which balances.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BalanceQuery {
    /// Of this fund account.
    #[param(min_length = 1, max_length = 64)]
    #[serde(default)]
    fund_account_no: Option<String>,
    /// Of this trading day or later.
    #[serde(default)]
    day_from: Option<NaiveDate>,
    /// Of this trading day or earlier.
    #[serde(default)]
    day_to: Option<NaiveDate>,
}

/// Path of a client's balances.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct BalancesPath {
    /// The client.
    client_id: ClientId,
}

/// List a client's balances
///
/// Newest day first.
#[utoipa::path(tag = "trades", params(BalancesPath, BalanceQuery, Paging), responses((status = OK, body = BalanceList)), security(("oauth2" = [TradesRead::SCOPE])))]
#[get("/v1/clients/{client_id}/balances")]
pub async fn list_balances(
    actor: Actor<TradesRead>,
    Path(path): Path<BalancesPath>,
    listing: Listing<BalanceQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<BalanceList>, Error> {
    let BalanceQuery { fund_account_no, day_from, day_to } = &listing.filter;
    let filter = BalanceFilter { fund_account_no: fund_account_no.clone(), day_from: *day_from, day_to: *day_to };
    let mut conn = db.connection().await?;
    clients::visible(&mut conn, actor.visibility(), path.client_id).await?;
    let page = store::list(&mut conn, actor.visibility(), path.client_id, &filter, &listing.page()?).await?;
    listing.answer(page.map(BalanceView::from), |items, next_cursor| BalanceList { items, next_cursor })
}
