//! Operations of mappings.

use actix_web::{delete, get, put, web};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::imports::model::{ImportMapping, ImportMappingBody, ImportMappingFilter};
use crate::imports::service::mappings as service;
use platform::db::Db;
use platform::http::permission::{ImportsWrite, Permission};
use platform::http::respond::Put;
use platform::http::{Actor, Items, Json, Listing, Lock, NoContent, PageOf, Paging, Path, Tagged};
use platform::kernel::error::Error;

/// One page of mappings.
type ImportMappingList = Items<ImportMapping>;

/// Path of a mapping.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ImportMappingPath {
    /// Its name.
    #[param(pattern = "^[a-z0-9][a-z0-9_.-]{0,63}$", example = "counter-trades")]
    mapping_name: String,
}

/// List the import mappings
///
/// By name.
#[utoipa::path(
    tag = "imports",
    params(ImportMappingFilter, Paging),
    responses((status = OK, body = ImportMappingList)),
    security(("oauth2" = [ImportsWrite::SCOPE]))
)]
#[get("/v1/import-mappings")]
pub async fn list_import_mappings(
    actor: Actor<ImportsWrite>,
    listing: Listing<ImportMappingFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<ImportMappingList>, Error> {
    let mut read = db.read(&actor).await?;
    listing.items(service::list(&mut read, &listing.filter, &listing.page()?).await?)
}

/// Get an import mapping
#[utoipa::path(
    tag = "imports",
    params(ImportMappingPath),
    responses((status = OK, body = ImportMapping)),
    security(("oauth2" = [ImportsWrite::SCOPE]))
)]
#[get("/v1/import-mappings/{mapping_name}")]
pub async fn get_import_mapping(
    actor: Actor<ImportsWrite>,
    Path(path): Path<ImportMappingPath>,
    db: web::Data<Db>,
) -> Result<Tagged<ImportMapping>, Error> {
    let found = service::get(&mut db.read(&actor).await?, &path.mapping_name).await?;
    Ok(Tagged { version: found.row_version, body: found })
}

/// Create or replace an import mapping
///
/// Made or replaced as a whole. `POST /v1/imports?mapping={name}` then reads files by it; what the import says itself
/// goes first, field by field. A dry run shows what a mapping makes of a file.
#[utoipa::path(
    tag = "imports",
    params(ImportMappingPath, Lock),
    responses((status = OK, body = ImportMapping), (status = CREATED, body = ImportMapping)),
    security(("oauth2" = [ImportsWrite::SCOPE]))
)]
#[put("/v1/import-mappings/{mapping_name}")]
pub async fn put_import_mapping(
    actor: Actor<ImportsWrite>,
    Path(path): Path<ImportMappingPath>,
    lock: Lock,
    Json(body): Json<ImportMappingBody>,
    db: web::Data<Db>,
) -> Result<Put<ImportMapping>, Error> {
    let mut uow = db.begin(&actor).await?;
    let (saved, created) = service::put(&mut uow, &path.mapping_name, body, lock).await?;
    let location = format!("/v1/import-mappings/{}", path.mapping_name);
    uow.finish(Put { version: saved.row_version, body: saved, created, location }).await
}

/// Delete an import mapping
///
/// Imports under way keep what it said.
#[utoipa::path(
    tag = "imports",
    params(ImportMappingPath, Lock),
    responses((status = NO_CONTENT)),
    security(("oauth2" = [ImportsWrite::SCOPE]))
)]
#[delete("/v1/import-mappings/{mapping_name}")]
pub async fn delete_import_mapping(
    actor: Actor<ImportsWrite>,
    Path(path): Path<ImportMappingPath>,
    lock: Lock,
    db: web::Data<Db>,
) -> Result<NoContent, Error> {
    let mut uow = db.begin(&actor).await?;
    service::delete(&mut uow, &path.mapping_name, lock).await?;
    uow.finish(NoContent).await
}
