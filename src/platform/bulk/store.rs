//! Every statement about bulk plans and their items.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, QueryBuilder};

use super::model::{BulkCounts, BulkItem, BulkItemStatus, BulkPlan, BulkPlanStatus, NewItem, Scope};
use crate::kernel::error::Error;
use crate::kernel::ids::{BulkPlanId, ClientId};
use crate::kernel::page::{Page, PageRequest};

const PLAN: &str = "SELECT bulk_plan_id, kind, status, filter, change, item_count, planned_by, created_at, expires_at, \
    committed_at, undone_at, scope FROM bulk_plan WHERE TRUE";

const ITEM: &str = "SELECT item_no, client_id, status, before, version_before, version_after, reason FROM bulk_item \
    WHERE TRUE";

pub async fn insert(conn: &mut PgConnection, plan: &BulkPlan, items: &[NewItem]) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO bulk_plan (bulk_plan_id, kind, status, filter, change, item_count, planned_by, scope, created_at,
                                expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        plan.bulk_plan_id.0,
        plan.kind,
        plan.status as BulkPlanStatus,
        plan.filter,
        plan.change,
        plan.item_count,
        plan.planned_by,
        serde_json::to_value(&plan.scope.0).map_err(Error::internal)?,
        plan.created_at,
        plan.expires_at
    )
    .execute(&mut *conn)
    .await?;
    let clients: Vec<ClientId> = items.iter().map(|item| item.client_id).collect();
    let before: Vec<Value> = items.iter().map(|item| item.before.clone()).collect();
    let versions: Vec<Option<i64>> = items.iter().map(|item| item.version).collect();
    sqlx::query!(
        "INSERT INTO bulk_item (client_id, bulk_plan_id, item_no, status, before, version_before)
         SELECT i.client_id, $1, i.item_no, 'planned', i.before, i.version
         FROM unnest($2::uuid[], $3::jsonb[], $4::bigint[]) WITH ORDINALITY AS i (client_id, before, version, item_no)",
        plan.bulk_plan_id.0,
        &clients as &[ClientId],
        &before,
        &versions as &[Option<i64>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A plan, if `planner` made it (or nobody in particular is asked for).
pub async fn find(conn: &mut PgConnection, id: BulkPlanId, planner: Option<&str>) -> Result<Option<BulkPlan>, Error> {
    let mut query = QueryBuilder::new(PLAN);
    query.push(" AND bulk_plan_id = ").push_bind(id);
    if let Some(planner) = planner {
        query.push(" AND planned_by = ").push_bind(planner.to_owned());
    }
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// The plan, kept from other workers until the transaction ends.
pub async fn lock(conn: &mut PgConnection, id: BulkPlanId) -> Result<Option<BulkPlan>, Error> {
    let mut query = QueryBuilder::new(PLAN);
    query.push(" AND bulk_plan_id = ").push_bind(id).push(" FOR UPDATE");
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// Plans, newest first.
pub async fn list(
    conn: &mut PgConnection,
    planner: Option<&str>,
    page: &PageRequest<BulkPlanId>,
) -> Result<Page<BulkPlan, BulkPlanId>, Error> {
    let mut query = QueryBuilder::new(PLAN);
    if let Some(planner) = planner {
        query.push(" AND planned_by = ").push_bind(planner.to_owned());
    }
    if let Some(after) = page.after {
        query.push(" AND bulk_plan_id < ").push_bind(after);
    }
    query.push(" ORDER BY bulk_plan_id DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<BulkPlan> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |plan| plan.bulk_plan_id))
}

/// Moves a plan on; false when it was not at `from`.
pub async fn step(
    conn: &mut PgConnection,
    id: BulkPlanId,
    from: BulkPlanStatus,
    to: BulkPlanStatus,
    scope: &Scope,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE bulk_plan SET status = $3, scope = $4, row_version = row_version + 1,
                committed_at = CASE WHEN $3 = 'committed' THEN $5 ELSE committed_at END,
                undone_at = CASE WHEN $3 = 'undone' THEN $5 ELSE undone_at END
         WHERE bulk_plan_id = $1 AND status = $2",
        id.0,
        from as BulkPlanStatus,
        to as BulkPlanStatus,
        serde_json::to_value(scope).map_err(Error::internal)?,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends plans that nobody committed in time, and forgets their items.
pub async fn expire(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    to: BulkPlanStatus,
    limit: i64,
) -> Result<Vec<BulkPlan>, Error> {
    let mut query =
        QueryBuilder::new("WITH due AS (SELECT bulk_plan_id FROM bulk_plan WHERE status = 'draft' AND expires_at <= ");
    query.push_bind(now).push(" ORDER BY expires_at LIMIT ").push_bind(limit).push(" FOR UPDATE SKIP LOCKED), ");
    query.push("ended AS (UPDATE bulk_plan p SET row_version = row_version + 1, status = ").push_bind(to);
    query.push(
        " FROM due d WHERE p.bulk_plan_id = d.bulk_plan_id RETURNING p.*), \
         forgotten AS (DELETE FROM bulk_item i USING due d WHERE i.bulk_plan_id = d.bulk_plan_id) ",
    );
    query.push(PLAN.replace("FROM bulk_plan", "FROM ended"));
    Ok(query.build_query_as().fetch_all(conn).await?)
}

/// Items of a plan that are that far, in its order or backwards.
pub async fn chunk(
    conn: &mut PgConnection,
    id: BulkPlanId,
    status: BulkItemStatus,
    backwards: bool,
    limit: i64,
) -> Result<Vec<BulkItem>, Error> {
    let mut query = QueryBuilder::new(ITEM);
    query.push(" AND bulk_plan_id = ").push_bind(id).push(" AND status = ").push_bind(status);
    query.push(" ORDER BY item_no").push(if backwards { " DESC" } else { "" }).push(" LIMIT ").push_bind(limit);
    Ok(query.build_query_as().fetch_all(conn).await?)
}

/// Items of a plan, in its order, perhaps only those that are that far.
pub async fn items(
    conn: &mut PgConnection,
    id: BulkPlanId,
    status: Option<BulkItemStatus>,
    page: &PageRequest<i32>,
) -> Result<Page<BulkItem, i32>, Error> {
    let mut query = QueryBuilder::new(ITEM);
    query.push(" AND bulk_plan_id = ").push_bind(id);
    if let Some(status) = status {
        query.push(" AND status = ").push_bind(status);
    }
    if let Some(after) = page.after {
        query.push(" AND item_no > ").push_bind(after);
    }
    query.push(" ORDER BY item_no LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<BulkItem> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |item| item.item_no))
}

/// Notes what became of items.
pub async fn settle(conn: &mut PgConnection, id: BulkPlanId, items: &[BulkItem]) -> Result<(), Error> {
    let clients: Vec<ClientId> = items.iter().map(|item| item.client_id).collect();
    let numbers: Vec<i32> = items.iter().map(|item| item.item_no).collect();
    let statuses: Vec<BulkItemStatus> = items.iter().map(|item| item.status).collect();
    let versions: Vec<Option<i64>> = items.iter().map(|item| item.version_after).collect();
    let reasons: Vec<Option<String>> = items.iter().map(|item| item.reason.clone()).collect();
    sqlx::query!(
        "UPDATE bulk_item b SET status = i.status, version_after = i.version_after, reason = i.reason
         FROM unnest($2::uuid[], $3::int[], $4::text[], $5::bigint[], $6::text[])
             AS i (client_id, item_no, status, version_after, reason)
         WHERE b.client_id = i.client_id AND b.bulk_plan_id = $1 AND b.item_no = i.item_no",
        id.0,
        &clients as &[ClientId],
        &numbers,
        &statuses as &[BulkItemStatus],
        &versions as &[Option<i64>],
        &reasons as &[Option<String>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many items of a plan are how far.
pub async fn counts(conn: &mut PgConnection, id: BulkPlanId) -> Result<BulkCounts, Error> {
    let rows = sqlx::query!(
        r#"SELECT status AS "status: BulkItemStatus", count(*) AS "count!" FROM bulk_item
           WHERE bulk_plan_id = $1 GROUP BY status"#,
        id.0
    )
    .fetch_all(conn)
    .await?;
    let mut counts = BulkCounts::default();
    rows.into_iter().for_each(|row| counts.set(row.status, row.count));
    Ok(counts)
}
