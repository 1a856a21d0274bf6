//! Alerts written by runs, in bulk.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::model::{AlertStatus, ChurnAlert, OpenAlert};
use platform::kernel::error::Error;
use platform::kernel::label::Labelled;

/// Enters alerts; answers those that are new (a client has one at most).
pub async fn open(conn: &mut PgConnection, alerts: &[ChurnAlert]) -> Result<Vec<Uuid>, Error> {
    let Some(first) = alerts.first() else { return Ok(Vec::new()) };
    let column = |pick: fn(&ChurnAlert) -> Uuid| alerts.iter().map(pick).collect::<Vec<_>>();
    let advisors: Vec<Option<Uuid>> = alerts.iter().map(|alert| alert.advisor_id.map(|id| id.0)).collect();
    let severities: Vec<&str> = alerts.iter().map(|alert| alert.severity.code()).collect();
    let opened = sqlx::query_scalar!(
        r#"INSERT INTO churn_alert (client_id, churn_alert_id, scoring_run_id, churn_model_id, status, severity, as_of,
                  horizon_days, p_silent, value_at_risk, reasons, advisor_id, due_on, due_basis, opened_at, net_assets)
           SELECT n.client_id, n.churn_alert_id, $1, $2, 'open', n.severity, $3, $4, n.p_silent, n.value_at_risk, n.reasons,
                  n.advisor_id, n.due_on, n.due_basis, $5, n.net_assets
           FROM unnest($6::uuid[], $7::uuid[], $8::text[], $9::float8[], $10::numeric[], $11::jsonb[], $12::uuid[], $13::date[],
                       $14::jsonb[], $15::numeric[])
                AS n (client_id, churn_alert_id, severity, p_silent, value_at_risk, reasons, advisor_id, due_on, due_basis, net_assets)
           ON CONFLICT DO NOTHING RETURNING churn_alert_id"#,
        first.scoring_run_id.0,
        first.churn_model_id.0,
        first.as_of,
        first.horizon_days.cast_signed(),
        first.opened_at,
        &column(|alert| alert.client_id.0),
        &column(|alert| alert.churn_alert_id.0),
        &severities as &[&str],
        &alerts.iter().map(|alert| alert.p_silent).collect::<Vec<_>>(),
        &alerts.iter().map(|alert| alert.value_at_risk).collect::<Vec<_>>(),
        &alerts.iter().map(|alert| json!(alert.reasons)).collect::<Vec<Value>>(),
        &advisors as &[Option<Uuid>],
        &alerts.iter().map(|alert| alert.due_on).collect::<Vec<_>>(),
        &bases(alerts) as &[Option<Value>],
        &alerts.iter().map(|alert| alert.net_assets).collect::<Vec<_>>() as &[Option<Decimal>]
    )
    .fetch_all(conn)
    .await?;
    Ok(opened)
}

fn bases(alerts: &[ChurnAlert]) -> Vec<Option<Value>> {
    alerts.iter().map(|alert| alert.due_basis.as_ref().map(|basis| json!(basis))).collect()
}

/// Makes open alerts more urgent, with the forecast that made them so; answers those nobody changed in between.
pub async fn raise(conn: &mut PgConnection, alerts: &[ChurnAlert]) -> Result<Vec<Uuid>, Error> {
    let Some(first) = alerts.first() else { return Ok(Vec::new()) };
    let column = |pick: fn(&ChurnAlert) -> Uuid| alerts.iter().map(pick).collect::<Vec<_>>();
    let severities: Vec<&str> = alerts.iter().map(|alert| alert.severity.code()).collect();
    let raised = sqlx::query_scalar!(
        r#"UPDATE churn_alert a SET scoring_run_id = $1, churn_model_id = $2, as_of = $11, horizon_days = $12, severity = n.severity, p_silent = n.p_silent,
                  value_at_risk = n.value_at_risk, net_assets = n.net_assets, reasons = n.reasons, due_on = n.due_on,
                  due_basis = CASE WHEN n.due_on < a.due_on THEN n.due_basis ELSE a.due_basis END, row_version = a.row_version + 1
           FROM unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::float8[], $8::numeric[], $9::jsonb[], $10::date[],
                       $13::jsonb[], $14::numeric[])
                AS n (client_id, churn_alert_id, row_version, severity, p_silent, value_at_risk, reasons, due_on, due_basis, net_assets)
           WHERE a.client_id = n.client_id AND a.churn_alert_id = n.churn_alert_id AND a.row_version = n.row_version
           RETURNING a.churn_alert_id"#,
        first.scoring_run_id.0,
        first.churn_model_id.0,
        &column(|alert| alert.client_id.0),
        &column(|alert| alert.churn_alert_id.0),
        &alerts.iter().map(|alert| alert.row_version).collect::<Vec<_>>(),
        &severities as &[&str],
        &alerts.iter().map(|alert| alert.p_silent).collect::<Vec<_>>(),
        &alerts.iter().map(|alert| alert.value_at_risk).collect::<Vec<_>>(),
        &alerts.iter().map(|alert| json!(alert.reasons)).collect::<Vec<Value>>(),
        &alerts.iter().map(|alert| alert.due_on).collect::<Vec<_>>(),
        first.as_of,
        first.horizon_days.cast_signed(),
        &bases(alerts) as &[Option<Value>],
        &alerts.iter().map(|alert| alert.net_assets).collect::<Vec<_>>() as &[Option<Decimal>]
    )
    .fetch_all(conn)
    .await?;
    Ok(raised)
}

/// Closes open alerts, as cleared or expired; answers those nobody changed in between.
pub async fn close(
    conn: &mut PgConnection,
    alerts: &[OpenAlert],
    status: AlertStatus,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, Error> {
    let closed = sqlx::query_scalar!(
        r#"UPDATE churn_alert a SET status = $1, closed_as_of = $2, closed_at = $3, row_version = a.row_version + 1
           FROM unnest($4::uuid[], $5::uuid[], $6::bigint[]) AS n (client_id, churn_alert_id, row_version)
           WHERE a.client_id = n.client_id AND a.churn_alert_id = n.churn_alert_id AND a.row_version = n.row_version
           RETURNING a.churn_alert_id"#,
        status as AlertStatus,
        day,
        now,
        &alerts.iter().map(|alert| alert.client_id.0).collect::<Vec<_>>(),
        &alerts.iter().map(|alert| alert.churn_alert_id.0).collect::<Vec<_>>(),
        &alerts.iter().map(|alert| alert.row_version).collect::<Vec<_>>()
    )
    .fetch_all(conn)
    .await?;
    Ok(closed)
}
