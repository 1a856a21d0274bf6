//! Lists of clients: declared filters, keyset order.

use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::super::model::*;
use super::clients::{self, SealedClient, push_number};
use platform::db::period::push_as_of;
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// A page of clients in scope.
pub async fn list(
    conn: &mut PgConnection,
    scope: &Visibility,
    filter: &ClientFilter,
    order: ClientOrder,
    page: &PageRequest<ClientKey>,
) -> Result<Page<SealedClient, ClientKey>, Error> {
    let mut query = clients::query(filter.before);
    push_filter(&mut query, filter);
    push_visibility(&mut query, "c", scope);
    push_order(&mut query, order, page.after.as_ref());
    query.push(" LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<SealedClient> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |row| ClientKey {
        opened_on: row.lifespan.opened_on,
        client_id: row.client_id,
    }))
}

/// How many clients in scope a filter finds.
pub async fn count(conn: &mut PgConnection, scope: &Visibility, filter: &ClientFilter) -> Result<i64, Error> {
    let mut query = QueryBuilder::new("SELECT count(*) FROM client c");
    if let Some(before) = filter.before {
        query.push(" JOIN client_assignment h ON h.client_id = c.client_id AND h.superseded_at IS NULL");
        push_as_of(&mut query, "h", before);
    }
    query.push(" WHERE TRUE");
    push_filter(&mut query, filter);
    push_visibility(&mut query, "c", scope);
    Ok(query.build_query_scalar().fetch_one(conn).await?)
}

fn push_filter(query: &mut QueryBuilder<Postgres>, filter: &ClientFilter) {
    // Whose they were then, of those who were there.
    let whose = if filter.before.is_some() { "h" } else { "c" };
    if let Some(day) = filter.known_by {
        query.push(" AND c.opened_on <= ").push_bind(day);
    }
    if let Some(client_no) = &filter.client_no {
        push_number(query, client_no);
    }
    if let Some(branch_id) = filter.branch_id {
        query.push(format_args!(" AND {whose}.branch_id = ")).push_bind(branch_id);
    }
    if let Some(advisor_id) = filter.advisor_id {
        query.push(format_args!(" AND {whose}.advisor_id = ")).push_bind(advisor_id);
    }
    push_any(query, "c.tier", &filter.tiers);
    push_any(query, "c.status", &filter.statuses);
    if let Some(kind) = filter.kind {
        query.push(" AND c.kind = ").push_bind(kind);
    }
    if let Some(from) = filter.opened_from {
        query.push(" AND c.opened_on >= ").push_bind(from);
    }
    if let Some(to) = filter.opened_to {
        query.push(" AND c.opened_on <= ").push_bind(to);
    }
    if let Some(q) = &filter.q {
        // As the index has it.
        let searched = "search_text(c.name) || E'\t' || search_text(c.client_no)";
        query.push(format_args!(" AND search_grams({searched}) @> search_grams(search_text(")).push_bind(q.clone());
        query.push(")) AND position(search_text(").push_bind(q.clone()).push(format_args!(") IN {searched}) > 0"));
    }
}

/// One value becomes `=`, so that an index on it keeps the order of what follows; several become "any of".
pub(super) fn push_any<T>(query: &mut QueryBuilder<Postgres>, column: &str, values: &[T])
where
    T: Copy + Send + Sync + 'static + for<'q> sqlx::Encode<'q, Postgres> + sqlx::Type<Postgres>,
{
    if let Some((first, rest)) = values.split_first() {
        query.push(format!(" AND {column} IN (")).push_bind(*first);
        for value in rest {
            query.push(", ").push_bind(*value);
        }
        query.push(")");
    }
}

fn push_order(query: &mut QueryBuilder<Postgres>, order: ClientOrder, after: Option<&ClientKey>) {
    let (comparison, columns) = match order {
        ClientOrder::Newest => ("<", " ORDER BY c.client_id DESC"),
        ClientOrder::OpenedFirst => (">", " ORDER BY c.opened_on, c.client_id"),
        ClientOrder::OpenedLast => ("<", " ORDER BY c.opened_on DESC, c.client_id DESC"),
    };
    match (after, order) {
        (None, _) => {}
        (Some(key), ClientOrder::Newest) => {
            query.push(" AND c.client_id < ").push_bind(key.client_id);
        }
        (Some(key), _) => {
            query.push(format!(" AND (c.opened_on, c.client_id) {comparison} (")).push_bind(key.opened_on);
            query.push(", ").push_bind(key.client_id).push(")");
        }
    }
    query.push(columns);
}

/// Ids of clients in scope in their order, after one of them.
pub async fn ids_after(
    conn: &mut PgConnection,
    scope: &Visibility,
    after: Option<ClientId>,
    limit: u32,
) -> Result<Vec<ClientId>, Error> {
    let mut query = QueryBuilder::new("SELECT c.client_id FROM client c WHERE c.client_id > ");
    query.push_bind(after.map_or(uuid::Uuid::nil(), |after| after.0));
    push_visibility(&mut query, "c", scope);
    query.push(" ORDER BY c.client_id LIMIT ").push_bind(i64::from(limit));
    Ok(query.build_query_scalar().fetch_all(conn).await?)
}
