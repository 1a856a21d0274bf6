//! Operations of metadata.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::catalogue::Catalogue;
use super::events::EventTypes;
use super::fields::{Resource, ResourceNames};
use super::labels::Labels;
use crate::http::permission::SignedIn;
use crate::http::{Actor, Cached, IfNoneMatch, Json, Path};
use crate::kernel::error::Error;

/// Mounts every operation.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_labels).service(list_event_types).service(list_resources).service(get_resource);
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

/// List the kinds of events
///
/// What can happen, to what, and the JSON Schema of what each event carries. The same for every caller.
#[utoipa::path(
    tag = "metadata",
    params(IfNoneMatch),
    responses((status = OK, body = EventTypes)),
    security(("oauth2" = []))
)]
#[get("/v1/event-types")]
pub async fn list_event_types(
    _: Actor<SignedIn>,
    catalogue: web::Data<Catalogue>,
) -> Result<Cached<EventTypes>, Error> {
    Ok(Cached(catalogue.events().clone()))
}

/// Path of a resource.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ResourcePath {
    /// Its name.
    #[param(pattern = "^[a-z-]{1,64}$")]
    name: String,
}

/// List the resources
///
/// Their names, and whether the caller may read them.
#[utoipa::path(
    tag = "metadata",
    responses((status = OK, body = ResourceNames)),
    security(("oauth2" = []))
)]
#[get("/v1/metadata/resources")]
pub async fn list_resources(
    actor: Actor<SignedIn>,
    catalogue: web::Data<Catalogue>,
) -> Result<Json<ResourceNames>, Error> {
    Ok(Json(catalogue.resources(|scope| actor.principal.scopes.contains(scope))))
}

/// Get the description of a resource
///
/// Fields with type, bounds, options, label and data class, and whether this caller may read, give and change them; the
/// filters and sorts of its list; its states and the steps between them.
#[utoipa::path(
    tag = "metadata",
    params(ResourcePath),
    responses((status = OK, body = Resource)),
    security(("oauth2" = []))
)]
#[get("/v1/metadata/resources/{name}")]
pub async fn get_resource(
    actor: Actor<SignedIn>,
    Path(path): Path<ResourcePath>,
    catalogue: web::Data<Catalogue>,
) -> Result<Json<Resource>, Error> {
    let resource = catalogue.resource(&path.name, |scope| actor.principal.scopes.contains(scope));
    resource.map(Json).ok_or_else(Error::not_found)
}
