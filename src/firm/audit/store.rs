//! Every statement about reads of clients.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, QueryBuilder};
use uuid::{NoContext, Timestamp, Uuid};

use super::model::{KeptRead, ReadFilter};
use platform::http::reads::ClientRead;
use platform::kernel::error::Error;
use platform::kernel::page::{Page, PageRequest};

/// Writes reads.
pub async fn insert(conn: &mut PgConnection, reads: &[ClientRead]) -> Result<(), Error> {
    let ids: Vec<Uuid> = reads.iter().map(|read| id_of(read.read_at)).collect();
    let client_ids: Vec<Uuid> = reads.iter().map(|read| read.client_id.0).collect();
    let times: Vec<DateTime<Utc>> = reads.iter().map(|read| read.read_at).collect();
    let actors: Vec<String> = reads.iter().map(|read| read.actor.clone()).collect();
    let addresses: Vec<Option<String>> = reads.iter().map(|read| read.address.clone()).collect();
    let requests: Vec<String> = reads.iter().map(|read| read.request_id.clone()).collect();
    let operations: Vec<String> = reads.iter().map(|read| read.operation.clone()).collect();
    sqlx::query!(
        "INSERT INTO client_read (client_read_id, client_id, read_at, actor, address, request_id, operation)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])",
        &ids,
        &client_ids,
        &times,
        &actors,
        &addresses as &[Option<String>],
        &requests,
        &operations
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// UUIDv7 of an instant.
fn id_of(at: DateTime<Utc>) -> Uuid {
    let seconds = at.timestamp().max(0).unsigned_abs();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.timestamp_subsec_nanos()))
}

/// Reads, newest first.
pub async fn list(
    conn: &mut PgConnection,
    filter: &ReadFilter,
    page: &PageRequest<Uuid>,
) -> Result<Page<KeptRead, Uuid>, Error> {
    let mut query = QueryBuilder::new(
        "SELECT client_read_id, client_id, read_at, actor, address, request_id, operation FROM client_read WHERE TRUE",
    );
    if let Some(client_id) = filter.client_id {
        query.push(" AND client_id = ").push_bind(client_id);
    }
    if let Some(actor) = &filter.actor {
        query.push(" AND actor = ").push_bind(actor);
    }
    if let Some(after) = page.after {
        query.push(" AND client_read_id < ").push_bind(after);
    }
    query.push(" ORDER BY client_read_id DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |read: &KeptRead| read.client_read_id))
}

/// Forgets reads before an instant; how many.
pub async fn purge(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    let done = sqlx::query!("DELETE FROM client_read WHERE read_at < $1", before);
    Ok(done.execute(conn).await?.rows_affected())
}
