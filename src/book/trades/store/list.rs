//! One client's trades.

use sqlx::{PgConnection, QueryBuilder};

use super::super::model::{Trade, TradeFilter, TradePlace};
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

const TRADE: &str = "SELECT t.trade_id, t.source, t.external_id, t.executed_at, t.trade_day, t.side, t.instrument, t.product_type, \
    t.fund_account_no, t.currency, t.quantity, t.price, t.amount, t.commission, t.exchange_fee, t.stamp_duty, t.transfer_fee, \
    t.reversed, t.recorded_at FROM trade t JOIN client_scope c USING (client_id) WHERE t.client_id = ";

/// A client's trades, newest first.
pub async fn list(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: ClientId,
    filter: &TradeFilter,
    page: &PageRequest<TradePlace>,
) -> Result<Page<Trade, TradePlace>, Error> {
    let mut query = QueryBuilder::new(TRADE);
    query.push_bind(client_id);
    push_visibility(&mut query, "c", scope);
    if let Some(side) = filter.side {
        query.push(" AND t.side = ").push_bind(side);
    }
    if let Some(instrument) = &filter.instrument {
        query.push(" AND t.instrument = ").push_bind(instrument.clone());
    }
    if let Some(product_type) = &filter.product_type {
        query.push(" AND t.product_type = ").push_bind(product_type.clone());
    }
    if let Some(from) = filter.executed_from {
        query.push(" AND t.executed_at >= ").push_bind(from);
    }
    if let Some(to) = filter.executed_to {
        query.push(" AND t.executed_at < ").push_bind(to);
    }
    if let Some(TradePlace { executed_at, trade_id }) = page.after {
        query.push(" AND (t.executed_at, t.trade_id) < (").push_bind(executed_at);
        query.push(", ").push_bind(trade_id).push(")");
    }
    query.push(" ORDER BY t.executed_at DESC, t.trade_id DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<Trade> = query.build_query_as().fetch_all(conn).await?;
    let place = |trade: &Trade| TradePlace { executed_at: trade.executed_at, trade_id: trade.trade_id };
    Ok(Page::from_rows(rows, page.limit, place))
}
