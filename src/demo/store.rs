//! Whether anybody is in the book.

use sqlx::PgConnection;

use platform::kernel::error::Error;

/// Whether there is a client.
pub async fn any_client(conn: &mut PgConnection) -> Result<bool, Error> {
    let any = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT 1 FROM client_scope) AS "any!""#).fetch_one(conn).await?;
    Ok(any)
}
