//! Gives each event its position, in commit order.

use crate::db::Db;
use crate::kernel::error::Error;

/// Positions a batch of events of transactions that can no longer be overtaken: every transaction below the oldest one
/// still running has ended, so nothing can appear before them any more. One relay at a time. A snapshot also names what
/// runs in the server's other databases; that cannot appear here and is not waited for.
pub async fn relay_events(db: &Db) -> Result<(), Error> {
    sqlx::query!(
        r#"WITH alone AS MATERIALIZED (
               SELECT pg_try_advisory_xact_lock(7261001) AS yes
           ), oldest AS MATERIALIZED (
               SELECT coalesce((SELECT running.id FROM pg_snapshot_xip(pg_current_snapshot()) AS running (id)
                                WHERE NOT EXISTS (SELECT FROM pg_stat_activity a
                                                  WHERE a.backend_xid = running.id::xid AND a.datname <> current_database())
                                ORDER BY running.id LIMIT 1),
                               pg_snapshot_xmax(pg_current_snapshot())) AS transaction_id
           ), next AS (
               SELECT e.outbox_event_id, row_number() OVER (ORDER BY e.transaction_id, e.outbox_event_id) AS step
               FROM outbox_event e
               WHERE e.position IS NULL AND e.transaction_id < (SELECT transaction_id FROM oldest)
                 AND (SELECT yes FROM alone)
               ORDER BY e.transaction_id, e.outbox_event_id LIMIT 5000
           )
           UPDATE outbox_event o
           SET position = (SELECT coalesce(max(p.position), 0) FROM outbox_event p) + next.step
           FROM next WHERE o.outbox_event_id = next.outbox_event_id"#
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(())
}
