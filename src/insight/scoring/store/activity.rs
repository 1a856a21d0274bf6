//! What the book knows of its clients' trading, through the views other slices publish.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::model::TradedDay;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::principal::Visibility;

/// A client with an active day.
#[derive(Clone, Copy, Debug)]
pub struct Trader {
    /// Who.
    pub client_id: ClientId,
    /// First active day.
    pub first_day: NaiveDate,
    /// A number that the client's own number gives, whenever it was entered: a sample by it is the same in every book.
    pub place: i64,
}

/// Every client with an active day up to the end of `day`.
pub async fn traders(conn: &mut PgConnection, day: NaiveDate) -> Result<Vec<Trader>, Error> {
    let rows = sqlx::query_as!(
        Trader,
        r#"SELECT a.client_id AS "client_id!: ClientId", a.first_day AS "first_day!", hashtextextended(c.client_no, 0) AS "place!"
           FROM client_activity a JOIN client_scope c ON c.client_id = a.client_id WHERE a.first_day <= $1"#,
        day
    );
    Ok(rows.fetch_all(conn).await?)
}

/// Clients with an active day after `after`, up to `until`.
pub async fn traded_between(
    conn: &mut PgConnection,
    after: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<ClientId>, Error> {
    let ids = sqlx::query_scalar!(
        r#"SELECT a.client_id AS "client_id!" FROM client_activity a
           WHERE a.last_day > $1 AND a.first_day <= $2
             AND EXISTS (SELECT FROM active_day d WHERE d.client_id = a.client_id AND d.trade_day > $1 AND d.trade_day <= $2)"#,
        after,
        until
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(ClientId).collect())
}

/// The last day on which anybody traded.
pub async fn last_day(conn: &mut PgConnection) -> Result<Option<NaiveDate>, Error> {
    Ok(sqlx::query_scalar!("SELECT max(last_day) FROM client_activity").fetch_one(conn).await?)
}

/// The active days of clients up to `day`, ascending; none beside a client who has not traded.
pub async fn days(
    conn: &mut PgConnection,
    scope: &Visibility,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<(ClientId, Vec<TradedDay>)>, Error> {
    // Lateral: each part is an index range of one client, whatever the planner believes about many.
    let rows = sqlx::query!(
        r#"SELECT c.client_id AS "client_id!: ClientId", d.days AS "days: Vec<NaiveDate>", d.trades AS "trades: Vec<i32>",
                  d.bought AS "bought: Vec<Decimal>", d.sold AS "sold: Vec<Decimal>", i.days AS "first_days: Vec<NaiveDate>"
           FROM unnest($1::uuid[]) AS wanted (client_id)
           JOIN client_scope c ON c.client_id = wanted.client_id
           CROSS JOIN LATERAL (
               SELECT array_agg(d.trade_day ORDER BY d.trade_day) AS days, array_agg(d.trade_count ORDER BY d.trade_day) AS trades,
                      array_agg(d.buy_amount ORDER BY d.trade_day) AS bought, array_agg(d.sell_amount ORDER BY d.trade_day) AS sold
               FROM active_day d WHERE d.client_id = wanted.client_id AND d.trade_day <= $5) d
           CROSS JOIN LATERAL (
               SELECT array_agg(f.day) AS days
               FROM (SELECT min(t.trade_day) AS day FROM effective_trade t
                     WHERE t.client_id = wanted.client_id AND t.trade_day <= $5 GROUP BY t.instrument) f) i
           WHERE client_in_scope(c.branch_id, c.advisor_id, $2, $3, $4)"#,
        clients,
        scope.firm,
        &scope.branch_ids,
        scope.advisor_id,
        day
    )
    .fetch_all(conn)
    .await?;
    let of_client = rows.into_iter().map(|row| {
        let amounts = row.bought.unwrap_or_default().into_iter().zip(row.sold.unwrap_or_default());
        let counted = row.days.unwrap_or_default().into_iter().zip(row.trades.unwrap_or_default());
        let mut firsts = row.first_days.unwrap_or_default();
        firsts.sort_unstable();
        let new_on = |day: NaiveDate| {
            firsts.partition_point(|first| *first <= day) - firsts.partition_point(|first| *first < day)
        };
        let days = counted.zip(amounts).map(|((day, trades), (bought, sold))| TradedDay {
            day,
            trades: trades.unsigned_abs(),
            bought,
            sold,
            new_instruments: u32::try_from(new_on(day)).unwrap_or(u32::MAX),
        });
        (row.client_id, days.collect())
    });
    Ok(of_client.collect())
}
