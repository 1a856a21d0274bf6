//! Alerts: read by people one by one, written by runs in bulk.

use chrono::NaiveDate;
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::super::model::{AlertStatus, ChurnAlert, ClientAlert, LossReason, OpenAlert, Outcome, Severity};
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::{ChurnAlertId, ClientId, StaffId};
use platform::kernel::principal::Visibility;

/// What is read of an alert.
pub(super) const COLUMNS: &str = "a.client_id, a.churn_alert_id, a.scoring_run_id, a.churn_model_id, a.status, a.severity, a.as_of, \
    a.horizon_days, a.p_silent, a.value_at_risk, a.net_assets, a.reasons, a.advisor_id, a.due_on, a.due_basis, a.opened_at, a.acknowledged_at, \
    a.started_at, a.closed_at, a.outcome, a.loss_reason, a.row_version";

/// What is read of the client beside an alert.
pub(super) const CLIENT: &str = "c.client_no, c.name AS client_name";

/// One alert of a client in scope.
pub async fn one(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: ClientId,
    id: ChurnAlertId,
) -> Result<Option<ClientAlert>, Error> {
    Ok(one_query(scope, client_id, id).build_query_as().fetch_optional(conn).await?)
}

/// One alert of a client in scope, kept from others until the transaction ends.
pub async fn one_locked(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: ClientId,
    id: ChurnAlertId,
) -> Result<Option<ClientAlert>, Error> {
    let mut query = one_query(scope, client_id, id);
    query.push(" FOR UPDATE OF a");
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

fn one_query(scope: &Visibility, client_id: ClientId, id: ChurnAlertId) -> QueryBuilder<Postgres> {
    let mut query = of_client(client_id);
    query.push(" AND a.churn_alert_id = ").push_bind(id);
    push_visibility(&mut query, "c", scope);
    query
}

fn of_client(client_id: ClientId) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!(
        "SELECT {COLUMNS}, {CLIENT} FROM churn_alert a JOIN client_scope c ON c.client_id = a.client_id WHERE a.client_id = "
    ));
    query.push_bind(client_id);
    query
}

/// The alert of a client in scope on which work may still be done.
pub async fn open_of(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: ClientId,
) -> Result<Option<ClientAlert>, Error> {
    let mut query = of_client(client_id);
    query.push(" AND a.status IN ('open', 'acknowledged', 'in_progress')");
    push_visibility(&mut query, "c", scope);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// Whether a client is in scope, and their advisor.
pub async fn advisor_of(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: ClientId,
) -> Result<Option<Option<StaffId>>, Error> {
    let advisor = sqlx::query_scalar!(
        "SELECT c.advisor_id FROM client_scope c
         WHERE c.client_id = $1 AND client_in_scope(c.branch_id, c.advisor_id, $2, $3, $4)",
        client_id.0,
        scope.firm,
        &scope.branch_ids,
        scope.advisor_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(advisor.map(|advisor| advisor.map(StaffId)))
}

/// Writes what a person did to an alert that is locked.
pub async fn update(conn: &mut PgConnection, alert: &ChurnAlert, closed_as_of: Option<NaiveDate>) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE churn_alert SET status = $3, advisor_id = $4, acknowledged_at = $5, started_at = $6, closed_at = $7,
                closed_as_of = $8, outcome = $9, loss_reason = $10, row_version = $11
         WHERE client_id = $1 AND churn_alert_id = $2",
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
        alert.row_version
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Every alert on which work may still be done.
pub async fn all_open(conn: &mut PgConnection) -> Result<Vec<OpenAlert>, Error> {
    let rows = sqlx::query_as!(
        OpenAlert,
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
