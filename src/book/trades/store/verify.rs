//! Days and statistics counted again from trades and reversals, and compared with what is kept.

use sqlx::PgConnection;

use super::super::side::Side;
use platform::kernel::difference::Difference;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::label::Labelled;

/// Every column of the roll-ups of clients that is not what their trades add up to.
pub async fn differences(
    conn: &mut PgConnection,
    clients: &[ClientId],
    currency: &str,
) -> Result<Vec<Difference>, Error> {
    let buys: Vec<Side> = Side::ALL.iter().copied().filter(|side| side.is_buy()).collect();
    let sells: Vec<Side> = Side::ALL.iter().copied().filter(|side| side.is_sell()).collect();
    let rows = sqlx::query!(
        r#"WITH known AS (
               SELECT t.client_id, t.trade_day, t.external_id, t.source, t.side, t.amount, t.commission, t.reversed,
                      t.currency = $2 AS added, r.client_id IS NULL AS stands,
                      r.client_id IS NULL AND NOT (t.amount = 0 AND t.quantity IS NOT DISTINCT FROM 0) AS counts
               FROM trade t LEFT JOIN trade_reversal r
                 ON r.client_id = t.client_id AND r.source = t.source AND r.reverses_external_id = t.external_id
               WHERE t.client_id = ANY($1)
           ), day AS (
               SELECT client_id, trade_day, count(*) FILTER (WHERE counts) AS trade_count,
                      count(*) FILTER (WHERE counts AND NOT added) AS other_currency_count,
                      coalesce(sum(amount) FILTER (WHERE counts AND added AND side = ANY($3)), 0) AS buy_amount,
                      coalesce(sum(amount) FILTER (WHERE counts AND added AND side = ANY($4)), 0) AS sell_amount,
                      coalesce(sum(commission) FILTER (WHERE counts AND added), 0) AS commission,
                      count(commission) FILTER (WHERE counts AND added) AS commission_count
               FROM known GROUP BY client_id, trade_day
           ), total AS (
               SELECT client_id, count(*) FILTER (WHERE trade_count > 0) AS active_days, sum(trade_count) AS trade_count,
                      min(trade_day) FILTER (WHERE trade_count > 0) AS first_day, max(trade_day) FILTER (WHERE trade_count > 0) AS last_day,
                      sum(buy_amount) AS buy_amount, sum(sell_amount) AS sell_amount, sum(commission) AS commission
               FROM day GROUP BY client_id
           ), none AS (
               SELECT 0 AS active_days, 0 AS trade_count, NULL::date AS first_day, NULL::date AS last_day, 0 AS buy_amount,
                      0 AS sell_amount, 0 AS commission
           ), pair AS (
               SELECT 'trade' AS tab, client_id, source || ' ' || external_id AS row, jsonb_build_object('reversed', reversed) AS kept,
                      jsonb_build_object('reversed', NOT stands) AS derived
               FROM known WHERE reversed = stands
               UNION ALL
               SELECT 'trade_day', coalesce(d.client_id, k.client_id), coalesce(d.trade_day, k.trade_day)::text,
                      to_jsonb(k) - 'client_id' - 'trade_day', to_jsonb(d) - 'client_id' - 'trade_day'
               FROM (SELECT * FROM trade_day WHERE client_id = ANY($1)) k
               FULL JOIN day d ON d.client_id = k.client_id AND d.trade_day = k.trade_day
               UNION ALL
               SELECT 'trade_statistics', coalesce(t.client_id, k.client_id), '', to_jsonb(k) - 'client_id',
                      coalesce(to_jsonb(t) - 'client_id', to_jsonb(none))
               FROM (SELECT * FROM trade_statistics WHERE client_id = ANY($1)) k
               FULL JOIN total t ON t.client_id = k.client_id CROSS JOIN none
           )
           SELECT p.tab AS "table!", p.client_id AS "client_id!: ClientId", p.row AS "row!", name AS "column!",
                  p.kept ->> name AS kept, p.derived ->> name AS derived
           FROM pair p CROSS JOIN LATERAL jsonb_object_keys(coalesce(p.derived, p.kept)) AS name
           WHERE p.kept -> name IS DISTINCT FROM p.derived -> name
           ORDER BY 1, 2, 3, 4"#,
        clients as &[ClientId],
        currency,
        &buys as &[Side],
        &sells as &[Side]
    )
    .fetch_all(conn)
    .await?;
    let table = |name: &str| match name {
        "trade" => "trade",
        "trade_day" => "trade_day",
        _ => "trade_statistics",
    };
    let differences = rows.into_iter().map(|row| Difference {
        table: table(&row.table),
        client_id: row.client_id,
        row: row.row,
        column: row.column,
        kept: row.kept,
        derived: row.derived,
    });
    Ok(differences.collect())
}
