//! Every statement about staff, branches and sessions.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, QueryBuilder};
use uuid::Uuid;

use super::model::*;
use crate::platform::kernel::error::Error;
use crate::platform::kernel::ids::{BranchId, SessionId, StaffId};
use crate::platform::kernel::page::{Page, PageRequest};
use crate::platform::kernel::principal::Visibility;

const STAFF: &str = "SELECT s.staff_id, s.username, s.name, s.role, s.data_scope, s.branch_id, s.status, s.row_version, s.created_at FROM staff s WHERE TRUE";
const BRANCH: &str =
    "SELECT b.branch_id, b.parent_id, b.code, b.name, b.row_version, b.created_at FROM branch b WHERE TRUE";

/// Staff within sight.
pub async fn list_staff(
    conn: &mut PgConnection,
    sight: &Visibility,
    filter: &StaffFilter,
    page: &PageRequest<StaffId>,
) -> Result<Page<Staff, StaffId>, Error> {
    let mut query = QueryBuilder::new(STAFF);
    push_staff_sight(&mut query, sight);
    if let Some(role) = filter.role {
        query.push(" AND s.role = ").push_bind(role);
    }
    if let Some(branch_id) = filter.branch_id {
        query.push(" AND s.branch_id = ").push_bind(branch_id);
    }
    if let Some(status) = filter.status {
        query.push(" AND s.status = ").push_bind(status);
    }
    if let Some(after) = page.after {
        query.push(" AND s.staff_id > ").push_bind(after);
    }
    query.push(" ORDER BY s.staff_id LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<Staff> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |staff| staff.staff_id))
}

fn push_staff_sight(query: &mut QueryBuilder<sqlx::Postgres>, sight: &Visibility) {
    if !sight.firm {
        query.push(" AND (s.branch_id = ANY(").push_bind(sight.branch_ids.clone());
        query.push(") OR s.staff_id = ").push_bind(sight.advisor_id).push(")");
    }
}

/// One member of staff within sight.
pub async fn staff(conn: &mut PgConnection, sight: &Visibility, id: StaffId) -> Result<Option<Staff>, Error> {
    let mut query = QueryBuilder::new(STAFF);
    push_staff_sight(&mut query, sight);
    query.push(" AND s.staff_id = ").push_bind(id);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// A member of staff and their password's hash, by user name.
pub async fn staff_and_hash(conn: &mut PgConnection, username: &str) -> Result<Option<(Staff, String, i64)>, Error> {
    let row = sqlx::query!(
        r#"SELECT staff_id, username, name, role AS "role: Role", data_scope AS "data_scope: DataScope", branch_id,
                  status AS "status: StaffStatus", row_version, created_at, password_hash, authorisation_version
           FROM staff WHERE username = $1"#,
        username
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| {
        let staff = Staff {
            staff_id: StaffId(row.staff_id),
            username: row.username,
            name: row.name,
            role: row.role,
            data_scope: row.data_scope,
            branch_id: BranchId(row.branch_id),
            status: row.status,
            row_version: row.row_version,
            created_at: row.created_at,
        };
        (staff, row.password_hash, row.authorisation_version)
    }))
}

/// Enters a member of staff.
pub async fn insert_staff(conn: &mut PgConnection, staff: &Staff, password_hash: &str) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO staff (staff_id, username, name, role, data_scope, branch_id, status, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        staff.staff_id.0,
        staff.username,
        staff.name,
        staff.role as Role,
        staff.data_scope as DataScope,
        staff.branch_id.0,
        staff.status as StaffStatus,
        password_hash,
        staff.created_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a changed member of staff over `version`; false when that is no longer the current one.
pub async fn update_staff(
    conn: &mut PgConnection,
    staff: &Staff,
    password_hash: Option<&str>,
    reauthorise: bool,
    version: i64,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE staff SET name = $2, role = $3, data_scope = $4, branch_id = $5, status = $6,
                password_hash = coalesce($7, password_hash),
                authorisation_version = authorisation_version + CASE WHEN $8 THEN 1 ELSE 0 END,
                row_version = row_version + 1
         WHERE staff_id = $1 AND row_version = $9",
        staff.staff_id.0,
        staff.name,
        staff.role as Role,
        staff.data_scope as DataScope,
        staff.branch_id.0,
        staff.status as StaffStatus,
        password_hash,
        reauthorise,
        version
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Active administrators of the whole firm other than this one. Their rows are locked, so two cannot leave at the same time.
pub async fn other_firm_administrators(conn: &mut PgConnection, but: StaffId) -> Result<usize, Error> {
    let rows = sqlx::query!(
        "SELECT staff_id FROM staff WHERE role = 'administrator' AND data_scope = 'firm' AND status = 'active'
         ORDER BY staff_id FOR UPDATE"
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.iter().filter(|row| row.staff_id != but.0).count())
}

/// Whether anyone works here yet.
pub async fn anyone(conn: &mut PgConnection) -> Result<bool, Error> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM staff) AS "anyone!""#).fetch_one(conn).await?)
}

/// Branches: a small catalogue everyone with the permission sees whole.
pub async fn list_branches(
    conn: &mut PgConnection,
    parent_id: Option<BranchId>,
    page: &PageRequest<BranchId>,
) -> Result<Page<Branch, BranchId>, Error> {
    let mut query = QueryBuilder::new(BRANCH);
    if let Some(parent_id) = parent_id {
        query.push(" AND b.parent_id = ").push_bind(parent_id);
    }
    if let Some(after) = page.after {
        query.push(" AND b.branch_id > ").push_bind(after);
    }
    query.push(" ORDER BY b.branch_id LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<Branch> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |branch| branch.branch_id))
}

/// One branch.
pub async fn branch(conn: &mut PgConnection, id: BranchId) -> Result<Option<Branch>, Error> {
    let mut query = QueryBuilder::new(BRANCH);
    query.push(" AND b.branch_id = ").push_bind(id);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// One branch by its code, in capitals or not.
pub async fn branch_by_code(conn: &mut PgConnection, code: &str) -> Result<Option<Branch>, Error> {
    let mut query = QueryBuilder::new(BRANCH);
    query.push(" AND lower(b.code) = lower(").push_bind(code).push(")");
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// Enters a branch below its parent; false when there is no such parent.
pub async fn insert_branch(conn: &mut PgConnection, branch: &Branch) -> Result<bool, Error> {
    let done = sqlx::query!(
        "INSERT INTO branch (branch_id, parent_id, code, name, path, created_at)
         SELECT $1::uuid, $2, $3, $4, p.path || $1::uuid, $5 FROM branch p WHERE p.branch_id = $2",
        branch.branch_id.0,
        branch.parent_id.map(|id| id.0),
        branch.code,
        branch.name,
        branch.created_at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Renames a branch over `version`; false when that is no longer the current one.
pub async fn update_branch(conn: &mut PgConnection, branch: &Branch, version: i64) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE branch SET name = $2, code = $3, row_version = row_version + 1 WHERE branch_id = $1 AND row_version = $4",
        branch.branch_id.0,
        branch.name,
        branch.code,
        version
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A branch and all below it.
pub async fn tree_below(conn: &mut PgConnection, id: BranchId) -> Result<Vec<Uuid>, Error> {
    Ok(sqlx::query_scalar!("SELECT branch_id FROM branch WHERE path @> ARRAY[$1::uuid]", id.0).fetch_all(conn).await?)
}

/// A session that is neither over, revoked nor overtaken by a change of its owner's rights; with the owner's sight.
pub async fn standing(conn: &mut PgConnection, id: SessionId, now: DateTime<Utc>) -> Result<Option<Standing>, Error> {
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
    Ok(row.map(|row| Standing {
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
