//! Every statement about contacts.

use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::model::*;
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, InteractionId};
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

const INTERACTION: &str = "SELECT i.client_id, i.interaction_id, i.channel, i.direction, i.purpose, i.outcome, i.notes, i.next_step, \
    i.next_step_on, i.churn_alert_id, i.staff_id, i.occurred_at, i.row_version, i.created_at, i.updated_at, \
    c.client_no, c.name AS client_name FROM interaction i JOIN client_scope c USING (client_id) WHERE TRUE";

/// Contacts with clients in sight, latest first.
pub async fn list(
    conn: &mut PgConnection,
    sight: &Visibility,
    filter: &InteractionFilter,
    page: &PageRequest<InteractionKey>,
) -> Result<Page<ClientInteraction, InteractionKey>, Error> {
    let mut query = QueryBuilder::new(INTERACTION);
    push_filter(&mut query, filter);
    push_visibility(&mut query, "c", sight);
    if let Some(after) = &page.after {
        query.push(" AND (i.occurred_at, i.interaction_id) < (").push_bind(after.occurred_at);
        query.push(", ").push_bind(after.interaction_id).push(")");
    }
    query.push(" ORDER BY i.occurred_at DESC, i.interaction_id DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<ClientInteraction> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |row| InteractionKey {
        occurred_at: row.interaction.occurred_at,
        interaction_id: row.interaction.interaction_id,
    }))
}

fn push_filter(query: &mut QueryBuilder<Postgres>, filter: &InteractionFilter) {
    if let Some(client_id) = filter.client_id {
        query.push(" AND i.client_id = ").push_bind(client_id);
    }
    if let Some(staff_id) = filter.staff_id {
        query.push(" AND i.staff_id = ").push_bind(staff_id);
    }
    if !filter.channels.is_empty() {
        query.push(" AND i.channel = ANY(").push_bind(filter.channels.clone()).push(")");
    }
    if !filter.purposes.is_empty() {
        query.push(" AND i.purpose = ANY(").push_bind(filter.purposes.clone()).push(")");
    }
    if let Some(from) = filter.occurred_from {
        query.push(" AND i.occurred_at >= ").push_bind(from);
    }
    if let Some(to) = filter.occurred_to {
        query.push(" AND i.occurred_at < ").push_bind(to);
    }
}

/// One contact with a client in sight.
pub async fn find(
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
    id: InteractionId,
) -> Result<Option<ClientInteraction>, Error> {
    let mut query = QueryBuilder::new(INTERACTION);
    query.push(" AND i.client_id = ").push_bind(client_id);
    query.push(" AND i.interaction_id = ").push_bind(id);
    push_visibility(&mut query, "c", sight);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// Enters contacts.
pub async fn insert(conn: &mut PgConnection, rows: &[Interaction]) -> Result<(), Error> {
    let mut query = QueryBuilder::new(
        "INSERT INTO interaction (client_id, interaction_id, channel, direction, purpose, outcome, notes, next_step, next_step_on, \
         churn_alert_id, staff_id, occurred_at, created_at, updated_at) ",
    );
    for rows in rows.chunks(4000) {
        query.reset();
        query.push_values(rows, |mut values, row| {
            values
                .push_bind(row.client_id)
                .push_bind(row.interaction_id)
                .push_bind(row.channel)
                .push_bind(row.direction)
                .push_bind(row.purpose)
                .push_bind(row.outcome)
                .push_bind(&row.notes)
                .push_bind(&row.next_step)
                .push_bind(row.next_step_on)
                .push_bind(row.churn_alert_id)
                .push_bind(row.staff_id)
                .push_bind(row.occurred_at)
                .push_bind(row.created_at)
                .push_bind(row.updated_at);
        });
        query.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// Writes a changed contact over `version`; false when that is no longer the current one.
pub async fn update(conn: &mut PgConnection, row: &Interaction, version: i64) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE interaction SET outcome = $3, notes = $4, next_step = $5, next_step_on = $6, updated_at = $7, row_version = row_version + 1
         WHERE client_id = $1 AND interaction_id = $2 AND row_version = $8",
        row.client_id.0,
        row.interaction_id.0,
        row.outcome as Option<Outcome>,
        row.notes,
        row.next_step,
        row.next_step_on,
        row.updated_at,
        version
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
