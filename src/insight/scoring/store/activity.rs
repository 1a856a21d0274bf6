//! What the book knows of its clients' trading, through the views other slices publish.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::model::{ActiveClient, ChurnStatistics};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::principal::Visibility;

fn count(number: Option<i64>) -> u32 {
    u32::try_from(number.unwrap_or_default()).unwrap_or(u32::MAX)
}

/// Every client with an active day up to the end of `day`.
pub async fn all(conn: &mut PgConnection, day: NaiveDate) -> Result<Vec<ActiveClient>, Error> {
    let rows = sqlx::query!(
        r#"SELECT client_id AS "client_id!", active_days AS "active_days!", first_day AS "first_day!", last_day AS "last_day!"
           FROM activity_as_of($1)"#,
        day
    )
    .fetch_all(conn)
    .await?;
    let active = rows.into_iter().map(|row| ActiveClient {
        client_id: ClientId(row.client_id),
        active_days: count(Some(row.active_days)),
        first_day: row.first_day,
        last_day: row.last_day,
    });
    Ok(active.collect())
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

/// Statistics of clients at the end of `day`; none beside a client who has not traded.
pub async fn statistics(
    conn: &mut PgConnection,
    scope: &Visibility,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<(ClientId, Option<ChurnStatistics>)>, Error> {
    let rows = sqlx::query!(
        r#"SELECT c.client_id AS "client_id!", min(d.trade_day) AS first_day, max(d.trade_day) AS last_day,
                  count(d.trade_day) AS "active_days!",
                  count(*) FILTER (WHERE d.trade_day > $5::date - 90) AS "days_90!",
                  count(*) FILTER (WHERE d.trade_day > $5::date - 180 AND d.trade_day <= $5::date - 90) AS "days_prev_90!",
                  count(*) FILTER (WHERE d.trade_day > $5::date - 365) AS "days_365!",
                  sum(d.buy_amount + d.sell_amount) FILTER (WHERE d.trade_day > $5::date - 90) AS amount_90,
                  sum(d.buy_amount + d.sell_amount) FILTER (WHERE d.trade_day > $5::date - 180 AND d.trade_day <= $5::date - 90) AS amount_prev_90,
                  sum(d.sell_amount) FILTER (WHERE d.trade_day > $5::date - 90) AS sold_90
           FROM client_scope c LEFT JOIN active_day d ON d.client_id = c.client_id AND d.trade_day <= $5
           WHERE c.client_id = ANY($1) AND client_in_scope(c.branch_id, c.advisor_id, $2, $3, $4)
           GROUP BY c.client_id"#,
        clients,
        scope.firm,
        &scope.branch_ids,
        scope.advisor_id,
        day
    )
    .fetch_all(conn)
    .await?;
    let statistics = rows.into_iter().map(|row| {
        let days = row.first_day.zip(row.last_day);
        let amount_90 = row.amount_90.unwrap_or_default();
        let known = days.map(|(first_day, last_day)| ChurnStatistics {
            as_of: day,
            first_day,
            last_day,
            x: count(Some(row.active_days)).saturating_sub(1),
            active_days_90: count(Some(row.days_90)),
            active_days_prev_90: count(Some(row.days_prev_90)),
            active_days_365: count(Some(row.days_365)),
            amount_90,
            amount_prev_90: row.amount_prev_90.unwrap_or_default(),
            sell_share_90: share(row.sold_90, amount_90),
            net_outflow_share_90: None,
        });
        (ClientId(row.client_id), known)
    });
    Ok(statistics.collect())
}

fn share(part: Option<Decimal>, whole: Decimal) -> Option<f64> {
    part?.checked_div(whole)?.to_f64()
}
