//! The people.

use std::collections::HashMap;

use sqlx::{PgConnection, QueryBuilder};

use super::super::model::*;
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, StaffId};
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

const STAFF: &str = "SELECT s.staff_id, s.username, s.name, s.role, s.data_scope, s.branch_id, s.status, s.row_version, \
    s.created_at FROM staff s WHERE TRUE";

/// Staff in scope.
pub async fn list_staff(
    conn: &mut PgConnection,
    scope: &Visibility,
    filter: &StaffFilter,
    page: &PageRequest<StaffId>,
) -> Result<Page<Staff, StaffId>, Error> {
    let mut query = QueryBuilder::new(STAFF);
    push_staff_scope(&mut query, scope);
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

fn push_staff_scope(query: &mut QueryBuilder<sqlx::Postgres>, scope: &Visibility) {
    if !scope.firm {
        query.push(" AND (s.branch_id = ANY(").push_bind(scope.branch_ids.clone());
        query.push(") OR s.staff_id = ").push_bind(scope.advisor_id).push(")");
    }
}

/// One member of staff in scope.
pub async fn staff(conn: &mut PgConnection, scope: &Visibility, id: StaffId) -> Result<Option<Staff>, Error> {
    let mut query = QueryBuilder::new(STAFF);
    push_staff_scope(&mut query, scope);
    query.push(" AND s.staff_id = ").push_bind(id);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// Those of these people who are in scope.
pub async fn staff_among(conn: &mut PgConnection, scope: &Visibility, ids: &[StaffId]) -> Result<Vec<Staff>, Error> {
    let mut query = QueryBuilder::new(STAFF);
    push_staff_scope(&mut query, scope);
    query.push(" AND s.staff_id = ANY(").push_bind(ids.to_vec()).push(")");
    Ok(query.build_query_as().fetch_all(conn).await?)
}

/// People by these user names.
pub async fn staff_ids(conn: &mut PgConnection, usernames: &[String]) -> Result<HashMap<String, StaffId>, Error> {
    let found = sqlx::query!(
        r#"SELECT username, staff_id AS "staff_id: StaffId" FROM staff WHERE username = ANY($1)"#,
        usernames
    )
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(|row| (row.username, row.staff_id)).collect())
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

/// Active administrators of the whole firm other than this one. Their rows are locked, so two cannot leave at the same
/// time.
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
