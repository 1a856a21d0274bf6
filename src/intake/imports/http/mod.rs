//! Operations of imports.

mod import;
mod mappings;
mod rejections;
mod upload;
mod words;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(words::get_import_words)
        .service(mappings::list_import_mappings)
        .service(mappings::get_import_mapping)
        .service(mappings::put_import_mapping)
        .service(mappings::delete_import_mapping)
        .service(import::import_file)
        .service(rejections::list_rejections)
        .service(rejections::download_rejections);
}
