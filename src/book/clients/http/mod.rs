//! Operations of clients.

mod actions;
mod assignments;
mod bodies;
mod query;
mod resource;
mod views;

use actix_web::web::Data;
use serde_json::Value;
use utoipa_actix_web::service_config::ServiceConfig;

pub use assignments::preview_reassignment;
pub use views::ClientView;

use super::model::NewClient;
use super::service::Readers;
use platform::http::extract;
use platform::kernel::error::Error;

/// A client as `POST /v1/clients` takes it, checked as there: for whoever brings clients another way.
pub fn from_json(body: Value) -> Result<NewClient, Error> {
    extract::typed(body)
}

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .app_data(Data::new(Readers::default()))
        .service(resource::create_client)
        .service(resource::list_clients)
        .service(resource::put_client_by_number)
        .service(resource::get_client)
        .service(resource::change_client)
        .service(actions::close_client)
        .service(actions::reopen_client)
        .service(actions::reveal_client)
        .service(assignments::list_client_history)
        .service(assignments::cancel_scheduled_assignment);
}
