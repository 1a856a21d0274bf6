//! Operations of clients.

mod actions;
mod bodies;
mod fund_accounts;
mod query;
mod resource;
mod views;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource::create_client)
        .service(resource::list_clients)
        .service(resource::put_client_by_number)
        .service(resource::get_client)
        .service(resource::change_client)
        .service(actions::close_client)
        .service(actions::reveal_client)
        .service(fund_accounts::create_fund_account)
        .service(fund_accounts::list_fund_accounts)
        .service(fund_accounts::get_fund_account)
        .service(fund_accounts::change_fund_account);
}
