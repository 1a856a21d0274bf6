//! What people do with an alert, step by step.

use actix_web::{post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::model::{LossReason, Outcome};
use super::super::service::{self, Deed};
use super::alerts::{ChurnAlertPath, ChurnAlertView};
use crate::platform::db::Db;
use crate::platform::http::permission::{ChurnWrite, Permission};
use crate::platform::http::{Actor, IfMatch, Input, Json, Language, Path, Tagged};
use crate::platform::kernel::error::Error;

/// What became of the client; of a lost one, also why.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"outcome": "lost", "loss_reason": "fees"}))]
pub enum ResolveChurnAlert {
    /// The client left.
    Lost(LostClient),
    /// The client did not.
    Stayed(StayedClient),
}

/// A client who left.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LostClient {
    /// Always `lost`.
    #[expect(dead_code, reason = "its type is what it says")]
    outcome: LostOutcome,
    /// Why, as far as anybody knows.
    loss_reason: LossReason,
}

/// The outcome of a client who left.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LostOutcome {
    /// Left.
    Lost,
}

/// A client who did not leave.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StayedClient {
    /// What became of the client.
    outcome: StayedOutcome,
}

/// The outcome of a client who did not leave.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StayedOutcome {
    /// Stayed.
    Retained,
    /// Was never leaving.
    FalseAlarm,
}

impl Input for ResolveChurnAlert {}

impl From<ResolveChurnAlert> for Deed {
    fn from(body: ResolveChurnAlert) -> Self {
        match body {
            ResolveChurnAlert::Lost(lost) => Self::Resolve(Outcome::Lost, Some(lost.loss_reason)),
            ResolveChurnAlert::Stayed(StayedClient { outcome: StayedOutcome::Retained }) => {
                Self::Resolve(Outcome::Retained, None)
            }
            ResolveChurnAlert::Stayed(StayedClient { outcome: StayedOutcome::FalseAlarm }) => {
                Self::Resolve(Outcome::FalseAlarm, None)
            }
        }
    }
}

/// Acknowledge a churn alert
///
/// From open. From then on the client's advisor is in charge; of a client without one, whoever acknowledged.
#[utoipa::path(tag = "churn", params(ChurnAlertPath, IfMatch), responses((status = OK, body = ChurnAlertView)), security(("oauth2" = [ChurnWrite::SCOPE])))]
#[post("/v1/clients/{client_id}/churn-alerts/{churn_alert_id}/acknowledge")]
pub async fn acknowledge_churn_alert(
    actor: Actor<ChurnWrite>,
    Path(path): Path<ChurnAlertPath>,
    if_match: IfMatch,
    language: Language,
    db: web::Data<Db>,
) -> Result<Tagged<ChurnAlertView>, Error> {
    act(&actor, path, Deed::Acknowledge, if_match, language, &db).await
}

/// Start work on a churn alert
///
/// From acknowledged.
#[utoipa::path(tag = "churn", params(ChurnAlertPath, IfMatch), responses((status = OK, body = ChurnAlertView)), security(("oauth2" = [ChurnWrite::SCOPE])))]
#[post("/v1/clients/{client_id}/churn-alerts/{churn_alert_id}/start")]
pub async fn start_churn_alert(
    actor: Actor<ChurnWrite>,
    Path(path): Path<ChurnAlertPath>,
    if_match: IfMatch,
    language: Language,
    db: web::Data<Db>,
) -> Result<Tagged<ChurnAlertView>, Error> {
    act(&actor, path, Deed::Start, if_match, language, &db).await
}

/// Resolve a churn alert
///
/// From in progress, with what became of the client.
#[utoipa::path(tag = "churn", params(ChurnAlertPath, IfMatch), responses((status = OK, body = ChurnAlertView)), security(("oauth2" = [ChurnWrite::SCOPE])))]
#[post("/v1/clients/{client_id}/churn-alerts/{churn_alert_id}/resolve")]
pub async fn resolve_churn_alert(
    actor: Actor<ChurnWrite>,
    Path(path): Path<ChurnAlertPath>,
    if_match: IfMatch,
    language: Language,
    Json(body): Json<ResolveChurnAlert>,
    db: web::Data<Db>,
) -> Result<Tagged<ChurnAlertView>, Error> {
    act(&actor, path, body.into(), if_match, language, &db).await
}

async fn act(
    actor: &Actor<ChurnWrite>,
    path: ChurnAlertPath,
    deed: Deed,
    IfMatch(expected): IfMatch,
    language: Language,
    db: &Db,
) -> Result<Tagged<ChurnAlertView>, Error> {
    let mut uow = db.begin(actor).await?;
    let alert = service::act(&mut uow, path.client_id, path.churn_alert_id, deed, expected).await?;
    let version = alert.row_version;
    uow.finish(Tagged { version, body: ChurnAlertView::new(alert, language) }).await
}
