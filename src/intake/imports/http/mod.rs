//! Operations of imports.

mod import;
mod rejections;
mod upload;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(import::import_file).service(rejections::list_rejections).service(rejections::download_rejections);
}
