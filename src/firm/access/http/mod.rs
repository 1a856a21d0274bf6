//! Operations of access.

mod auth;
mod branches;
mod me;
mod staff;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(auth::issue_token)
        .service(auth::revoke_token)
        .service(me::get_me)
        .service(me::list_my_permissions)
        .service(staff::create_staff)
        .service(staff::list_staff)
        .service(staff::get_staff)
        .service(staff::change_staff)
        .service(branches::create_branch)
        .service(branches::list_branches)
        .service(branches::get_branch)
        .service(branches::change_branch);
}
