//! Values unique across clients, claimed in tables keyed by the value.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Claims client numbers; gives those that were free. Waits for others claiming the same, in one order for everybody.
pub async fn claim_numbers(
    conn: &mut PgConnection,
    numbers: &[String],
    clients: &[Uuid],
) -> Result<Vec<String>, Error> {
    let won = sqlx::query_scalar!(
        "INSERT INTO client_no_claim (client_no, client_id)
         SELECT * FROM unnest($1::text[], $2::uuid[]) AS c (client_no, client_id) ORDER BY 1
         ON CONFLICT DO NOTHING RETURNING client_no",
        numbers,
        clients
    )
    .fetch_all(conn)
    .await?;
    Ok(won)
}

/// Gives client numbers back.
pub async fn release_numbers(conn: &mut PgConnection, numbers: &[String]) -> Result<(), Error> {
    sqlx::query!("DELETE FROM client_no_claim WHERE client_no = ANY($1)", numbers).execute(conn).await?;
    Ok(())
}

/// Claims identity documents by their blind index; gives the clients whose document was free.
pub async fn claim_documents(
    conn: &mut PgConnection,
    indexes: &[Vec<u8>],
    clients: &[Uuid],
) -> Result<Vec<Uuid>, Error> {
    let won = sqlx::query_scalar!(
        "INSERT INTO document_claim (document_index, client_id)
         SELECT * FROM unnest($1::bytea[], $2::uuid[]) AS d (document_index, client_id) ORDER BY 1
         ON CONFLICT DO NOTHING RETURNING client_id",
        indexes,
        clients
    )
    .fetch_all(conn)
    .await?;
    Ok(won)
}

/// Whose an identity document is, by its blind index.
pub async fn document_owner(conn: &mut PgConnection, index: &[u8]) -> Result<Option<ClientId>, Error> {
    let owner = sqlx::query_scalar!(
        r#"SELECT client_id AS "id: ClientId" FROM document_claim WHERE document_index = $1"#,
        index
    );
    Ok(owner.fetch_optional(conn).await?)
}

/// Whose these identity documents are, by their blind indexes.
pub async fn document_owners(
    conn: &mut PgConnection,
    indexes: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, ClientId>, Error> {
    let rows = sqlx::query!(
        r#"SELECT document_index, client_id AS "client_id: ClientId" FROM document_claim WHERE document_index = ANY($1)"#,
        indexes
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.document_index, row.client_id)).collect())
}

/// Those of these clients whose record another one continues.
pub async fn continued(conn: &mut PgConnection, ids: &[ClientId]) -> Result<Vec<ClientId>, Error> {
    let ids = sqlx::query_scalar!(
        r#"SELECT previous_client_id AS "id!: ClientId" FROM client WHERE previous_client_id = ANY($1)"#,
        ids as &[ClientId]
    );
    Ok(ids.fetch_all(conn).await?)
}

/// Moves the claim of a closed client to the record that continues it; false when the client is not closed any more, or
/// the claim no more its own. Whoever reopens the client meanwhile waits.
pub async fn take_over_document(
    conn: &mut PgConnection,
    index: &[u8],
    from: ClientId,
    to: ClientId,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "WITH closed AS (SELECT client_id FROM client WHERE client_id = $2 AND status = 'closed' FOR UPDATE)
         UPDATE document_claim d SET client_id = $3 FROM closed c
         WHERE d.document_index = $1 AND d.client_id = c.client_id",
        index,
        from.0,
        to.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A client's claim moves to another document, or ends.
pub async fn move_document_claim(
    conn: &mut PgConnection,
    id: ClientId,
    before: Option<&[u8]>,
    after: Option<&[u8]>,
) -> Result<(), Error> {
    if let Some(index) = before {
        sqlx::query!("DELETE FROM document_claim WHERE document_index = $1 AND client_id = $2", index, id.0)
            .execute(&mut *conn)
            .await?;
    }
    if let Some(index) = after {
        sqlx::query!("INSERT INTO document_claim (document_index, client_id) VALUES ($1, $2)", index, id.0)
            .execute(conn)
            .await?;
    }
    Ok(())
}
