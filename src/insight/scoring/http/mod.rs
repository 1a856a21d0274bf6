//! Operations of scoring.

mod models;
mod risk;
mod runs;

pub use risk::ChurnRiskView;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(risk::get_churn_risk)
        .service(runs::start_scoring_run)
        .service(runs::list_scoring_runs)
        .service(runs::get_scoring_run)
        .service(models::list_churn_models);
}
