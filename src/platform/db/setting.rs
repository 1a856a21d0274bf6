//! Settings kept in the database because changing them later would change the meaning of what is there.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// The value the database has for `key`. A database without one takes `asked`, or else `default`.
pub async fn settled(
    conn: &mut PgConnection,
    key: &str,
    asked: Option<&str>,
    default: &str,
    now: DateTime<Utc>,
) -> Result<String, sqlx::Error> {
    sqlx::query!(
        "INSERT INTO setting (key, value, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        key,
        asked.unwrap_or(default),
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_scalar!("SELECT value FROM setting WHERE key = $1", key).fetch_one(conn).await
}

/// The value the database has for `key`, if any.
pub async fn kept(conn: &mut PgConnection, key: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("SELECT value FROM setting WHERE key = $1", key).fetch_optional(conn).await
}
