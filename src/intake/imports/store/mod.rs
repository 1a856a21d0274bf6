//! Every statement about files taken in, uploads that wait, and lines refused.

pub mod mappings;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{KeptRejection, Kind, Rejection};
use platform::kernel::error::Error;
use platform::kernel::ids::JobId;
use platform::kernel::label::Labelled;
use platform::kernel::page::{Page, PageRequest};

/// Another source under which the same bytes were taken in before, and none under this one.
pub async fn other_source(
    conn: &mut PgConnection,
    kind: Kind,
    sha256: &[u8],
    source: &str,
) -> Result<Option<String>, Error> {
    let sources =
        sqlx::query_scalar!("SELECT source FROM import_file WHERE kind = $1 AND sha256 = $2", kind.code(), sha256)
            .fetch_all(conn)
            .await?;
    let known = sources.iter().any(|known| known == source);
    Ok(sources.into_iter().find(|_| !known))
}

/// Remembers that these bytes came from this source.
pub async fn note_file(
    conn: &mut PgConnection,
    kind: Kind,
    source: &str,
    sha256: &[u8],
    bytes: i64,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO import_file (source, kind, sha256, bytes, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        source,
        kind.code(),
        sha256,
        bytes,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps a sealed part of an upload until its job is done.
pub async fn insert_chunk(conn: &mut PgConnection, id: JobId, sequence: i32, sealed: &[u8]) -> Result<(), Error> {
    sqlx::query!("INSERT INTO import_chunk (job_id, sequence, sealed) VALUES ($1, $2, $3)", id.0, sequence, sealed)
        .execute(conn)
        .await?;
    Ok(())
}

/// A part of an upload, sealed.
pub async fn chunk(conn: &mut PgConnection, id: JobId, sequence: i32) -> Result<Option<Vec<u8>>, Error> {
    let sealed =
        sqlx::query_scalar!("SELECT sealed FROM import_chunk WHERE job_id = $1 AND sequence = $2", id.0, sequence)
            .fetch_optional(conn)
            .await?;
    Ok(sealed)
}

/// The upload is not needed any more.
pub async fn delete_chunks(conn: &mut PgConnection, id: JobId) -> Result<(), Error> {
    sqlx::query!("DELETE FROM import_chunk WHERE job_id = $1", id.0).execute(conn).await?;
    Ok(())
}

/// Keeps which lines were refused, and why; never what they held.
pub async fn note_rejections(conn: &mut PgConnection, id: JobId, rejections: &[Rejection]) -> Result<(), Error> {
    if rejections.is_empty() {
        return Ok(());
    }
    let (mut lines, mut places, mut codes, mut pointers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for rejection in rejections {
        for (place, fault) in (1_i32..).zip(&rejection.faults) {
            lines.push(i64::try_from(rejection.line).unwrap_or(i64::MAX));
            places.push(place);
            codes.push(fault.code.to_owned());
            pointers.push(fault.pointer.clone());
        }
    }
    sqlx::query!(
        "INSERT INTO import_rejection (job_id, line_no, fault_no, code, pointer)
         SELECT $1, line_no, fault_no, code, nullif(pointer, '')
         FROM unnest($2::bigint[], $3::integer[], $4::text[], $5::text[]) AS r (line_no, fault_no, code, pointer)
         ON CONFLICT DO NOTHING",
        id.0,
        &lines,
        &places,
        &codes,
        &pointers
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A page of what is wrong with lines, first line first.
pub async fn rejections(
    conn: &mut PgConnection,
    id: JobId,
    page: &PageRequest<(i64, i32)>,
) -> Result<Page<KeptRejection, (i64, i32)>, Error> {
    let (line, fault) = page.after.unwrap_or_default();
    let rows = sqlx::query_as!(
        KeptRejection,
        "SELECT line_no AS line, fault_no AS fault, code, pointer FROM import_rejection
         WHERE job_id = $1 AND (line_no, fault_no) > ($2, $3) ORDER BY line_no, fault_no LIMIT $4",
        id.0,
        line,
        fault,
        i64::from(page.limit) + 1
    )
    .fetch_all(conn)
    .await?;
    Ok(Page::from_rows(rows, page.limit, |row| (row.line, row.fault)))
}

/// All that is wrong with lines, first line first.
pub async fn all_rejections(conn: &mut PgConnection, id: JobId) -> Result<Vec<KeptRejection>, Error> {
    let rows = sqlx::query_as!(
        KeptRejection,
        "SELECT line_no AS line, fault_no AS fault, code, pointer FROM import_rejection
         WHERE job_id = $1 ORDER BY line_no, fault_no",
        id.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
