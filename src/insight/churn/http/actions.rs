//! What people do with an alert.

use actix_web::{post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::super::faults;
use super::super::model::{LossReason, Outcome};
use super::super::service::{self, Resolution};
use super::alerts::ChurnAlertPath;
use super::view::{ChurnAlertView, tagged};
use platform::db::Db;
use platform::http::permission::{ChurnWrite, Permission};
use platform::http::{Actor, Json, Language, Path, Tagged};
use platform::kernel::error::Error;
use platform::kernel::lock::Lock;

/// What became of the client; of a lost one, also why. (c2)
#[derive(Clone, Copy, Deserialize, ToSchema, Validate)]
#[validate(schema(function = only_the_lost_have_a_reason))]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"outcome": "lost", "loss_reason": "fees"}))]
pub struct ResolveChurnAlert {
    /// What became of the client.
    outcome: Outcome,
    /// Why, as far as anybody knows: of a lost client, and of no other.
    #[serde(default)]
    loss_reason: Option<LossReason>,
}

fn only_the_lost_have_a_reason(body: &ResolveChurnAlert) -> Result<(), ValidationError> {
    match (body.outcome, body.loss_reason) {
        (Outcome::Lost, None) => faults::NO_LOSS_REASON.unless_at(false, &["loss_reason"]),
        (Outcome::Retained | Outcome::FalseAlarm, Some(_)) => faults::NOT_LOST.unless_at(false, &["loss_reason"]),
        _ => Ok(()),
    }
}

/// Acknowledge a churn alert
///
/// From open. From then on the client's advisor is in charge; of a client without one, whoever acknowledged.
#[utoipa::path(
    tag = "churn",
    params(ChurnAlertPath, Lock),
    responses((status = OK, body = ChurnAlertView)),
    security(("oauth2" = [ChurnWrite::SCOPE]))
)]
#[post("/v1/clients/{client_id}/churn-alerts/{churn_alert_id}/acknowledge")]
pub async fn acknowledge_churn_alert(
    actor: Actor<ChurnWrite>,
    Path(path): Path<ChurnAlertPath>,
    lock: Lock,
    language: Language,
    db: web::Data<Db>,
) -> Result<Tagged<ChurnAlertView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let alert = service::acknowledge(&mut uow, path.client_id, path.churn_alert_id, &lock).await?;
    uow.finish(tagged(alert, &actor, language)).await
}

/// Start work on a churn alert
///
/// From acknowledged.
#[utoipa::path(
    tag = "churn",
    params(ChurnAlertPath, Lock),
    responses((status = OK, body = ChurnAlertView)),
    security(("oauth2" = [ChurnWrite::SCOPE]))
)]
#[post("/v1/clients/{client_id}/churn-alerts/{churn_alert_id}/start")]
pub async fn start_churn_alert(
    actor: Actor<ChurnWrite>,
    Path(path): Path<ChurnAlertPath>,
    lock: Lock,
    language: Language,
    db: web::Data<Db>,
) -> Result<Tagged<ChurnAlertView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let alert = service::start(&mut uow, path.client_id, path.churn_alert_id, &lock).await?;
    uow.finish(tagged(alert, &actor, language)).await
}

/// Resolve a churn alert
///
/// From in progress, with what became of the client.
#[utoipa::path(
    tag = "churn",
    params(ChurnAlertPath, Lock),
    responses((status = OK, body = ChurnAlertView)),
    security(("oauth2" = [ChurnWrite::SCOPE]))
)]
#[post("/v1/clients/{client_id}/churn-alerts/{churn_alert_id}/resolve")]
pub async fn resolve_churn_alert(
    actor: Actor<ChurnWrite>,
    Path(path): Path<ChurnAlertPath>,
    lock: Lock,
    language: Language,
    Json(body): Json<ResolveChurnAlert>,
    db: web::Data<Db>,
) -> Result<Tagged<ChurnAlertView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let resolution = Resolution { outcome: body.outcome, loss_reason: body.loss_reason };
    let alert = service::resolve(&mut uow, path.client_id, path.churn_alert_id, &lock, resolution).await?;
    uow.finish(tagged(alert, &actor, language)).await
}
