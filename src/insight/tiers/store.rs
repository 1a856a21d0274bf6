//! Every statement about tier policies and assignments.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::types::Json;
use sqlx::{PgConnection, QueryBuilder};

use super::model::*;
use platform::db::scope::push_visibility;
use platform::kernel::decision::Reason;
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, TierAssignmentId, TierPolicyId};
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// All policies, newest first.
pub async fn list_policies(conn: &mut PgConnection, page: &PageRequest<i32>) -> Result<Page<StoredPolicy, i32>, Error> {
    let rows = sqlx::query_as!(
        StoredPolicy,
        r#"SELECT tier_policy_id AS "tier_policy_id!: TierPolicyId", version AS "version!", status AS "status!: PolicyStatus",
                  rules AS "rules!: Json<TierPolicy>", created_at AS "created_at!"
           FROM tier_policy WHERE version < $1 ORDER BY version DESC LIMIT $2"#,
        page.after.unwrap_or(i32::MAX),
        i64::from(page.limit) + 1
    )
    .fetch_all(conn)
    .await?;
    Ok(Page::from_rows(rows, page.limit, |policy| policy.version))
}

/// What decides the tiers of clients, and the assignments they have.
pub async fn measure(
    conn: &mut PgConnection,
    clients: &[ClientId],
    policy: &TierPolicy,
    as_of: NaiveDate,
) -> Result<Vec<Measured>, Error> {
    let this_month = as_of.with_day(1).unwrap_or(as_of);
    // One month more than the grace: a run that is longer than the grace reads no differently.
    let from_month =
        this_month.checked_sub_months(Months::new(policy.downgrade_after_months + 1)).unwrap_or(this_month);
    let active_after = as_of.checked_sub_days(Days::new(policy.frequency.days.into())).unwrap_or(as_of);
    let rows = sqlx::query!(
        r#"SELECT c.client_id AS "client_id!: ClientId", b.average, b.days AS "days!", a.active AS "active!",
                  m.months AS "months: Vec<NaiveDate>", m.averages AS "averages: Vec<Decimal>",
                  t.tier_assignment_id AS "tier_assignment_id?: TierAssignmentId", t.rung AS "rung?", t.rung_since AS "rung_since?",
                  t.tier AS "tier?: Tier", t.service_level AS "service_level?: Tier", t.standing AS "standing?: TierStatus",
                  lower(t.valid_during) AS "valid_from?"
           FROM unnest($1::uuid[]) AS c (client_id)
           LEFT JOIN tier_assignment t ON t.client_id = c.client_id AND upper_inf(t.valid_during)
           CROSS JOIN LATERAL (
               SELECT round(avg(d.net_assets), 8) AS average, count(*) AS days
               FROM (SELECT net_assets FROM daily_balance WHERE client_id = c.client_id AND trade_day <= $2
                     ORDER BY trade_day DESC LIMIT $3) d) b
           CROSS JOIN LATERAL (
               SELECT count(*) AS active FROM active_day d
               WHERE d.client_id = c.client_id AND d.trade_day > $4 AND d.trade_day <= $2) a
           CROSS JOIN LATERAL (
               SELECT array_agg(d.month ORDER BY d.month) AS months, array_agg(d.average ORDER BY d.month) AS averages
               FROM (SELECT date_trunc('month', trade_day)::date AS month, round(avg(net_assets), 8) AS average
                     FROM daily_balance WHERE client_id = c.client_id AND trade_day >= $5 AND trade_day < $6 GROUP BY 1) d) m"#,
        clients as &[ClientId],
        as_of,
        i64::from(policy.window_trading_days),
        active_after,
        from_month,
        this_month
    )
    .fetch_all(conn)
    .await?;
    let measured = rows.into_iter().map(|row| {
        let months = row.months.unwrap_or_default().into_iter().zip(row.averages.unwrap_or_default());
        let current = match (row.rung, row.rung_since, row.tier, row.service_level, row.standing, row.valid_from) {
            (Some(rung), Some(since), Some(tier), Some(service_level), Some(standing), Some(valid_from)) => {
                let Some(tier_assignment_id) = row.tier_assignment_id else { unreachable!("a primary key") };
                Some(Current { tier_assignment_id, rung, since, tier, service_level, standing, valid_from })
            }
            _ => None,
        };
        let inputs = TierInputs {
            as_of,
            average_net_assets: row.average,
            balance_days: u32::try_from(row.days).unwrap_or(u32::MAX),
            monthly_average_net_assets: months
                .map(|(month, net_assets)| MonthlyAverage { month, net_assets })
                .collect(),
            active_days: u32::try_from(row.active).unwrap_or(u32::MAX),
            current: current.as_ref().map(|c| CurrentTier { rung: c.rung.clone(), since: c.since }),
        };
        Measured { client_id: row.client_id, inputs, current }
    });
    Ok(measured.collect())
}

/// Ends periods that are open.
pub async fn close_periods(conn: &mut PgConnection, periods: &[&NewPeriod]) -> Result<(), Error> {
    let closing = || periods.iter().filter_map(|period| Some((period, period.replaces?)));
    let clients: Vec<ClientId> = closing().map(|(period, _)| period.client_id).collect();
    let ids: Vec<TierAssignmentId> = closing().map(|(_, id)| id).collect();
    let from: Vec<DateTime<Utc>> = closing().map(|(period, _)| period.valid_from).collect();
    sqlx::query!(
        "UPDATE tier_assignment t SET valid_during = tstzrange(lower(t.valid_during), n.valid_from)
         FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS n (client_id, tier_assignment_id, valid_from)
         WHERE t.client_id = n.client_id AND t.tier_assignment_id = n.tier_assignment_id",
        &clients as &[ClientId],
        &ids as &[TierAssignmentId],
        &from
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Opens periods.
pub async fn open_periods(
    conn: &mut PgConnection,
    policy_id: TierPolicyId,
    periods: &[&NewPeriod],
) -> Result<(), Error> {
    let clients: Vec<ClientId> = periods.iter().map(|period| period.client_id).collect();
    let ids: Vec<TierAssignmentId> = periods.iter().map(|period| period.tier_assignment_id).collect();
    let rungs: Vec<&str> = periods.iter().map(|period| period.decision.rung.as_str()).collect();
    let since: Vec<NaiveDate> = periods.iter().map(|period| period.rung_since).collect();
    let tiers: Vec<Tier> = periods.iter().map(|period| period.decision.tier).collect();
    let levels: Vec<Tier> = periods.iter().map(|period| period.decision.service_level).collect();
    let standings: Vec<TierStatus> = periods.iter().map(|period| period.decision.status).collect();
    let rules: Vec<TierRule> = periods.iter().map(|period| period.decision.rule).collect();
    let inputs: Vec<Json<&TierInputs>> = periods.iter().map(|period| Json(&period.inputs)).collect();
    let reasons: Vec<Json<&[Reason]>> = periods.iter().map(|period| Json(period.decision.reasons.as_slice())).collect();
    let from: Vec<DateTime<Utc>> = periods.iter().map(|period| period.valid_from).collect();
    sqlx::query!(
        "INSERT INTO tier_assignment (client_id, tier_assignment_id, rung, rung_since, tier, service_level, standing, rule, inputs,
                                      reasons, valid_during, tier_policy_id)
         SELECT n.client_id, n.id, n.rung, n.rung_since, n.tier, n.service_level, n.standing, n.rule, n.inputs, n.reasons,
                tstzrange(n.valid_from, NULL), $12
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
                     $10::jsonb[], $11::timestamptz[])
             AS n (client_id, id, rung, rung_since, tier, service_level, standing, rule, inputs, reasons, valid_from)",
        &clients as &[ClientId],
        &ids as &[TierAssignmentId],
        &rungs as &[&str],
        &since,
        &tiers as &[Tier],
        &levels as &[Tier],
        &standings as &[TierStatus],
        &rules as &[TierRule],
        &inputs as &[Json<&TierInputs>],
        &reasons as &[Json<&[Reason]>],
        &from,
        policy_id.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

const STANDING: &str = "SELECT t.tier_assignment_id, t.rung, t.rung_since, t.tier, t.service_level, t.standing, t.rule, t.inputs, \
    t.reasons, lower(t.valid_during) AS valid_from, upper(t.valid_during) AS valid_to, p.version AS policy_version \
    FROM tier_assignment t JOIN client_scope c USING (client_id) JOIN tier_policy p USING (tier_policy_id) WHERE t.client_id = ";

/// All assignments up to an instant, newest first.
pub async fn history(
    conn: &mut PgConnection,
    sight: &Visibility,
    id: ClientId,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<TierStanding>, Error> {
    let mut query = QueryBuilder::new(STANDING);
    query.push_bind(id);
    push_visibility(&mut query, "c", sight);
    query.push(" AND lower(t.valid_during) < ").push_bind(before);
    query.push(" ORDER BY lower(t.valid_during) DESC LIMIT ").push_bind(i64::from(limit));
    Ok(query.build_query_as().fetch_all(conn).await?)
}
