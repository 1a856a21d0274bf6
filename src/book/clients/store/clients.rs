//! Statements about clients.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::super::model::*;
use platform::db::period::push_as_of;
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, ClientId, PendingChangeId, StaffId};
use platform::kernel::principal::Visibility;

platform::columns! {
    /// What identifies a client, as stored.
    #[derive(sqlx::FromRow)]
    pub struct SealedIdentity {
        pub document_type: Option<DocumentType>,
        pub document_number: Option<Vec<u8>>,
        pub phone: Option<Vec<u8>>,
        pub email: Option<Vec<u8>>,
        pub address: Option<Vec<u8>>,
        pub previous_client_id: Option<ClientId>,
    }
}

/// A client as stored: identifiers sealed, the data key wrapped.
#[derive(sqlx::FromRow)]
pub struct SealedClient {
    pub client_id: ClientId,
    pub client_no: String,
    #[sqlx(flatten)]
    pub profile: Profile,
    #[sqlx(flatten)]
    pub lifespan: Lifespan,
    pub tier: Option<Tier>,
    #[sqlx(flatten)]
    pub sealed: SealedIdentity,
    pub row_version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub wrapped_key: Option<Vec<u8>>,
    pub pending_changes: Vec<PendingChangeId>,
}

/// The columns a caller's words end up in.
fn said_columns() -> impl Iterator<Item = &'static str> {
    [Profile::COLUMNS, Lifespan::COLUMNS, SealedIdentity::COLUMNS].into_iter().flatten().copied()
}

/// Columns that have a history: of them the period tells what held when.
const PERIODIC: [&str; 2] = ["branch_id", "advisor_id"];

fn select(as_of: bool) -> String {
    let alias = |column: &str| if as_of && PERIODIC.contains(&column) { "h" } else { "c" };
    let said: Vec<String> = said_columns().map(|column| format!("{}.{column}", alias(column))).collect();
    let own = "c.client_id, c.client_no, c.tier, c.row_version, c.created_at, c.updated_at, k.wrapped_key, \
        ARRAY(SELECT p.pending_change_id FROM client_pending_change p WHERE p.client_id = c.client_id ORDER BY 1) \
        AS pending_changes";
    format!("{own}, {}", said.join(", "))
}

/// `SELECT … WHERE TRUE` over clients, each with its data key; with the branch and advisor of an instant where one is
/// given.
pub(super) fn query(before: Option<DateTime<Utc>>) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(select(before.is_some())).push(" FROM client c LEFT JOIN data_key k USING (client_id)");
    if before.is_some() {
        query.push(" JOIN client_assignment h ON h.client_id = c.client_id AND h.superseded_at IS NULL");
    }
    query.push(" WHERE TRUE");
    if let Some(before) = before {
        push_as_of(&mut query, "h", before);
    }
    query
}

/// A client in scope; with the branch and advisor they had just before an instant where one is given.
pub async fn client(
    conn: &mut PgConnection,
    scope: &Visibility,
    id: ClientId,
    before: Option<DateTime<Utc>>,
) -> Result<Option<SealedClient>, Error> {
    let mut query = query(before);
    query.push(" AND c.client_id = ").push_bind(id);
    push_visibility(&mut query, "c", scope);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

/// Clients, each in the scope of whoever asks for it; in the order asked.
pub async fn clients_in_scopes(
    conn: &mut PgConnection,
    asked: &[(ClientId, Visibility)],
) -> Result<Vec<Option<SealedClient>>, Error> {
    let (mut ids, mut firm, mut advisors) = (Vec::new(), Vec::new(), Vec::new());
    let (mut places, mut branches) = (Vec::new(), Vec::new());
    for (place, (id, scope)) in (1_i64..).zip(asked) {
        ids.push(*id);
        firm.push(scope.firm);
        advisors.push(scope.advisor_id);
        branches.extend_from_slice(&scope.branch_ids);
        places.resize(branches.len(), place);
    }
    let mut found: Vec<Option<SealedClient>> = asked.iter().map(|_| None).collect();
    // Each question with the scope of whoever asks it: the branches come as one flat array, cut by place.
    let mut query = QueryBuilder::new("SELECT a.place, ");
    query.push(select(false)).push(" FROM unnest(").push_bind(ids).push("::uuid[], ").push_bind(firm);
    query
        .push("::bool[], ")
        .push_bind(advisors)
        .push("::uuid[]) WITH ORDINALITY AS a (client_id, firm, advisor_id, place)");
    query.push(" JOIN client c ON c.client_id = a.client_id LEFT JOIN data_key k ON k.client_id = c.client_id");
    query.push(" WHERE client_in_scope(c.branch_id, c.advisor_id, a.firm, ARRAY(SELECT b.branch_id FROM unnest(");
    query.push_bind(places).push("::bigint[], ").push_bind(branches);
    query.push("::uuid[]) AS b (place, branch_id) WHERE b.place = a.place), a.advisor_id)");
    let rows: Vec<Placed> = query.build_query_as().fetch_all(conn).await?;
    for Placed { place, client } in rows {
        found[usize::try_from(place - 1).map_err(Error::internal)?] = Some(client);
    }
    Ok(found)
}

/// A client and which question it answers.
#[derive(sqlx::FromRow)]
struct Placed {
    place: i64,
    #[sqlx(flatten)]
    client: SealedClient,
}

/// A client in scope, by number.
pub async fn client_by_number(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_no: &str,
) -> Result<Option<SealedClient>, Error> {
    let mut query = query(None);
    push_number(&mut query, client_no);
    push_visibility(&mut query, "c", scope);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

pub(super) fn push_number(query: &mut QueryBuilder<Postgres>, client_no: &str) {
    query.push(" AND c.client_id = (SELECT n.client_id FROM client_no_claim n WHERE n.client_no = ");
    query.push_bind(client_no.to_owned()).push(")");
}

/// Enters clients and their data keys; the keys come wrapped, in the order of the clients.
pub async fn insert(
    conn: &mut PgConnection,
    rows: &[(&Client, SealedIdentity)],
    keys: &[Vec<u8>],
    master_version: i16,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let ids: Vec<Uuid> = rows.iter().map(|(client, _)| client.client_id.0).collect();
    sqlx::query!(
        "INSERT INTO data_key (client_id, wrapped_key, master_key_version, created_at)
         SELECT k.client_id, k.wrapped_key, $3, $4 FROM unnest($1::uuid[], $2::bytea[]) AS k (client_id, wrapped_key)",
        &ids,
        keys,
        master_version,
        now
    )
    .execute(&mut *conn)
    .await?;
    let columns: Vec<&str> = said_columns().collect();
    let insert = format!("INSERT INTO client (client_id, client_no, created_at, updated_at, {}) ", columns.join(", "));
    // Values of a statement: the protocol takes 65 535.
    for rows in rows.chunks(2000) {
        let mut query = QueryBuilder::<Postgres>::new(insert.as_str());
        query.push_values(rows, |mut values, (client, sealed)| {
            values.push_bind(client.client_id).push_bind(client.client_no.clone()).push_bind(now).push_bind(now);
            client.profile.bind(&mut values);
            client.lifespan.bind(&mut values);
            sealed.bind(&mut values);
        });
        query.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// Writes a changed client over the version it has; false when that is no longer the current one.
pub async fn update(conn: &mut PgConnection, client: &Client, sealed: &SealedIdentity) -> Result<bool, Error> {
    let columns: Vec<&str> = said_columns().collect();
    let mut query = QueryBuilder::new("UPDATE client SET (updated_at, ");
    query.push(columns.join(", ")).push(") = ROW (");
    let mut values = query.separated(", ");
    values.push_bind(client.updated_at);
    client.profile.bind(&mut values);
    client.lifespan.bind(&mut values);
    sealed.bind(&mut values);
    query.push("), row_version = row_version + 1 WHERE client_id = ").push_bind(client.client_id);
    query.push(" AND row_version = ").push_bind(client.row_version);
    Ok(query.build().execute(conn).await?.rows_affected() == 1)
}

/// Clients in scope by number or id, as other slices see them.
pub async fn references(
    conn: &mut PgConnection,
    scope: &Visibility,
    numbers: &[String],
    ids: &[Uuid],
) -> Result<Vec<ClientRef>, Error> {
    let found = sqlx::query_as!(
        ClientRef,
        r#"WITH wanted AS (
               SELECT client_id FROM client_no_claim WHERE client_no = ANY($1)
               UNION SELECT unnest($2::uuid[])
           )
           SELECT c.client_id AS "client_id: ClientId", c.client_no, c.name, c.branch_id AS "branch_id: BranchId",
                  c.advisor_id AS "advisor_id: StaffId", c.status AS "status: ClientStatus", c.tier AS "tier: Tier", c.opened_on, c.closed_on
           FROM wanted JOIN client c USING (client_id)
           WHERE client_in_scope(c.branch_id, c.advisor_id, $3, $4, $5)"#,
        numbers,
        ids,
        scope.firm,
        &scope.branch_ids,
        scope.advisor_id
    )
    .fetch_all(conn)
    .await?;
    Ok(found)
}

/// Moves clients between tiers. Not a change of the profile: the row's version stays.
pub async fn set_tiers(conn: &mut PgConnection, ids: &[Uuid], tiers: &[Option<Tier>]) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE client c SET tier = t.tier FROM unnest($1::uuid[], $2::text[]) AS t (client_id, tier)
         WHERE c.client_id = t.client_id AND c.tier IS DISTINCT FROM t.tier",
        ids,
        tiers as &[Option<Tier>]
    )
    .execute(conn)
    .await?;
    Ok(())
}
