//! Statements about clients.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::super::model::*;
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, ClientId, StaffId};
use platform::kernel::principal::Visibility;

/// A client as stored: identifiers sealed, the data key wrapped.
#[derive(sqlx::FromRow)]
pub struct SealedClient {
    pub client_id: ClientId,
    pub client_no: String,
    pub name: String,
    pub kind: ClientKind,
    pub status: ClientStatus,
    pub branch_id: BranchId,
    pub advisor_id: Option<StaffId>,
    pub tier: Option<Tier>,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub close_reason: Option<String>,
    pub document_type: Option<DocumentType>,
    pub document_number: Option<Vec<u8>>,
    pub phone: Option<Vec<u8>>,
    pub email: Option<Vec<u8>>,
    pub address: Option<Vec<u8>>,
    pub row_version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub wrapped_key: Option<Vec<u8>>,
}

macro_rules! columns {
    () => {
        "c.client_id, c.client_no, c.name, c.kind, c.status, c.branch_id, c.advisor_id, c.tier, c.opened_on, c.closed_on, \
         c.close_reason, c.document_type, c.document_number, c.phone, c.email, c.address, c.row_version, c.created_at, \
         c.updated_at, k.wrapped_key"
    };
}

pub(super) const CLIENT: &str =
    concat!("SELECT ", columns!(), " FROM client c LEFT JOIN data_key k USING (client_id) WHERE TRUE");

/// A client in scope.
pub async fn client(conn: &mut PgConnection, scope: &Visibility, id: ClientId) -> Result<Option<SealedClient>, Error> {
    let mut query = QueryBuilder::new(CLIENT);
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
    let rows: Vec<Placed> = sqlx::query_as(IN_SCOPES)
        .bind(ids)
        .bind(firm)
        .bind(advisors)
        .bind(places)
        .bind(branches)
        .fetch_all(conn)
        .await?;
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

/// Each question with the scope of whoever asks it: the branches come as one flat array, cut by place.
const IN_SCOPES: &str = concat!(
    "SELECT a.place, ",
    columns!(),
    " FROM unnest($1::uuid[], $2::bool[], $3::uuid[]) WITH ORDINALITY AS a (client_id, firm, advisor_id, place)
      JOIN client c ON c.client_id = a.client_id LEFT JOIN data_key k ON k.client_id = c.client_id
      WHERE client_in_scope(c.branch_id, c.advisor_id, a.firm,
                            ARRAY(SELECT b.branch_id FROM unnest($4::bigint[], $5::uuid[]) AS b (place, branch_id)
                                  WHERE b.place = a.place), a.advisor_id)"
);

/// A client in scope, by number.
pub async fn client_by_number(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_no: &str,
) -> Result<Option<SealedClient>, Error> {
    let mut query = QueryBuilder::new(CLIENT);
    push_number(&mut query, client_no);
    push_visibility(&mut query, "c", scope);
    Ok(query.build_query_as().fetch_optional(conn).await?)
}

pub(super) fn push_number(query: &mut QueryBuilder<Postgres>, client_no: &str) {
    query.push(" AND c.client_id = (SELECT n.client_id FROM client_no_claim n WHERE n.client_no = ");
    query.push_bind(client_no.to_owned()).push(")");
}

/// Enters clients and their data keys, column by column.
pub async fn insert(
    conn: &mut PgConnection,
    rows: &[SealedClient],
    keys: &[Vec<u8>],
    master_version: i16,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.client_id.0).collect();
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
    let mut query = QueryBuilder::new(
        "INSERT INTO client (client_id, client_no, name, kind, status, branch_id, advisor_id, opened_on, document_type, \
         document_number, phone, email, address, created_at, updated_at) ",
    );
    // 15 values a row; the protocol takes 65 535.
    for rows in rows.chunks(4000) {
        query.reset();
        query.push_values(rows, |mut values, row| {
            values
                .push_bind(row.client_id)
                .push_bind(&row.client_no)
                .push_bind(&row.name)
                .push_bind(row.kind)
                .push_bind(row.status)
                .push_bind(row.branch_id)
                .push_bind(row.advisor_id)
                .push_bind(row.opened_on)
                .push_bind(row.document_type)
                .push_bind(&row.document_number)
                .push_bind(&row.phone)
                .push_bind(&row.email)
                .push_bind(&row.address)
                .push_bind(now)
                .push_bind(now);
        });
        query.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// Writes a changed client over `version`; false when that is no longer the current one.
pub async fn update(conn: &mut PgConnection, row: &SealedClient, version: i64) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE client SET name = $2, status = $3, branch_id = $4, advisor_id = $5, opened_on = $6, closed_on = $7, close_reason = $8,
                document_type = $9, document_number = $10, phone = $11, email = $12, address = $13, updated_at = $14, kind = $16,
                row_version = row_version + 1
         WHERE client_id = $1 AND row_version = $15",
        row.client_id.0,
        row.name,
        row.status as ClientStatus,
        row.branch_id.0,
        row.advisor_id.map(|id| id.0),
        row.opened_on,
        row.closed_on,
        row.close_reason,
        row.document_type as Option<DocumentType>,
        row.document_number,
        row.phone,
        row.email,
        row.address,
        row.updated_at,
        version,
        row.kind as ClientKind
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
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
pub async fn set_tiers(conn: &mut PgConnection, ids: &[Uuid], tiers: &[Tier]) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE client c SET tier = t.tier FROM unnest($1::uuid[], $2::text[]) AS t (client_id, tier)
         WHERE c.client_id = t.client_id AND c.tier IS DISTINCT FROM t.tier",
        ids,
        tiers as &[Tier]
    )
    .execute(conn)
    .await?;
    Ok(())
}
