//! Every statement about contacts.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::model::*;
use platform::db::columns::Changes;
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, InteractionId, StaffId};
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

platform::changes!(InteractionChange => Interaction { outcome, notes, next_step, next_step_on });

const INTERACTION: &str = "SELECT i.*, c.client_no, c.name AS client_name FROM interaction i \
    JOIN client_scope c USING (client_id) WHERE TRUE";

/// Contacts with clients in scope, latest first.
pub async fn list(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: Option<ClientId>,
    filter: &InteractionFilter,
    page: &PageRequest<InteractionKey>,
) -> Result<Page<Interaction, InteractionKey>, Error> {
    let mut query = QueryBuilder::new(INTERACTION);
    if let Some(client_id) = client_id {
        query.push(" AND i.client_id = ").push_bind(client_id);
    }
    push_filter(&mut query, filter);
    push_visibility(&mut query, "c", scope);
    if let Some(after) = &page.after {
        query.push(" AND (i.occurred_at, i.interaction_id) < (").push_bind(after.occurred_at);
        query.push(", ").push_bind(after.interaction_id).push(")");
    }
    query.push(" ORDER BY i.occurred_at DESC, i.interaction_id DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<Interaction> = query.build_query_as().fetch_all(conn).await?;
    let key = |row: &Interaction| InteractionKey { occurred_at: row.occurred_at, interaction_id: row.interaction_id };
    Ok(Page::from_rows(rows, page.limit, key))
}

fn push_filter(query: &mut QueryBuilder<Postgres>, filter: &InteractionFilter) {
    if let Some(staff_id) = filter.staff_id {
        query.push(" AND i.staff_id = ").push_bind(staff_id);
    }
    if !filter.channel.is_empty() {
        query.push(" AND i.channel = ANY(").push_bind(filter.channel.clone()).push(")");
    }
    if !filter.purpose.is_empty() {
        query.push(" AND i.purpose = ANY(").push_bind(filter.purpose.clone()).push(")");
    }
    if let Some(from) = filter.occurred_from {
        query.push(" AND i.occurred_at >= ").push_bind(from);
    }
    if let Some(to) = filter.occurred_to {
        query.push(" AND i.occurred_at < ").push_bind(to);
    }
}

/// One contact with a client in scope.
pub async fn find(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: ClientId,
    id: InteractionId,
) -> Result<Option<Interaction>, Error> {
    let mut query = QueryBuilder::new(INTERACTION);
    query.push(" AND i.client_id = ").push_bind(client_id);
    query.push(" AND i.interaction_id = ").push_bind(id);
    push_visibility(&mut query, "c", scope);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// A contact about to be entered.
pub struct Entry {
    /// With this client.
    pub client_id: ClientId,
    /// Its id.
    pub interaction_id: InteractionId,
    /// Who recorded it.
    pub staff_id: StaffId,
    /// The rest; `occurred_at` is set.
    pub new: NewInteraction,
}

/// Rows of one statement: PostgreSQL takes 65 535 parameters.
const ROWS: usize = 4000;

/// Enters contacts.
pub async fn insert(conn: &mut PgConnection, now: DateTime<Utc>, entries: &[Entry]) -> Result<(), Error> {
    for rows in entries.chunks(ROWS) {
        let mut query =
            QueryBuilder::new("INSERT INTO interaction (client_id, interaction_id, staff_id, created_at, updated_at, ");
        query.push(NewInteraction::COLUMNS.join(", ")).push(") ");
        query.push_values(rows, |mut values, row| {
            values.push_bind(row.client_id).push_bind(row.interaction_id).push_bind(row.staff_id);
            values.push_bind(now).push_bind(now);
            row.new.bind(&mut values);
        });
        query.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// Writes a changed contact over the version it was read at; false when that is no longer the current one.
pub async fn update(conn: &mut PgConnection, row: &Interaction) -> Result<bool, Error> {
    let mut query = QueryBuilder::new("UPDATE interaction SET row_version = row_version + 1, updated_at = ");
    query.push_bind(row.updated_at);
    InteractionChange::push_set(row, &mut query);
    query.push(" WHERE client_id = ").push_bind(row.client_id);
    query.push(" AND interaction_id = ").push_bind(row.interaction_id);
    query.push(" AND row_version = ").push_bind(row.row_version);
    Ok(query.build().execute(conn).await?.rows_affected() == 1)
}
