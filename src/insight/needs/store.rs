//! The one statement of needs analysis: a client's trades. The slice has no table.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{ProfileTrade, Side};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::label::Labelled;
use platform::kernel::principal::Visibility;

/// A trade and its currency.
pub struct CurrencyTrade {
    /// The trade.
    pub trade: ProfileTrade,
    /// ISO 4217.
    pub currency: String,
}

/// Trades of a client executed before an instant, in their order; none when the client is not in scope. At one instant
/// (many files know only the day) positions are opened before they are closed, and then a trade's name decides: what a
/// trade is, never when it came in, so that every order of arrival gives the same figures.
pub async fn trades(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: ClientId,
    before: DateTime<Utc>,
) -> Result<Option<Vec<CurrencyTrade>>, Error> {
    let closing: Vec<Side> = Side::ALL.iter().copied().filter(|side| side.closes_lot().is_some()).collect();
    let rows = sqlx::query!(
        r#"SELECT t.executed_at AS "executed_at?", t.trade_day AS "trade_day?", t.side AS "side?: Side",
                  t.instrument AS "instrument?", t.product_type, t.currency AS "currency?", t.quantity, t.price,
                  t.amount AS "amount?"
           FROM client_scope c
           LEFT JOIN effective_trade t ON t.client_id = c.client_id AND t.executed_at < $5
           WHERE c.client_id = $1 AND client_in_scope(c.branch_id, c.advisor_id, $2, $3, $4)
           ORDER BY t.executed_at, t.side = ANY($6), t.source, t.external_id"#,
        client_id.0,
        scope.firm,
        &scope.branch_ids,
        scope.advisor_id,
        before,
        &closing as &[Side]
    )
    .fetch_all(conn)
    .await?;
    // One row without a trade is a client in scope who never traded.
    let trades = rows.iter().filter_map(|row| {
        let trade = ProfileTrade {
            executed_at: row.executed_at?,
            trade_day: row.trade_day?,
            side: row.side?,
            instrument: row.instrument.clone()?,
            product_type: row.product_type.clone(),
            quantity: row.quantity,
            price: row.price,
            amount: row.amount?,
        };
        Some(CurrencyTrade { trade, currency: row.currency.clone()? })
    });
    Ok((!rows.is_empty()).then(|| trades.collect()))
}
