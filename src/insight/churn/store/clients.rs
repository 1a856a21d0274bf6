//! Whose clients they are, through the view of clients.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, StaffId};

/// Whose client it is, for the plan of a run.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// Who.
    pub client_id: ClientId,
    /// The advisor.
    pub advisor_id: Option<StaffId>,
    /// Whether the tier is the highest.
    pub tier_is_high: bool,
    /// Net assets by the last balance; none where no balance came.
    pub net_assets: Option<Decimal>,
}

/// Advisor, tier and net assets at the end of a day of clients who are not closed.
pub async fn holders(conn: &mut PgConnection, clients: &[Uuid], day: NaiveDate) -> Result<Vec<Holder>, Error> {
    let rows = sqlx::query!(
        r#"SELECT c.client_id AS "client_id!", c.advisor_id, coalesce(c.tier = 'high_net_worth', FALSE) AS "tier_is_high!",
                  b.net_assets AS "net_assets?"
           FROM client_scope c JOIN unnest($1::uuid[]) AS wanted (client_id) ON wanted.client_id = c.client_id
           LEFT JOIN LATERAL (SELECT net_assets FROM daily_balance b
                              WHERE b.client_id = wanted.client_id AND b.trade_day <= $2 ORDER BY b.trade_day DESC LIMIT 1) b ON TRUE
           WHERE c.status <> 'closed'"#,
        clients,
        day
    )
    .fetch_all(conn)
    .await?;
    let holders = rows.into_iter().map(|row| Holder {
        client_id: ClientId(row.client_id),
        advisor_id: row.advisor_id.map(StaffId),
        tier_is_high: row.tier_is_high,
        net_assets: row.net_assets,
    });
    Ok(holders.collect())
}
