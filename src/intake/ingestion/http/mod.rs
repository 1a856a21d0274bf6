//! Operations of ingestion.

mod balances;
mod batch;
mod trades;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(trades::ingest_trade_batch).service(balances::ingest_balance_batch);
}
