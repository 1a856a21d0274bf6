//! Operations of trades: one client's list. Trades come in through ingestion.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Trade, TradeFilter};
use super::side::Side;
use super::store;
use crate::clients;
use platform::db::Db;
use platform::http::permission::{Permission, TradesRead};
use platform::http::{Actor, Listing, PageOf, Paging, Path};
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, TradeId};
use platform::kernel::money::{Amount, Currency};

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_trades);
}

/// A trade of a client.
#[derive(Serialize, ToSchema)]
pub struct TradeView {
    /// Id.
    trade_id: TradeId,
    /// Where it came from.
    #[schema(example = "api")]
    source: String,
    /// The source's own id, unique per client and source.
    #[schema(example = "T20260302-000001")]
    external_id: String,
    /// The instant of execution.
    executed_at: DateTime<Utc>,
    /// The trading day that instant belongs to.
    trade_day: NaiveDate,
    /// What it did.
    side: Side,
    /// The instrument's code.
    #[schema(example = "600519.SH")]
    instrument: String,
    /// The kind of product, where known.
    #[schema(example = "stock")]
    product_type: Option<String>,
    /// The fund account it went through, where known.
    #[schema(example = "8001234501")]
    fund_account_no: Option<String>,
    /// The currency of all money in the trade.
    currency: Currency,
    /// Units.
    quantity: Option<Amount>,
    /// Money per unit.
    price: Option<Amount>,
    /// Money that changed hands before fees.
    amount: Amount,
    /// Commission 佣金.
    commission: Option<Amount>,
    /// Exchange fees 规费.
    exchange_fee: Option<Amount>,
    /// Stamp duty 印花税.
    stamp_duty: Option<Amount>,
    /// Transfer fee 过户费.
    transfer_fee: Option<Amount>,
    /// Whether it was taken back; then it counts in no figure.
    reversed: bool,
    /// When it came in.
    recorded_at: DateTime<Utc>,
}

impl From<Trade> for TradeView {
    fn from(trade: Trade) -> Self {
        Self {
            trade_id: trade.trade_id,
            source: trade.source,
            external_id: trade.external_id,
            executed_at: trade.executed_at,
            trade_day: trade.trade_day,
            side: trade.side,
            instrument: trade.instrument,
            product_type: trade.product_type,
            fund_account_no: trade.fund_account_no,
            currency: Currency(trade.currency),
            quantity: trade.quantity.map(Amount),
            price: trade.price.map(Amount),
            amount: Amount(trade.amount),
            commission: trade.commission.map(Amount),
            exchange_fee: trade.exchange_fee.map(Amount),
            stamp_duty: trade.stamp_duty.map(Amount),
            transfer_fee: trade.transfer_fee.map(Amount),
            reversed: trade.reversed,
            recorded_at: trade.recorded_at,
        }
    }
}

/// One page of trades.
#[derive(Serialize, ToSchema)]
pub struct TradeList {
    /// The page.
    items: Vec<TradeView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Which trades.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TradeQuery {
    /// Of this side.
    #[param(inline)]
    #[serde(default)]
    side: Option<Side>,
    /// Of this instrument.
    #[param(min_length = 1, max_length = 64)]
    #[serde(default)]
    instrument: Option<String>,
    /// Of this kind of product.
    #[param(min_length = 1, max_length = 64)]
    #[serde(default)]
    product_type: Option<String>,
    /// Executed at this instant or later.
    #[serde(default)]
    executed_from: Option<DateTime<Utc>>,
    /// Executed before this instant.
    #[serde(default)]
    executed_to: Option<DateTime<Utc>>,
}

/// Path of a client's trades.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TradesPath {
    /// The client.
    client_id: ClientId,
}

/// List a client's trades
///
/// Newest first; reversed ones stay in the list and say so.
#[utoipa::path(tag = "trades", params(TradesPath, TradeQuery, Paging), responses((status = OK, body = TradeList)), security(("oauth2" = [TradesRead::SCOPE])))]
#[get("/v1/clients/{client_id}/trades")]
pub async fn list_trades(
    actor: Actor<TradesRead>,
    Path(path): Path<TradesPath>,
    listing: Listing<TradeQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<TradeList>, Error> {
    let TradeQuery { side, instrument, product_type, executed_from, executed_to } = &listing.filter;
    let filter = TradeFilter {
        side: *side,
        instrument: instrument.clone(),
        product_type: product_type.clone(),
        executed_from: *executed_from,
        executed_to: *executed_to,
    };
    let mut conn = db.connection().await?;
    clients::visible(&mut conn, actor.visibility(), path.client_id).await?;
    let page = store::list(&mut conn, actor.visibility(), path.client_id, &filter, &listing.page()?).await?;
    listing.answer(page.map(TradeView::from), |items, next_cursor| TradeList { items, next_cursor })
}
