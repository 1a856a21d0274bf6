//! Operations of metadata.

use actix_web::{get, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::catalogue::{Catalogue, Labels};
use crate::http::permission::SignedIn;
use crate::http::{Actor, Cached, IfNoneMatch};
use crate::kernel::error::Error;

/// Mounts every operation.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_labels);
}

/// Get the labels of all codes
///
/// Closed sets, problems, faults of inputs and permissions, in English and Chinese. The same for every caller.
#[utoipa::path(
    tag = "metadata",
    params(IfNoneMatch),
    responses((status = OK, body = Labels)),
    security(("oauth2" = []))
)]
#[get("/v1/labels")]
pub async fn get_labels(_: Actor<SignedIn>, catalogue: web::Data<Catalogue>) -> Result<Cached<Labels>, Error> {
    Ok(Cached(catalogue.labels().clone()))
}
