//! Operations of alerts.

mod actions;
mod alerts;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;
pub use view::ChurnAlertView;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(alerts::list_churn_alerts)
        .service(alerts::list_client_churn_alerts)
        .service(alerts::get_churn_alert)
        .service(actions::acknowledge_churn_alert)
        .service(actions::start_churn_alert)
        .service(actions::resolve_churn_alert);
}
