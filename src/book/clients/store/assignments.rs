//! Statements about whose clients are: the simple change, the history, and the move of many.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{PgConnection, QueryBuilder};
use uuid::Uuid;

use super::super::model::{AssignmentPlace, ClientAssignment, NewAssignment, Reassignment, ReassignmentFilter};
use super::list::push_any;
use platform::bulk::NewItem;
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, ClientAssignmentId, ClientId, StaffId};
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// Ends what holds and begins what is to hold: at `now`, or just after what another unit of work began later. For
/// clients of whom nothing is scheduled.
pub async fn assign(
    conn: &mut PgConnection,
    new: &[NewAssignment],
    ids: &[Uuid],
    now: DateTime<Utc>,
    by: &str,
) -> Result<(), Error> {
    let clients: Vec<ClientId> = new.iter().map(|one| one.client_id).collect();
    let branches: Vec<BranchId> = new.iter().map(|one| one.branch_id).collect();
    let advisors: Vec<Option<StaffId>> = new.iter().map(|one| one.advisor_id).collect();
    sqlx::query!(
        "UPDATE client_assignment a
         SET valid_during = tstzrange(lower(valid_during), greatest($2, lower(valid_during) + interval '1 microsecond'))
         WHERE client_id = ANY($1) AND upper_inf(valid_during) AND superseded_at IS NULL",
        &clients as &[ClientId],
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO client_assignment (client_id, client_assignment_id, branch_id, advisor_id, valid_during, recorded_at,
                                        recorded_by)
         SELECT n.client_id, n.id, n.branch_id, n.advisor_id,
                tstzrange((SELECT max(upper(a.valid_during)) FROM client_assignment a
                           WHERE a.client_id = n.client_id AND a.superseded_at IS NULL), NULL), $5, $6
         FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS n (client_id, id, branch_id, advisor_id)",
        &clients as &[ClientId],
        ids,
        &branches as &[BranchId],
        &advisors as &[Option<StaffId>],
        now,
        by
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose a client was, is and is to be, latest first.
pub async fn history(
    conn: &mut PgConnection,
    client_id: ClientId,
    page: &PageRequest<AssignmentPlace>,
    now: DateTime<Utc>,
) -> Result<Page<ClientAssignment, AssignmentPlace>, Error> {
    let rows = sqlx::query_as!(
        ClientAssignment,
        r#"SELECT client_assignment_id AS "client_assignment_id: ClientAssignmentId", branch_id AS "branch_id: BranchId",
                  advisor_id AS "advisor_id: StaffId", lower(valid_during) AS valid_from, upper(valid_during) AS valid_to,
                  recorded_at, recorded_by,
                  scheduled_members IS NOT NULL AND lower(valid_during) > $4 AS "is_scheduled!"
           FROM client_assignment
           WHERE client_id = $1 AND superseded_at IS NULL
             AND ($2::timestamptz IS NULL OR lower_inf(valid_during) OR lower(valid_during) < $2)
           ORDER BY lower(valid_during) DESC NULLS LAST LIMIT $3"#,
        client_id.0,
        page.after.map(|place| place.valid_from),
        i64::from(page.limit) + 1,
        now
    )
    .fetch_all(conn)
    .await?;
    // Only the last has no beginning, and no page goes on after it.
    let place = |row: &ClientAssignment| AssignmentPlace { valid_from: row.valid_from.unwrap_or_default() };
    Ok(Page::from_rows(rows, page.limit, place))
}

/// Open clients of a filter that have another advisor; `limit` of them.
pub async fn reassignable(
    conn: &mut PgConnection,
    scope: &Visibility,
    filter: &ReassignmentFilter,
    change: Reassignment,
    limit: usize,
) -> Result<Vec<NewItem>, Error> {
    let mut query = QueryBuilder::new(
        "SELECT c.client_id, c.advisor_id, c.row_version FROM client c WHERE c.status <> 'closed' \
         AND c.advisor_id IS DISTINCT FROM ",
    );
    query.push_bind(change.advisor_id);
    if let Some(branch_id) = filter.branch_id {
        query.push(" AND c.branch_id = ").push_bind(branch_id);
    }
    if let Some(advisor_id) = filter.advisor_id {
        query.push(" AND c.advisor_id = ").push_bind(advisor_id);
    }
    push_any(&mut query, "c.tier", &filter.tier);
    if let Some(to) = filter.opened_to {
        query.push(" AND c.opened_on <= ").push_bind(to);
    }
    push_visibility(&mut query, "c", scope);
    query.push(" ORDER BY c.client_id LIMIT ").push_bind(i64::try_from(limit).map_err(Error::internal)?);
    let rows: Vec<(ClientId, Option<StaffId>, i64)> = query.build_query_as().fetch_all(conn).await?;
    let item = |(client_id, advisor_id, version)| NewItem {
        client_id,
        before: json!({ "advisor_id": advisor_id }),
        version: Some(version),
    };
    Ok(rows.into_iter().map(item).collect::<Vec<NewItem>>())
}

/// A client that was moved: its branch and its new version.
pub struct Moved {
    pub client_id: ClientId,
    pub branch_id: BranchId,
    pub row_version: i64,
}

/// A client, the version it must have, and the advisor it is to have.
pub type Move = (ClientId, i64, Option<StaffId>);

/// Gives clients other advisors: those that are still at their version, open, and in scope before and after.
pub async fn move_advisors(
    conn: &mut PgConnection,
    scope: &Visibility,
    moves: &[Move],
    now: DateTime<Utc>,
) -> Result<Vec<Moved>, Error> {
    let clients: Vec<ClientId> = moves.iter().map(|one| one.0).collect();
    let versions: Vec<i64> = moves.iter().map(|one| one.1).collect();
    let advisors: Vec<Option<StaffId>> = moves.iter().map(|one| one.2).collect();
    let moved = sqlx::query_as!(
        Moved,
        r#"UPDATE client c SET advisor_id = n.advisor_id, updated_at = $4, row_version = c.row_version + 1
           FROM unnest($1::uuid[], $2::bigint[], $3::uuid[]) AS n (client_id, version, advisor_id)
           WHERE c.client_id = n.client_id AND c.row_version = n.version AND c.status <> 'closed'
             AND client_in_scope(c.branch_id, c.advisor_id, $5, $6, $7)
             AND client_in_scope(c.branch_id, n.advisor_id, $5, $6, $7)
           RETURNING c.client_id AS "client_id: ClientId", c.branch_id AS "branch_id: BranchId", c.row_version"#,
        &clients as &[ClientId],
        &versions,
        &advisors as &[Option<StaffId>],
        now,
        scope.firm,
        &scope.branch_ids,
        scope.advisor_id
    )
    .fetch_all(conn)
    .await?;
    Ok(moved)
}
