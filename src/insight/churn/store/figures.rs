//! Alerts counted.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::super::model::{AlertStatus, Outcome, Severity};
use platform::kernel::error::Error;
use platform::kernel::principal::Visibility;

/// Alerts of one severity with one result.
pub struct Group {
    /// How urgent.
    pub severity: Severity,
    /// Their state.
    pub status: AlertStatus,
    /// What became of the clients, where somebody has said.
    pub outcome: Option<Outcome>,
    /// How many.
    pub alerts: i64,
}

/// Alerts of clients in scope whose forecast was made for a day in the range, the most urgent first.
pub async fn by_outcome(
    conn: &mut PgConnection,
    scope: &Visibility,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<Vec<Group>, Error> {
    let groups = sqlx::query_as!(
        Group,
        r#"SELECT a.severity AS "severity: Severity", a.status AS "status: AlertStatus", a.outcome AS "outcome: Outcome",
                  count(*) AS "alerts!"
           FROM churn_alert a JOIN client_scope c ON c.client_id = a.client_id
           WHERE client_in_scope(c.branch_id, c.advisor_id, $1, $2, $3)
             AND a.as_of >= coalesce($4, a.as_of) AND a.as_of <= coalesce($5, a.as_of)
           GROUP BY a.severity, a.status, a.outcome
           ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low'], a.severity),
                    array_position(ARRAY['open', 'acknowledged', 'in_progress', 'resolved', 'expired', 'cleared'], a.status),
                    array_position(ARRAY['retained', 'lost', 'false_alarm'], a.outcome)"#,
        scope.firm,
        &scope.branch_ids,
        scope.advisor_id,
        from,
        to
    )
    .fetch_all(conn)
    .await?;
    Ok(groups)
}
