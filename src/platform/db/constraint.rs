//! What a database error means to the caller: a named constraint is a refusal, everything else is ours.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::kernel::error::{self, Code, Error};

/// A named constraint and the refusal it stands for.
pub type Constraint = (&'static str, &'static Code);

static KNOWN: OnceLock<HashMap<&'static str, &'static Code>> = OnceLock::new();

/// Installs what the slices export; the first call wins, every call passes the same.
pub fn install(constraints: impl IntoIterator<Item = Constraint>) {
    KNOWN.get_or_init(|| constraints.into_iter().collect());
}

impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        match &source {
            sqlx::Error::RowNotFound => Error::not_found(),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => unavailable(&source),
            sqlx::Error::Database(driver) => {
                let known = KNOWN.get().and_then(|known| known.get(driver.constraint()?).copied());
                match (known, driver.code().as_deref()) {
                    (Some(code), _) => Error::code(code),
                    (None, Some("23505")) if driver.constraint() == Some("idempotency_record_pkey") => {
                        Error::code(&error::KEY_IN_USE).with(|refusal| refusal.retry_after_s = Some(1))
                    }
                    // Serialization failure, deadlock, lock timeout, statement timeout, shutdown, no more connections.
                    (None, Some("40001" | "40P01" | "55P03" | "57014" | "57P01" | "57P02" | "57P03" | "53300")) => {
                        unavailable(&source)
                    }
                    _ => Error::internal(source),
                }
            }
            _ => Error::internal(source),
        }
    }
}

fn unavailable(source: &sqlx::Error) -> Error {
    tracing::warn!(error = %source, "the database is not available");
    Error::unavailable(1)
}
