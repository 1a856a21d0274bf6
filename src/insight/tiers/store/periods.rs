//! Periods of tiers.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, PgConnection, QueryBuilder};

use super::super::model::*;
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, TierPolicyId};
use platform::kernel::principal::Visibility;

const COLUMNS: &str = "SELECT p.client_id, p.starts_on, p.ends_on, p.tier_policy_id, p.rung, p.rung_since, p.tier, p.service_level, \
    p.status, p.rule, p.recorded_at ";

#[derive(FromRow)]
struct Row {
    client_id: ClientId,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    tier_policy_id: TierPolicyId,
    rung: String,
    rung_since: NaiveDate,
    tier: Tier,
    service_level: Tier,
    status: TierStatus,
    rule: TierRule,
    recorded_at: DateTime<Utc>,
}

impl Row {
    fn period(self) -> (ClientId, TierPeriod, DateTime<Utc>) {
        let (rung, since, tier) = (self.rung, self.rung_since, self.tier);
        let period = TierPeriod {
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            tier_policy_id: self.tier_policy_id,
            assigned: Assigned { rung, since, tier, service_level: self.service_level, status: self.status },
            rule: self.rule,
        };
        (self.client_id, period, self.recorded_at)
    }
}

/// Whether clients have periods at all, and of each client those that hold the day before its day or begin later,
/// oldest first.
pub async fn periods_from(
    conn: &mut PgConnection,
    from: &[(ClientId, NaiveDate)],
) -> Result<Vec<(ClientId, TierPeriod)>, Error> {
    let (clients, days): (Vec<ClientId>, Vec<NaiveDate>) = from.iter().copied().unzip();
    let mut query = QueryBuilder::new(COLUMNS);
    query.push("FROM unnest(").push_bind(clients).push("::uuid[], ").push_bind(days).push(
        "::date[]) AS n (client_id, from_day) JOIN tier_period p ON p.client_id = n.client_id \
         AND (p.ends_on IS NULL OR p.ends_on >= n.from_day) ORDER BY p.client_id, p.starts_on",
    );
    let rows: Vec<Row> = query.build_query_as().fetch_all(conn).await?;
    Ok(rows.into_iter().map(Row::period).map(|(client_id, period, _)| (client_id, period)).collect())
}

/// All periods of clients, oldest first.
pub async fn periods(conn: &mut PgConnection, clients: &[ClientId]) -> Result<Vec<(ClientId, TierPeriod)>, Error> {
    let mut query = QueryBuilder::new(COLUMNS);
    query.push("FROM tier_period p WHERE p.client_id = ANY(").push_bind(clients.to_vec());
    query.push(") ORDER BY p.client_id, p.starts_on");
    let rows: Vec<Row> = query.build_query_as().fetch_all(conn).await?;
    Ok(rows.into_iter().map(Row::period).map(|(client_id, period, _)| (client_id, period)).collect())
}

/// A client's periods that begin on a day or earlier, newest first, each with when it was recorded.
pub async fn history(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: ClientId,
    day: NaiveDate,
    limit: u32,
) -> Result<Vec<(TierPeriod, DateTime<Utc>)>, Error> {
    let mut query = QueryBuilder::new(COLUMNS);
    query.push("FROM tier_period p JOIN client_scope c USING (client_id) WHERE p.client_id = ").push_bind(client_id);
    push_visibility(&mut query, "c", scope);
    query.push(" AND p.starts_on <= ").push_bind(day);
    query.push(" ORDER BY p.starts_on DESC LIMIT ").push_bind(i64::from(limit));
    let rows: Vec<Row> = query.build_query_as().fetch_all(conn).await?;
    Ok(rows.into_iter().map(Row::period).map(|(_, period, recorded_at)| (period, recorded_at)).collect())
}

/// What has to be done to the periods of clients. A row that stays keeps when it was recorded, though its end may move.
#[derive(Debug, Default)]
pub struct Changes {
    pub gone: Vec<(ClientId, NaiveDate)>,
    pub ends: Vec<(ClientId, NaiveDate, Option<NaiveDate>)>,
    pub new: Vec<(ClientId, TierPeriod)>,
}

/// Does it.
pub async fn apply(conn: &mut PgConnection, changes: &Changes, now: DateTime<Utc>) -> Result<(), Error> {
    if !changes.gone.is_empty() {
        delete(conn, &changes.gone).await?;
    }
    if !changes.ends.is_empty() {
        move_ends(conn, &changes.ends).await?;
    }
    if !changes.new.is_empty() {
        insert(conn, &changes.new, now).await?;
    }
    Ok(())
}

async fn delete(conn: &mut PgConnection, gone: &[(ClientId, NaiveDate)]) -> Result<(), Error> {
    let (clients, days): (Vec<ClientId>, Vec<NaiveDate>) = gone.iter().copied().unzip();
    sqlx::query!(
        "DELETE FROM tier_period p USING unnest($1::uuid[], $2::date[]) AS n (client_id, starts_on)
         WHERE p.client_id = n.client_id AND p.starts_on = n.starts_on",
        &clients as &[ClientId],
        &days
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn move_ends(conn: &mut PgConnection, moved: &[(ClientId, NaiveDate, Option<NaiveDate>)]) -> Result<(), Error> {
    let clients: Vec<ClientId> = moved.iter().map(|(client_id, ..)| *client_id).collect();
    let days: Vec<NaiveDate> = moved.iter().map(|(_, day, _)| *day).collect();
    let ends: Vec<Option<NaiveDate>> = moved.iter().map(|(.., end)| *end).collect();
    sqlx::query!(
        "UPDATE tier_period p SET ends_on = n.ends_on
         FROM unnest($1::uuid[], $2::date[], $3::date[]) AS n (client_id, starts_on, ends_on)
         WHERE p.client_id = n.client_id AND p.starts_on = n.starts_on",
        &clients as &[ClientId],
        &days,
        &ends as &[Option<NaiveDate>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert(conn: &mut PgConnection, new: &[(ClientId, TierPeriod)], now: DateTime<Utc>) -> Result<(), Error> {
    let clients: Vec<ClientId> = new.iter().map(|(client_id, _)| *client_id).collect();
    let rows = || new.iter().map(|(_, period)| period);
    let starts: Vec<NaiveDate> = rows().map(|period| period.starts_on).collect();
    let ends: Vec<Option<NaiveDate>> = rows().map(|period| period.ends_on).collect();
    let policies: Vec<TierPolicyId> = rows().map(|period| period.tier_policy_id).collect();
    let rungs: Vec<&str> = rows().map(|period| period.assigned.rung.as_str()).collect();
    let since: Vec<NaiveDate> = rows().map(|period| period.assigned.since).collect();
    let tiers: Vec<Tier> = rows().map(|period| period.assigned.tier).collect();
    let levels: Vec<Tier> = rows().map(|period| period.assigned.service_level).collect();
    let statuses: Vec<TierStatus> = rows().map(|period| period.assigned.status).collect();
    let rules: Vec<TierRule> = rows().map(|period| period.rule).collect();
    sqlx::query!(
        "INSERT INTO tier_period (client_id, starts_on, ends_on, tier_policy_id, rung, rung_since, tier, service_level, status, rule,
                                  recorded_at)
         SELECT n.*, $11 FROM unnest($1::uuid[], $2::date[], $3::date[], $4::uuid[], $5::text[], $6::date[], $7::text[], $8::text[],
                                     $9::text[], $10::text[]) AS n",
        &clients as &[ClientId],
        &starts,
        &ends as &[Option<NaiveDate>],
        &policies as &[TierPolicyId],
        &rungs as &[&str],
        &since,
        &tiers as &[Tier],
        &levels as &[Tier],
        &statuses as &[TierStatus],
        &rules as &[TierRule],
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
