//! Connecting to the server, which is possible over its unix socket only.

use std::path::Path;

use sqlx::{
    Connection,
    postgres::{PgConnectOptions, PgConnection, PgSslMode},
};

/// The database, and the superuser of the cluster.
pub(super) const NAME: &str = "clientele";

/// Fails unless the server accepts connections to our database.
pub(super) async fn check(socket_dir: &Path, port: u16) -> Result<(), sqlx::Error> {
    PgConnection::connect_with(&options(socket_dir, port, NAME)).await?.close().await
}

/// Makes our database if the server lacks it. Only who holds the lock may call this: nobody else does the same
/// meanwhile.
pub(super) async fn ensure_database(socket_dir: &Path, port: u16) -> Result<(), sqlx::Error> {
    const UNKNOWN_DATABASE: &str = "3D000";
    match check(socket_dir, port).await {
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(UNKNOWN_DATABASE) => {
            let mut connection = PgConnection::connect_with(&options(socket_dir, port, "postgres")).await?;
            sqlx::raw_sql("CREATE DATABASE clientele").execute(&mut connection).await?;
            connection.close().await
        }
        answer => answer,
    }
}

/// How to connect to one of its databases.
pub(super) fn options(socket_dir: &Path, port: u16, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket_dir)
        .port(port)
        .username(NAME)
        .database(database)
        .ssl_mode(PgSslMode::Disable)
}

/// The same as a URL that `psql` and sqlx both understand.
pub(super) fn url(socket_dir: &Path, port: u16) -> String {
    format!("postgresql://{NAME}@{}:{port}/{NAME}", percent_encoded(socket_dir))
}

/// Everything but unreserved characters as `%XX`, so that a path can stand where a URL has its host.
fn percent_encoded(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().iter().fold(String::new(), |encoded, &byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            encoded + char::from(byte).encode_utf8(&mut [0; 4])
        }
        _ => encoded + &format!("%{byte:02X}"),
    })
}
