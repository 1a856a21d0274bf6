//! The policy of alerts.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::super::model::ChurnPolicy;
use platform::kernel::error::Error;
use platform::kernel::ids::ChurnPolicyId;

/// The policy in force; none in a book without one.
pub async fn policy(conn: &mut PgConnection) -> Result<Option<ChurnPolicy>, Error> {
    let rules =
        sqlx::query_scalar!("SELECT rules FROM churn_policy WHERE status = 'active'").fetch_optional(conn).await?;
    rules.map(|rules| serde_json::from_value(rules).map_err(Error::internal)).transpose()
}

/// Whether there is a policy yet.
pub async fn has_policy(conn: &mut PgConnection) -> Result<bool, Error> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM churn_policy) AS "any!""#).fetch_one(conn).await?)
}

/// Enters a policy in force; false when another is.
pub async fn insert_policy(
    conn: &mut PgConnection,
    id: ChurnPolicyId,
    policy: &ChurnPolicy,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "INSERT INTO churn_policy (churn_policy_id, version, status, rules, created_at) VALUES ($1, $2, 'active', $3, $4)
         ON CONFLICT DO NOTHING",
        id.0,
        policy.version,
        json!(policy),
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
