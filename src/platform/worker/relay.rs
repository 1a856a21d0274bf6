//! Gives each event its position, in commit order.

use crate::platform::db::Db;
use crate::platform::kernel::error::Error;

/// Positions a batch of events of transactions that can no longer be overtaken: every transaction below the oldest one
/// still running has ended, so nothing can appear before them any more. One relay at a time.
pub async fn relay_events(db: &Db) -> Result<(), Error> {
    sqlx::query!(
        r#"WITH alone AS MATERIALIZED (
               SELECT pg_try_advisory_xact_lock(7261001) AS yes
           ), next AS (
               SELECT e.outbox_event_id, row_number() OVER (ORDER BY e.transaction_id, e.outbox_event_id) AS step
               FROM outbox_event e
               WHERE e.position IS NULL AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                 AND (SELECT yes FROM alone)
               ORDER BY e.transaction_id, e.outbox_event_id LIMIT 5000
           )
           UPDATE outbox_event o
           SET position = (SELECT coalesce(max(p.position), 0) FROM outbox_event p) + next.step
           FROM next WHERE o.outbox_event_id = next.outbox_event_id"#
    )
    .execute(&mut *db.read().await?)
    .await?;
    Ok(())
}
