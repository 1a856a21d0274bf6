//! Whether the process lives and is ready: operations that belong to no slice.

use actix_web::{get, web};

use platform::db::Db;
use platform::http::NoContent;
use platform::http::parameters::NothingUndeclared;
use platform::http::problem::Problem;
use platform::kernel::error::Error;

/// Check that the process is alive
#[utoipa::path(
    tag = "operations",
    responses((
        status = BAD_REQUEST,
        description = "The request cannot be read",
        body = Problem,
        content_type = "application/problem+json"
    ))
)]
#[get("/health/live")]
pub async fn live(_: NothingUndeclared) -> Result<NoContent, Error> {
    Ok(NoContent)
}

/// Check that it is ready to serve
///
/// Ready means that the database answers.
#[utoipa::path(
    tag = "operations",
    responses((
        status = BAD_REQUEST,
        description = "The request cannot be read",
        body = Problem,
        content_type = "application/problem+json"
    ))
)]
#[get("/health/ready")]
pub async fn ready(_: NothingUndeclared, db: web::Data<Db>) -> Result<NoContent, Error> {
    db.ping().await.map_err(|_| Error::unavailable(1))?;
    Ok(NoContent)
}
