//! The record of clients, through the views other slices publish.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::super::model::*;
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, ClientId, StaffId};

/// How far back from a day policies look, and the last day of interest.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Balance days before the day.
    pub balance_days: u32,
    /// Months before the one of the last balance.
    pub months: u32,
    /// Calendar days of trades.
    pub active_days: u32,
    /// None for all there is.
    pub until: Option<NaiveDate>,
}

/// Records of clients from a day on, each as far back as the policies look.
pub async fn records(
    conn: &mut PgConnection,
    from: &[(ClientId, NaiveDate)],
    reach: Reach,
) -> Result<Vec<ClientRecord>, Error> {
    let (clients, days): (Vec<ClientId>, Vec<NaiveDate>) = from.iter().copied().unzip();
    // Lateral and limited: each part is an index range of one client, whatever the planner believes about many.
    let rows = sqlx::query!(
        r#"SELECT c.client_id AS "client_id!: ClientId", c.branch_id AS "branch_id!: BranchId", c.advisor_id AS "advisor_id: StaffId",
                  c.tier AS "tier: Tier", c.status = 'closed' AS "is_closed!",
                  b.days AS "balance_days: Vec<NaiveDate>", b.nets AS "balances: Vec<Decimal>",
                  m.months AS "months: Vec<NaiveDate>", m.averages AS "averages: Vec<Decimal>",
                  a.days AS "active_days: Vec<NaiveDate>"
           FROM unnest($1::uuid[], $2::date[]) AS n (client_id, from_day)
           JOIN client_scope c ON c.client_id = n.client_id
           CROSS JOIN LATERAL (
               SELECT array_agg(d.trade_day ORDER BY d.trade_day) AS days, array_agg(d.net_assets ORDER BY d.trade_day) AS nets,
                      min(d.last_before) AS last_before
               FROM ((SELECT p.trade_day, p.net_assets, max(p.trade_day) OVER () AS last_before
                      FROM (SELECT trade_day, net_assets FROM daily_balance
                            WHERE client_id = n.client_id AND trade_day < n.from_day ORDER BY trade_day DESC LIMIT $3) p)
                     UNION ALL
                     SELECT trade_day, net_assets, NULL FROM daily_balance
                     WHERE client_id = n.client_id AND trade_day >= n.from_day AND trade_day <= coalesce($6, 'infinity'::date)) d) b
           CROSS JOIN LATERAL (
               SELECT array_agg(d.month ORDER BY d.month) AS months, array_agg(d.average ORDER BY d.month) AS averages
               FROM (SELECT date_trunc('month', trade_day::timestamp)::date AS month, round(avg(net_assets), 8) AS average
                     FROM daily_balance
                     WHERE client_id = n.client_id AND trade_day <= coalesce($6, 'infinity'::date)
                       AND trade_day >= date_trunc('month', coalesce(b.last_before, n.from_day)::timestamp) - make_interval(months => $4)
                     GROUP BY 1) d) m
           CROSS JOIN LATERAL (
               SELECT array_agg(d.trade_day ORDER BY d.trade_day) AS days FROM active_day d
               WHERE d.client_id = n.client_id AND d.trade_day > n.from_day - $5::int
                 AND d.trade_day <= coalesce($6, 'infinity'::date)) a"#,
        &clients as &[ClientId],
        &days,
        i64::from(reach.balance_days),
        i32::try_from(reach.months).unwrap_or(i32::MAX),
        i32::try_from(reach.active_days).unwrap_or(i32::MAX),
        reach.until
    )
    .fetch_all(conn)
    .await?;
    let records = rows.into_iter().map(|row| {
        let months = row.months.unwrap_or_default().into_iter().zip(row.averages.unwrap_or_default());
        let month =
            |(month, net_assets): (NaiveDate, Decimal)| MonthlyAverage { month, net_assets: net_assets.normalize() };
        ClientRecord {
            client_id: row.client_id,
            record: Record {
                balances: row
                    .balance_days
                    .unwrap_or_default()
                    .into_iter()
                    .zip(row.balances.unwrap_or_default())
                    .collect(),
                months: months.map(month).collect(),
                active_days: row.active_days.unwrap_or_default(),
            },
            branch_id: row.branch_id,
            advisor_id: row.advisor_id,
            tier: row.tier,
            is_closed: row.is_closed,
        }
    });
    Ok(records.collect())
}

/// Clients whose tiers may differ because days turned active or inactive: of what tiers rest on, trades move the
/// service level only, and that only of clients with active days enough; and where the record begins. Each client comes
/// with its first such day and how many there are.
pub async fn concerned_by_trades(
    conn: &mut PgConnection,
    turned: &[(ClientId, NaiveDate, i32)],
    min_active_days: u32,
) -> Result<Vec<(ClientId, NaiveDate)>, Error> {
    let clients: Vec<ClientId> = turned.iter().map(|(client_id, ..)| *client_id).collect();
    let days: Vec<NaiveDate> = turned.iter().map(|(_, day, _)| *day).collect();
    let counts: Vec<i32> = turned.iter().map(|(.., count)| *count).collect();
    let rows = sqlx::query!(
        r#"SELECT n.client_id AS "client_id!: ClientId", n.day AS "day!"
           FROM unnest($1::uuid[], $2::date[], $3::int[]) AS n (client_id, day, days)
           LEFT JOIN client_activity a ON a.client_id = n.client_id
           LEFT JOIN LATERAL (SELECT p.starts_on FROM tier_period p WHERE p.client_id = n.client_id
                              ORDER BY p.starts_on LIMIT 1) f ON TRUE
           WHERE f.starts_on IS NULL OR n.day <= f.starts_on OR coalesce(a.active_days, 0) + n.days >= $4"#,
        &clients as &[ClientId],
        &days,
        &counts,
        i32::try_from(min_active_days).unwrap_or(i32::MAX)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.client_id, row.day)).collect())
}

/// Clients who are not closed and whose period of a day began after another day, in the order of their ids.
pub async fn begun(
    conn: &mut PgConnection,
    since: NaiveDate,
    day: NaiveDate,
    after: Option<ClientId>,
    limit: i64,
) -> Result<Vec<ClientId>, Error> {
    let clients = sqlx::query_scalar!(
        r#"SELECT p.client_id AS "client_id!: ClientId" FROM tier_period p JOIN client_scope c USING (client_id)
           WHERE p.starts_on > $1 AND p.valid_during @> $2::date AND c.status <> 'closed'
             AND ($3::uuid IS NULL OR p.client_id > $3)
           ORDER BY p.client_id LIMIT $4"#,
        since,
        day,
        after as Option<ClientId>,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(clients)
}

/// Clients who are not closed and have another tier on a day than lists filter by; of all, or of some.
pub async fn due(
    conn: &mut PgConnection,
    day: NaiveDate,
    of: Option<&[ClientId]>,
    limit: i64,
) -> Result<Vec<TierMove>, Error> {
    let moves = sqlx::query_as!(
        TierMove,
        r#"SELECT c.client_id AS "client_id!: ClientId", c.tier AS "from: Tier", p.tier AS "to?: Tier", p.rule AS "rule?: TierRule"
           FROM client_scope c
           LEFT JOIN tier_period p ON p.client_id = c.client_id AND p.valid_during @> $1::date
           WHERE c.status <> 'closed' AND c.tier IS DISTINCT FROM p.tier AND ($2::uuid[] IS NULL OR c.client_id = ANY($2))
           ORDER BY c.client_id LIMIT $3"#,
        day,
        of as Option<&[ClientId]>,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(moves)
}
