//! Every statement about pending changes. Payloads come sealed.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::model::{ChangeFilter, ChangeStatus, NewChange};
use crate::db::scope::push_client_visibility;
use crate::kernel::error::Error;
use crate::kernel::ids::{ClientId, PendingChangeId};
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::principal::Visibility;

/// A change as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SealedChange {
    pub pending_change_id: PendingChangeId,
    pub kind: String,
    pub subject_id: Uuid,
    pub client_id: Option<ClientId>,
    pub row_version: i64,
    pub payload: Vec<u8>,
    pub status: ChangeStatus,
    pub maker: String,
    pub checker: Option<String>,
    pub comment: Option<String>,
    pub reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
    /// Of the client, where it is a client's and not erased.
    pub wrapped_key: Option<Vec<u8>>,
}

const CHANGE: &str = "SELECT p.pending_change_id, p.kind, p.subject_id, p.client_id, p.row_version, p.payload, p.status, \
    p.maker, p.checker, p.comment, p.reason, p.created_at, p.expires_at, p.decided_at, k.wrapped_key \
    FROM pending_change p LEFT JOIN data_key k ON k.client_id = p.client_id WHERE TRUE";

/// Changes within scope.
fn visible(visibility: &Visibility) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(CHANGE);
    push_client_visibility(&mut query, "p.client_id", visibility);
    query
}

/// Changes within scope, newest first.
pub async fn list(
    conn: &mut PgConnection,
    visibility: &Visibility,
    filter: &ChangeFilter,
    page: &PageRequest<PendingChangeId>,
) -> Result<Page<SealedChange, PendingChangeId>, Error> {
    let mut query = visible(visibility);
    if let Some(kind) = &filter.kind {
        query.push(" AND p.kind = ").push_bind(kind);
    }
    if let Some(status) = filter.status {
        query.push(" AND p.status = ").push_bind(status);
    }
    if let Some(client_id) = filter.client_id {
        query.push(" AND p.client_id = ").push_bind(client_id);
    }
    if let Some(after) = page.after {
        query.push(" AND p.pending_change_id < ").push_bind(after);
    }
    query.push(" ORDER BY p.pending_change_id DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<SealedChange> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |change| change.pending_change_id))
}

/// One change within scope.
pub async fn one(
    conn: &mut PgConnection,
    visibility: &Visibility,
    id: PendingChangeId,
) -> Result<Option<SealedChange>, Error> {
    let mut query = visible(visibility);
    query.push(" AND p.pending_change_id = ").push_bind(id);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// One change within scope, kept from others until the transaction ends.
pub async fn one_locked(
    conn: &mut PgConnection,
    visibility: &Visibility,
    id: PendingChangeId,
) -> Result<Option<SealedChange>, Error> {
    let mut query = visible(visibility);
    query.push(" AND p.pending_change_id = ").push_bind(id).push(" FOR UPDATE OF p");
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// The change of a kind that a subject waits for.
pub async fn open(conn: &mut PgConnection, kind: &str, subject_id: Uuid) -> Result<Option<PendingChangeId>, Error> {
    let id = sqlx::query_scalar!(
        r#"SELECT pending_change_id AS "id: PendingChangeId" FROM pending_change
           WHERE kind = $1 AND subject_id = $2 AND status = 'pending'"#,
        kind,
        subject_id
    );
    Ok(id.fetch_optional(conn).await?)
}

/// The wrapped data key of a client.
pub async fn wrapped_key(conn: &mut PgConnection, client_id: ClientId) -> Result<Option<Vec<u8>>, Error> {
    let key = sqlx::query_scalar!("SELECT wrapped_key FROM data_key WHERE client_id = $1", client_id.0);
    Ok(key.fetch_optional(conn).await?)
}

/// Enters a change.
pub async fn insert(
    conn: &mut PgConnection,
    id: PendingChangeId,
    new: &NewChange,
    sealed: &[u8],
    maker: &str,
    (created_at, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO pending_change (pending_change_id, kind, subject_id, client_id, row_version, payload, maker, comment,
                                     created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id.0,
        new.kind,
        new.subject_id,
        new.client_id.map(|id| id.0),
        new.row_version,
        sealed,
        maker,
        new.comment,
        created_at,
        expires_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the waiting.
pub async fn decide(
    conn: &mut PgConnection,
    id: PendingChangeId,
    status: ChangeStatus,
    checker: Option<&str>,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE pending_change SET status = $2, checker = $3, reason = $4, decided_at = $5 WHERE pending_change_id = $1",
        id.0,
        status as ChangeStatus,
        checker,
        reason,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes whose time is over, the longest waiting first.
pub async fn due(conn: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> Result<Vec<PendingChangeId>, Error> {
    let ids = sqlx::query_scalar!(
        r#"SELECT pending_change_id AS "id: PendingChangeId" FROM pending_change
           WHERE status = 'pending' AND expires_at <= $1 ORDER BY expires_at LIMIT $2"#,
        now,
        limit
    );
    Ok(ids.fetch_all(conn).await?)
}
