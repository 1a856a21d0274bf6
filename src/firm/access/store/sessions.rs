//! Sessions and their refresh tokens.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::super::model::*;
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, SessionId, StaffId};
use platform::kernel::principal::Visibility;

/// A session that is neither over, revoked nor overtaken by a change of its owner's rights; with the owner's scope.
pub async fn live_session(
    conn: &mut PgConnection,
    id: SessionId,
    now: DateTime<Utc>,
) -> Result<Option<LiveSession>, Error> {
    let row = sqlx::query!(
        r#"SELECT s.staff_id, s.username, s.name, s.role AS "role: Role", s.data_scope AS "data_scope: DataScope", s.branch_id,
                  s.status AS "status: StaffStatus", s.row_version, s.created_at,
                  CASE s.data_scope
                      WHEN 'branch' THEN ARRAY[s.branch_id]
                      WHEN 'branch_tree' THEN ARRAY(SELECT b.branch_id FROM branch b WHERE b.path @> ARRAY[s.branch_id])
                      ELSE '{}' END AS "branch_ids!"
           FROM session t JOIN staff s USING (staff_id)
           WHERE t.session_id = $1 AND t.revoked_at IS NULL AND t.expires_at > $2
             AND t.authorisation_version = s.authorisation_version AND s.status = 'active'"#,
        id.0,
        now
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| LiveSession {
        session_id: id,
        visibility: Visibility {
            firm: row.data_scope == DataScope::Firm,
            branch_ids: row.branch_ids,
            advisor_id: (row.data_scope == DataScope::Own).then_some(row.staff_id),
        },
        staff: Staff {
            staff_id: StaffId(row.staff_id),
            username: row.username,
            name: row.name,
            role: row.role,
            data_scope: row.data_scope,
            branch_id: BranchId(row.branch_id),
            status: row.status,
            row_version: row.row_version,
            created_at: row.created_at,
        },
    }))
}

/// Opens a session.
pub async fn insert_session(
    conn: &mut PgConnection,
    id: SessionId,
    staff_id: StaffId,
    authorisation_version: i64,
    now: DateTime<Utc>,
    end: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO session (session_id, staff_id, authorisation_version, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        id.0,
        staff_id.0,
        authorisation_version,
        now,
        end
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps the hash of a refresh token.
pub async fn insert_refresh_token(
    conn: &mut PgConnection,
    hash: &[u8],
    session_id: SessionId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO refresh_token (token_hash, session_id, issued_at) VALUES ($1, $2, $3)",
        hash,
        session_id.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses a refresh token up. `Some((session, first use))`; none when there is no such token.
pub async fn use_refresh_token(
    conn: &mut PgConnection,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<(SessionId, bool)>, Error> {
    let used = sqlx::query_scalar!(
        "UPDATE refresh_token SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL RETURNING session_id",
        hash,
        now
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(session_id) = used {
        return Ok(Some((SessionId(session_id), true)));
    }
    let known = sqlx::query_scalar!("SELECT session_id FROM refresh_token WHERE token_hash = $1", hash)
        .fetch_optional(conn)
        .await?;
    Ok(known.map(|session_id| (SessionId(session_id), false)))
}

/// Ends a session.
pub async fn revoke_session(conn: &mut PgConnection, id: SessionId, now: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!("UPDATE session SET revoked_at = $2 WHERE session_id = $1 AND revoked_at IS NULL", id.0, now)
        .execute(conn)
        .await?;
    Ok(())
}
