//! Alerts: read by people one by one, written by runs in bulk.

use chrono::NaiveDate;
use sqlx::{PgConnection, QueryBuilder};

use super::super::model::{AlertFilter, AlertStatus, ChurnAlert, LossReason, Outcome, Severity};
use crate::platform::db::scope::push_visibility;
use crate::platform::kernel::error::Error;
use crate::platform::kernel::ids::{ChurnAlertId, ClientId, StaffId};
use crate::platform::kernel::page::{Page, PageRequest};
use crate::platform::kernel::principal::Visibility;

const COLUMNS: &str = "a.client_id, a.churn_alert_id, a.scoring_run_id, a.churn_model_id, a.status, a.severity, a.as_of, \
    a.horizon_days, a.p_silent, a.value_at_risk, a.reasons, a.advisor_id, a.due_on, a.opened_at, a.acknowledged_at, \
    a.started_at, a.closed_at, a.outcome, a.loss_reason, a.row_version";

/// Alerts in sight, newest first. One ordered range of an index for each state (and severity) asked for, merged: the work
/// is that of a page, however many alerts there are.
pub async fn list(
    conn: &mut PgConnection,
    sight: &Visibility,
    filter: &AlertFilter,
    page: &PageRequest<ChurnAlertId>,
) -> Result<Page<ChurnAlert, ChurnAlertId>, Error> {
    let mut query = list_query(sight, filter, page);
    let rows: Vec<ChurnAlert> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |alert| alert.churn_alert_id))
}

/// How many alerts in sight fit a filter.
pub async fn total(conn: &mut PgConnection, sight: &Visibility, filter: &AlertFilter) -> Result<i64, Error> {
    let mut query = QueryBuilder::new(
        "SELECT count(*) FROM churn_alert a JOIN client_scope c ON c.client_id = a.client_id WHERE TRUE",
    );
    if !filter.status.is_empty() {
        query.push(" AND a.status = ANY(").push_bind(filter.status.clone()).push(")");
    }
    if !filter.severity.is_empty() {
        query.push(" AND a.severity = ANY(").push_bind(filter.severity.clone()).push(")");
    }
    push_owner(&mut query, sight, filter);
    Ok(query.build_query_scalar().fetch_one(conn).await?)
}

fn list_query(
    sight: &Visibility,
    filter: &AlertFilter,
    page: &PageRequest<ChurnAlertId>,
) -> QueryBuilder<sqlx::Postgres> {
    let limit = i64::from(page.limit) + 1;
    let statuses = if filter.status.is_empty() { AlertStatus::ALL.to_vec() } else { filter.status.clone() };
    let by_owner = filter.advisor_id.is_some() || filter.client_id.is_some();
    let mut query = QueryBuilder::new(format!("SELECT {COLUMNS} FROM (SELECT DISTINCT unnest("));
    query.push_bind(statuses).push("::text[]) AS status) wanted");
    if !filter.severity.is_empty() && !by_owner {
        query.push(" CROSS JOIN (SELECT DISTINCT unnest(").push_bind(filter.severity.clone());
        query.push("::text[]) AS severity) urgent");
    }
    query.push(
        " CROSS JOIN LATERAL (SELECT a.* FROM churn_alert a JOIN client_scope c ON c.client_id = a.client_id \
         WHERE a.status = wanted.status",
    );
    if !filter.severity.is_empty() {
        if by_owner {
            query.push(" AND a.severity = ANY(").push_bind(filter.severity.clone()).push(")");
        } else {
            query.push(" AND a.severity = urgent.severity");
        }
    }
    push_owner(&mut query, sight, filter);
    if let Some(after) = page.after {
        query.push(" AND a.churn_alert_id < ").push_bind(after);
    }
    query.push(" ORDER BY a.churn_alert_id DESC LIMIT ").push_bind(limit);
    query.push(") a ORDER BY a.churn_alert_id DESC LIMIT ").push_bind(limit);
    query
}

fn push_owner(query: &mut QueryBuilder<sqlx::Postgres>, sight: &Visibility, filter: &AlertFilter) {
    if let Some(advisor_id) = filter.advisor_id {
        query.push(" AND a.advisor_id = ").push_bind(advisor_id);
    }
    if let Some(client_id) = filter.client_id {
        query.push(" AND a.client_id = ").push_bind(client_id);
    }
    push_visibility(query, "c", sight);
}

/// One alert of a client in sight, and the client's advisor; kept from others until the transaction ends when `locked`.
pub async fn one(
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
    id: ChurnAlertId,
    locked: bool,
) -> Result<Option<ChurnAlert>, Error> {
    let mut query = QueryBuilder::new(format!(
        "SELECT {COLUMNS} FROM churn_alert a JOIN client_scope c ON c.client_id = a.client_id WHERE a.client_id = "
    ));
    query.push_bind(client_id).push(" AND a.churn_alert_id = ").push_bind(id);
    push_visibility(&mut query, "c", sight);
    if locked {
        query.push(" FOR UPDATE OF a");
    }
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// The alert of a client in sight on which work may still be done.
pub async fn standing_of(
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
) -> Result<Option<ChurnAlert>, Error> {
    let mut query = QueryBuilder::new(format!(
        "SELECT {COLUMNS} FROM churn_alert a JOIN client_scope c ON c.client_id = a.client_id \
         WHERE a.status IN ('open', 'acknowledged', 'in_progress') AND a.client_id = "
    ));
    query.push_bind(client_id);
    push_visibility(&mut query, "c", sight);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// Whether a client is in sight, and their advisor.
pub async fn advisor_of(
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
) -> Result<Option<Option<StaffId>>, Error> {
    let advisor = sqlx::query_scalar!(
        "SELECT c.advisor_id FROM client_scope c
         WHERE c.client_id = $1 AND ($2 OR c.branch_id = ANY($3) OR c.advisor_id = $4)",
        client_id.0,
        sight.firm,
        &sight.branch_ids,
        sight.advisor_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(advisor.map(|advisor| advisor.map(StaffId)))
}

/// Writes what a person did over `version`; false when that is no longer the current one.
pub async fn update(
    conn: &mut PgConnection,
    alert: &ChurnAlert,
    closed_as_of: Option<NaiveDate>,
    version: i64,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE churn_alert SET status = $3, advisor_id = $4, acknowledged_at = $5, started_at = $6, closed_at = $7,
                closed_as_of = $8, outcome = $9, loss_reason = $10, row_version = row_version + 1
         WHERE client_id = $1 AND churn_alert_id = $2 AND row_version = $11",
        alert.client_id.0,
        alert.churn_alert_id.0,
        alert.status as AlertStatus,
        alert.advisor_id.map(|id| id.0),
        alert.acknowledged_at,
        alert.started_at,
        alert.closed_at,
        closed_as_of,
        alert.outcome as Option<Outcome>,
        alert.loss_reason as Option<LossReason>,
        version
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An alert as a run finds it.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Whose.
    pub client_id: ClientId,
    /// Id.
    pub churn_alert_id: ChurnAlertId,
    /// Where it stands.
    pub status: AlertStatus,
    /// How urgent.
    pub severity: Severity,
    /// The day it speaks of.
    pub as_of: NaiveDate,
    /// Days over which silence is forecast.
    pub horizon_days: i32,
    /// The last day to act.
    pub due_on: NaiveDate,
    /// What a run's change is based on: a person's change in between stands.
    pub row_version: i64,
}

/// Every alert on which work may still be done.
pub async fn standing(conn: &mut PgConnection) -> Result<Vec<Standing>, Error> {
    let rows = sqlx::query_as!(
        Standing,
        r#"SELECT client_id AS "client_id: ClientId", churn_alert_id AS "churn_alert_id: ChurnAlertId",
                  status AS "status: AlertStatus", severity AS "severity: Severity", as_of, horizon_days, due_on, row_version
           FROM churn_alert WHERE status IN ('open', 'acknowledged', 'in_progress')"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Clients whose last alert ended after a day, and when.
pub async fn closed_after(conn: &mut PgConnection, day: NaiveDate) -> Result<Vec<(ClientId, NaiveDate)>, Error> {
    let rows = sqlx::query!(
        r#"SELECT client_id, max(closed_as_of) AS "day!" FROM churn_alert WHERE closed_as_of > $1 GROUP BY client_id"#,
        day
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (ClientId(row.client_id), row.day)).collect())
}
