//! Every statement about policies.

mod ruling;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, Postgres, QueryBuilder};

pub use self::ruling::{active, numbered, ruling, timeline};
use super::model::*;
use crate::kernel::error::Error;
use crate::kernel::ids::PolicyId;
use crate::kernel::page::{Page, PageRequest};

const VERSION: &str = "SELECT policy_id, kind, version, status, rules, note, effective_on, lower(valid_during) AS valid_from, \
    upper(valid_during) AS valid_to, drafted_by, submitted_by, approved_by, row_version, created_at FROM policy WHERE ";

/// One version.
pub async fn one(conn: &mut PgConnection, id: PolicyId) -> Result<Option<PolicyVersion>, Error> {
    Ok(by_id(id).build_query_as().fetch_optional(conn).await?)
}

/// One version, kept from others until the transaction ends.
pub async fn one_locked(conn: &mut PgConnection, id: PolicyId) -> Result<Option<PolicyVersion>, Error> {
    let mut query = by_id(id);
    query.push(" FOR UPDATE");
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

fn by_id(id: PolicyId) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(VERSION);
    query.push("policy_id = ").push_bind(id);
    query
}

/// Versions, newest first.
pub async fn list(
    conn: &mut PgConnection,
    filter: &PolicyFilter,
    page: &PageRequest<PolicyId>,
) -> Result<Page<PolicyVersion, PolicyId>, Error> {
    let mut query = QueryBuilder::new(VERSION);
    query.push("TRUE");
    if let Some(kind) = &filter.kind {
        query.push(" AND kind = ").push_bind(kind);
    }
    if let Some(status) = filter.status {
        query.push(" AND status = ").push_bind(status);
    }
    if let Some(after) = page.after {
        query.push(" AND policy_id < ").push_bind(after);
    }
    query.push(" ORDER BY policy_id DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<PolicyVersion> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |version| version.policy_id))
}

/// Lets only one at a time number or date the versions of a kind.
pub async fn lock_kind(conn: &mut PgConnection, kind: &str) -> Result<(), Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('policy ' || $1, 0))", kind).execute(conn).await?;
    Ok(())
}

/// Enters a draft under the next number of its kind, which is in the answer.
pub async fn insert_draft(
    conn: &mut PgConnection,
    id: PolicyId,
    new: &NewPolicy,
    by: &str,
    now: DateTime<Utc>,
) -> Result<i32, Error> {
    let version = sqlx::query_scalar!(
        "INSERT INTO policy (policy_id, kind, version, status, rules, note, effective_on, drafted_by, created_at, updated_at)
         SELECT $1, $2, coalesce(max(version), 0) + 1, 'draft', $3, $4, $5, $6, $7, $7 FROM policy WHERE kind = $2
         RETURNING version",
        id.0,
        new.kind,
        new.rules,
        new.note,
        new.effective_on,
        by,
        now
    )
    .fetch_one(conn)
    .await?;
    Ok(version)
}

/// Enters what the house is born with, ruling since ever, unless the kind has a version; whether it was entered.
pub async fn insert_first(
    conn: &mut PgConnection,
    id: PolicyId,
    kind: &str,
    rules: &Value,
    by: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "INSERT INTO policy (policy_id, kind, version, status, rules, valid_during, drafted_by, created_at, updated_at)
         SELECT $1, $2, 1, 'active', $3, tstzrange(NULL, NULL), $4, $5, $5 WHERE NOT EXISTS (SELECT FROM policy WHERE kind = $2)
         ON CONFLICT DO NOTHING",
        id.0,
        kind,
        rules,
        by,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what people write, over `version.row_version`; false when that is no longer the current one.
pub async fn update(conn: &mut PgConnection, version: &PolicyVersion, now: DateTime<Utc>) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE policy SET status = $2, rules = $3, note = $4, effective_on = $5, drafted_by = $6, submitted_by = $7,
                updated_at = $8, row_version = row_version + 1
         WHERE policy_id = $1 AND row_version = $9",
        version.policy_id.0,
        version.status as PolicyStatus,
        version.rules,
        version.note,
        version.effective_on,
        version.drafted_by,
        version.submitted_by,
        now,
        version.row_version
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the period in which an instant lies, where it began before.
pub async fn make_room(conn: &mut PgConnection, kind: &str, from: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE policy SET valid_during = tstzrange(lower(valid_during), $2), row_version = row_version + 1
         WHERE kind = $1 AND valid_during @> $2::timestamptz AND (lower_inf(valid_during) OR lower(valid_during) < $2)",
        kind,
        from
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an approved version its period: from an instant until the next version of its kind begins.
pub async fn approve(
    conn: &mut PgConnection,
    id: PolicyId,
    status: PolicyStatus,
    from: DateTime<Utc>,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE policy p SET status = $2, approved_by = $4, updated_at = $5, row_version = row_version + 1,
                valid_during = tstzrange($3, (SELECT min(lower(n.valid_during)) FROM policy n
                                              WHERE n.kind = p.kind AND lower(n.valid_during) > $3))
         WHERE policy_id = $1",
        id.0,
        status as PolicyStatus,
        from,
        by,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a version that does not rule yet out of the order; the version before it goes on instead.
pub async fn withdraw(conn: &mut PgConnection, version: &PolicyVersion, now: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE policy SET status = 'retired', valid_during = NULL, updated_at = $2, row_version = row_version + 1
         WHERE policy_id = $1",
        version.policy_id.0,
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE policy SET valid_during = tstzrange(lower(valid_during), $3), row_version = row_version + 1
         WHERE kind = $1 AND upper(valid_during) = $2",
        version.kind,
        version.valid_from,
        version.valid_to
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a version that rules, without a successor.
pub async fn end(conn: &mut PgConnection, id: PolicyId, now: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE policy SET status = 'retired', valid_during = tstzrange(lower(valid_during), $2), updated_at = $2,
                row_version = row_version + 1
         WHERE policy_id = $1",
        id.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets statuses follow the periods: what began is active, what ended is retired. Answers with what changed.
pub async fn follow_periods(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<(PolicyId, String, i32, PolicyStatus)>, Error> {
    let rows = sqlx::query!(
        r#"UPDATE policy SET status = CASE WHEN upper(valid_during) <= $1 THEN 'retired' ELSE 'active' END, updated_at = $1,
                  row_version = row_version + 1
           WHERE (status = 'approved' AND lower(valid_during) <= $1) OR (status = 'active' AND upper(valid_during) <= $1)
           RETURNING policy_id, kind, version, status AS "status: PolicyStatus""#,
        now
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (PolicyId(row.policy_id), row.kind, row.version, row.status)).collect())
}
