//! Operations of the audit.

mod entries;
mod reads;
mod scope;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(entries::list_audit_entries).service(reads::list_client_reads);
}
