//! What is done again and again: forgetting what need not be kept.

use chrono::Duration;

use crate::db::Db;
use crate::kernel::error::Error;

/// Drops answers kept for retries after a day, and finished jobs (with their files and rejected lines) after ninety.
pub async fn tidy(db: &Db) -> Result<(), Error> {
    let mut connection = db.connection().await?;
    sqlx::query!("DELETE FROM idempotency_record WHERE created_at < $1", db.now() - Duration::hours(24))
        .execute(&mut *connection)
        .await?;
    sqlx::query!("DELETE FROM job WHERE finished_at < $1 AND kind <> 'scoring'", db.now() - Duration::days(90))
        .execute(&mut *connection)
        .await?;
    Ok(())
}
