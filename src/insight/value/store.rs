//! Every statement of the value score.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Activity, BookQuantiles, Forecaster, Revenue, ValueFacts};
use platform::kernel::error::Error;
use platform::kernel::ids::{ChurnModelId, ClientId};
use platform::kernel::principal::Visibility;

/// The spans that end with a day.
pub struct Spans {
    /// The day.
    pub day: NaiveDate,
    /// The last day before the 12 months.
    pub year_from: NaiveDate,
    /// The first day of the twelve calendar months.
    pub months_from: NaiveDate,
    /// The last day before the six months.
    pub half_from: NaiveDate,
    /// The 12 months as instants.
    pub year: (DateTime<Utc>, DateTime<Utc>),
}

fn count(number: Option<i64>) -> u32 {
    u32::try_from(number.unwrap_or_default()).unwrap_or(u32::MAX)
}

/// What a score needs beside the client and the policy: the newest usable model and the newest quantiles not after a
/// day.
#[derive(Default)]
pub struct Context {
    /// The newest model.
    pub forecaster: Option<Forecaster>,
    /// The newest quantiles.
    pub book: Option<BookQuantiles>,
}

/// The context of a day.
pub async fn context(conn: &mut PgConnection, day: NaiveDate) -> Result<Context, Error> {
    let row = sqlx::query!(
        r#"SELECT m.churn_model_id AS "churn_model_id?", m.version AS "model_version?", m.cutoff AS "cutoff?",
                  m.parameters AS "parameters?", b.as_of AS "book_as_of?", b.policy_version AS "book_policy_version?",
                  b.quantiles AS "quantiles?"
           FROM (SELECT $1::date AS day) d
           LEFT JOIN LATERAL (SELECT * FROM usable_churn_model WHERE cutoff <= d.day ORDER BY cutoff DESC, version DESC LIMIT 1) m ON TRUE
           LEFT JOIN LATERAL (SELECT * FROM book_value WHERE as_of <= d.day ORDER BY as_of DESC, scoring_run_id DESC LIMIT 1) b ON TRUE"#,
        day
    )
    .fetch_one(conn)
    .await?;
    let forecaster = match (row.churn_model_id, row.model_version, row.cutoff, row.parameters) {
        (Some(id), Some(version), Some(cutoff), Some(parameters)) => Some(Forecaster {
            churn_model_id: ChurnModelId(id),
            version,
            cutoff,
            ladder: serde_json::from_value(parameters).map_err(Error::internal)?,
        }),
        _ => None,
    };
    let book = match (row.book_as_of, row.book_policy_version, row.quantiles) {
        (Some(as_of), Some(policy_version), Some(quantiles)) => Some(BookQuantiles {
            as_of,
            policy_version,
            quantiles: serde_json::from_value(quantiles).map_err(Error::internal)?,
        }),
        _ => None,
    };
    Ok(Context { forecaster, book })
}

/// What the record knows of clients in scope.
pub async fn facts(
    conn: &mut PgConnection,
    scope: &Visibility,
    clients: &[Uuid],
    spans: &Spans,
) -> Result<Vec<ValueFacts>, Error> {
    // Lateral and limited: each part is an index range of one client, whatever the planner believes about many.
    let rows = sqlx::query!(
        r#"SELECT c.client_id AS "client_id!", c.opened_on AS "opened_on!",
                  h.active_days AS "active_days?", h.first_day AS "first_day?", h.last_day AS "last_day?",
                  d.days AS "days?", d.months AS "months?", d.commission, d.turnover, b.mean_net_assets, p.product_types
           FROM unnest($1::uuid[]) AS wanted (client_id)
           JOIN client_scope c ON c.client_id = wanted.client_id
           LEFT JOIN LATERAL (SELECT a.active_days, a.first_day, a.last_day FROM activity_as_of($5) a
                              WHERE a.client_id = wanted.client_id LIMIT 1) h ON TRUE
           CROSS JOIN LATERAL (
               SELECT count(*) FILTER (WHERE d.trade_day > $6) AS days,
                      count(DISTINCT date_trunc('month', d.trade_day::timestamp)) FILTER (WHERE d.trade_day >= $7) AS months,
                      CASE WHEN sum(d.commission_count) FILTER (WHERE d.trade_day > $6) > 0
                           THEN sum(d.commission) FILTER (WHERE d.trade_day > $6) END AS commission,
                      sum(d.buy_amount + d.sell_amount) FILTER (WHERE d.trade_day > $6) AS turnover
               FROM active_day d
               WHERE d.client_id = wanted.client_id AND d.trade_day >= least($6, $7) AND d.trade_day <= $5) d
           CROSS JOIN LATERAL (
               SELECT round(avg(m.net_assets), 8) AS mean_net_assets
               FROM (SELECT avg(b.net_assets) AS net_assets FROM daily_balance b
                     WHERE b.client_id = wanted.client_id AND b.trade_day > $8 AND b.trade_day <= $5
                     GROUP BY date_trunc('month', b.trade_day::timestamp)) m) b
           CROSS JOIN LATERAL (
               SELECT count(DISTINCT t.product_type) AS product_types FROM effective_trade t
               WHERE t.client_id = wanted.client_id AND t.executed_at >= $9 AND t.executed_at < $10) p
           WHERE client_in_scope(c.branch_id, c.advisor_id, $2, $3, $4)"#,
        clients,
        scope.firm,
        &scope.branch_ids,
        scope.advisor_id,
        spans.day,
        spans.year_from,
        spans.months_from,
        spans.half_from,
        spans.year.0,
        spans.year.1
    )
    .fetch_all(conn)
    .await?;
    let facts = rows.into_iter().map(|row| ValueFacts {
        client_id: ClientId(row.client_id),
        opened_on: row.opened_on,
        activity: row.first_day.zip(row.last_day).map(|(first_day, last_day)| Activity {
            first_day,
            last_day,
            active_days: count(row.active_days),
        }),
        active_days_12m: count(row.days),
        active_months_12: count(row.months),
        commission_12m: row.commission,
        turnover_12m: row.turnover.unwrap_or_default(),
        mean_net_assets_6m: row.mean_net_assets,
        product_types_12m: count(row.product_types),
    });
    Ok(facts.collect())
}

/// Active days and revenue of 12 months of clients who traded in them; the rest of the record is left out.
pub async fn revenue(conn: &mut PgConnection, clients: &[Uuid], spans: &Spans) -> Result<Vec<Revenue>, Error> {
    let rows = sqlx::query!(
        r#"SELECT d.client_id AS "client_id!", count(*) AS "days!", sum(d.buy_amount + d.sell_amount) AS "turnover!",
                  CASE WHEN sum(d.commission_count) > 0 THEN sum(d.commission) END AS commission
           FROM active_day d JOIN unnest($1::uuid[]) AS wanted (client_id) ON wanted.client_id = d.client_id
           WHERE d.trade_day > $2 AND d.trade_day <= $3
           GROUP BY d.client_id"#,
        clients,
        spans.year_from,
        spans.day
    )
    .fetch_all(conn)
    .await?;
    let revenue = rows.into_iter().map(|row| Revenue {
        client_id: ClientId(row.client_id),
        active_days_12m: count(Some(row.days)),
        commission_12m: row.commission,
        turnover_12m: row.turnover,
    });
    Ok(revenue.collect())
}

/// Every `step`-th client who is not closed, in the order of ids, beginning with the first.
pub async fn every_nth_client(conn: &mut PgConnection, step: i64) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        r#"SELECT c.client_id AS "client_id!" FROM (SELECT client_id, row_number() OVER (ORDER BY client_id) - 1 AS place
                                    FROM client_scope WHERE status <> 'closed') c
           WHERE c.place % $1 = 0"#,
        step
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// How many clients are not closed.
pub async fn client_count(conn: &mut PgConnection) -> Result<i64, Error> {
    let count = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM client_scope WHERE status <> 'closed'"#)
        .fetch_one(conn)
        .await?;
    Ok(count)
}
