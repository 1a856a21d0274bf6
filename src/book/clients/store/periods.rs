//! Statements about the periods of one client, edited as a whole, and the columns that say whose the client is now.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, QueryBuilder};
use uuid::Uuid;

use super::super::rules::periods::{Holder, Named, Period};
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, ClientId, StaffId};

/// Of these clients those whose branch or advisor is to change on a later day.
pub async fn scheduled(
    conn: &mut PgConnection,
    clients: &[ClientId],
    now: DateTime<Utc>,
) -> Result<Vec<ClientId>, Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT DISTINCT client_id AS "client_id: ClientId" FROM client_assignment
           WHERE client_id = ANY($1) AND superseded_at IS NULL AND scheduled_members IS NOT NULL
             AND lower(valid_during) > $2"#,
        clients as &[ClientId],
        now
    );
    Ok(found.fetch_all(conn).await?)
}

/// Periods of a client that reach beyond an instant, in their order.
pub async fn periods(conn: &mut PgConnection, client_id: ClientId, from: DateTime<Utc>) -> Result<Vec<Period>, Error> {
    let rows = sqlx::query!(
        r#"SELECT branch_id AS "branch_id: BranchId", advisor_id AS "advisor_id: StaffId",
                  lower(valid_during) AS valid_from, scheduled_members, recorded_at, recorded_by
           FROM client_assignment
           WHERE client_id = $1 AND superseded_at IS NULL AND valid_during && tstzrange($2, NULL)
           ORDER BY lower(valid_during) NULLS FIRST"#,
        client_id.0,
        from
    )
    .fetch_all(conn)
    .await?;
    let names = |members: &[String], name: &str| members.iter().any(|member| member == name);
    let periods = rows.into_iter().map(|row| {
        let named = row.scheduled_members.map(|members| Named {
            branch_id: names(&members, "branch_id").then_some(row.branch_id),
            advisor_id: names(&members, "advisor_id").then_some(row.advisor_id),
        });
        let holder = Holder { branch_id: row.branch_id, advisor_id: row.advisor_id };
        Period { from: row.valid_from, holder, named, recorded_at: row.recorded_at, recorded_by: row.recorded_by }
    });
    Ok(periods.collect())
}

/// Puts periods in the place of those that reach beyond an instant, which are superseded. Each lasts until the next
/// begins.
pub async fn replace_periods(
    conn: &mut PgConnection,
    client_id: ClientId,
    from: DateTime<Utc>,
    periods: &[Period],
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE client_assignment SET superseded_at = $3
         WHERE client_id = $1 AND superseded_at IS NULL AND valid_during && tstzrange($2, NULL)",
        client_id.0,
        from,
        now
    )
    .execute(&mut *conn)
    .await?;
    let rows = periods.iter().zip(ids).zip(periods.iter().skip(1).map(|next| next.from).chain([None]));
    let mut query = QueryBuilder::new(
        "INSERT INTO client_assignment (client_id, client_assignment_id, branch_id, advisor_id, valid_during, \
         scheduled_members, recorded_at, recorded_by) ",
    );
    query.push_values(rows, |mut values, ((period, id), until)| {
        values.push_bind(client_id).push_bind(*id);
        values.push_bind(period.holder.branch_id).push_bind(period.holder.advisor_id);
        values.push("tstzrange(").push_bind_unseparated(period.from).push_unseparated("::timestamptz, ");
        values.push_bind_unseparated(until).push_unseparated("::timestamptz)");
        let named = |named: Named| {
            let members = [(named.branch_id.is_some(), "branch_id"), (named.advisor_id.is_some(), "advisor_id")];
            members.into_iter().filter_map(|(is_named, name)| is_named.then_some(name)).collect::<Vec<_>>()
        };
        values.push_bind(period.named.map(named));
        values.push_bind(period.recorded_at).push_bind(period.recorded_by.clone());
    });
    query.build().execute(conn).await?;
    Ok(())
}

/// Whose a client is at an instant, as the periods say.
pub async fn holder(conn: &mut PgConnection, client_id: ClientId, now: DateTime<Utc>) -> Result<Option<Holder>, Error> {
    let holder = sqlx::query_as!(
        Holder,
        r#"SELECT branch_id AS "branch_id: BranchId", advisor_id AS "advisor_id: StaffId" FROM client_assignment
           WHERE client_id = $1 AND superseded_at IS NULL AND valid_during @> $2::timestamptz"#,
        client_id.0,
        now
    );
    Ok(holder.fetch_optional(conn).await?)
}

/// Writes whose a client is now over a version; false when that is no longer the current one.
pub async fn place(
    conn: &mut PgConnection,
    (client_id, version): (ClientId, i64),
    holder: Holder,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE client SET branch_id = $3, advisor_id = $4, updated_at = $5, row_version = row_version + 1
         WHERE client_id = $1 AND row_version = $2",
        client_id.0,
        version,
        holder.branch_id.0,
        holder.advisor_id.map(|id| id.0),
        now
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}
