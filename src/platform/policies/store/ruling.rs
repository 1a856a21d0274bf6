//! Which versions rule.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use crate::kernel::error::Error;
use crate::kernel::ids::PolicyId;

/// The version that rules at an instant: id, number and rules.
pub async fn ruling(
    conn: &mut PgConnection,
    kind: &str,
    at: DateTime<Utc>,
) -> Result<Option<(PolicyId, i32, Value)>, Error> {
    let row = sqlx::query!(
        "SELECT policy_id, version, rules FROM policy WHERE kind = $1 AND valid_during @> $2::timestamptz",
        kind,
        at
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (PolicyId(row.policy_id), row.version, row.rules)))
}

/// Versions with a period, in its order: since when, id, number and rules.
pub async fn timeline(
    conn: &mut PgConnection,
    kind: &str,
) -> Result<Vec<(Option<DateTime<Utc>>, PolicyId, i32, Value)>, Error> {
    let rows = sqlx::query!(
        "SELECT lower(valid_during) AS since, policy_id, version, rules FROM policy
         WHERE kind = $1 AND valid_during IS NOT NULL ORDER BY lower(valid_during) NULLS FIRST",
        kind
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.since, PolicyId(row.policy_id), row.version, row.rules)).collect())
}

/// The version that is active.
pub async fn active(conn: &mut PgConnection, kind: &str) -> Result<Option<(PolicyId, i32, Value)>, Error> {
    let row = sqlx::query!("SELECT policy_id, version, rules FROM policy WHERE kind = $1 AND status = 'active'", kind)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| (PolicyId(row.policy_id), row.version, row.rules)))
}

/// A version by its number.
pub async fn numbered(
    conn: &mut PgConnection,
    kind: &str,
    version: i32,
) -> Result<Option<(PolicyId, i32, Value)>, Error> {
    let row =
        sqlx::query!("SELECT policy_id, version, rules FROM policy WHERE kind = $1 AND version = $2", kind, version)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|row| (PolicyId(row.policy_id), row.version, row.rules)))
}
