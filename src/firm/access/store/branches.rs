//! The firm's tree.

use std::collections::HashMap;

use sqlx::{PgConnection, QueryBuilder};

use super::super::model::*;
use platform::kernel::error::Error;
use platform::kernel::ids::BranchId;
use platform::kernel::page::{Page, PageRequest};

const BRANCH: &str =
    "SELECT b.branch_id, b.parent_id, b.code, b.name, b.row_version, b.created_at FROM branch b WHERE TRUE";

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

/// Branches by these codes, in capitals or not; each under the code as it was asked for.
pub async fn branch_ids(conn: &mut PgConnection, codes: &[String]) -> Result<HashMap<String, BranchId>, Error> {
    let found = sqlx::query!(
        r#"SELECT asked.code AS "code!", b.branch_id AS "branch_id: BranchId"
           FROM unnest($1::text[]) AS asked (code) JOIN branch b ON lower(b.code) = lower(asked.code)"#,
        codes
    )
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(|row| (row.code, row.branch_id)).collect())
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
