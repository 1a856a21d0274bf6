//! The overview of a client.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, Overview};
use book::accounts::FundAccountView;
use book::clients::ClientView;
use contact::interactions::Interaction;
use insight::churn::ChurnAlertView;
use insight::needs::TradingProfileView;
use insight::scoring::ChurnRiskView;
use insight::tiers::CurrentTierView;
use insight::value::ValueScoreView;
use platform::db::Db;
use platform::http::permission::{OverviewRead, Permission};
use platform::http::{Actor, ClientPath, Json, Language, Path};
use platform::kernel::error::Error;
use platform::kernel::principal::Caller;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_overview);
}

/// Everything about one client. (c2)
#[derive(Serialize, ToSchema)]
pub struct OverviewView {
    /// As of this instant. (c1)
    as_of: DateTime<Utc>,
    /// The profile, identifiers masked.
    client: ClientView,
    /// Fund accounts.
    fund_accounts: Vec<FundAccountView>,
    /// What the client does, over a year.
    trading_profile: TradingProfileView,
    /// The current tier and why; null before the first trade or balance.
    tier: Option<CurrentTierView>,
    /// What the client is worth, part by part.
    value_score: ValueScoreView,
    /// How likely the client is to fall silent within 90 days.
    churn_risk: ChurnRiskView,
    /// The alert somebody works on, or should; null when there is none.
    churn_alert: Option<ChurnAlertView>,
    /// The five latest contacts.
    interactions: Vec<Interaction>,
}

impl OverviewView {
    fn new(found: Overview, caller: &Caller, as_of: DateTime<Utc>, language: Language) -> Self {
        let status = found.client.lifespan.status;
        let account = |account| FundAccountView::new(account, status, &caller.principal);
        Self {
            as_of,
            client: ClientView::new(found.client, &caller.principal),
            fund_accounts: found.fund_accounts.into_iter().map(account).collect(),
            trading_profile: TradingProfileView::new(found.trading_profile, language),
            tier: found.tier.map(|tier| CurrentTierView::new(tier, language)),
            value_score: ValueScoreView::new(found.value_score, language),
            churn_risk: ChurnRiskView::new(&found.churn_risk, language),
            churn_alert: found.churn_alert.map(|alert| ChurnAlertView::new(alert, caller, language)),
            interactions: found.interactions,
        }
    }
}

/// Get the overview of a client
///
/// Profile, fund accounts, trading profile of a year, tier, value, churn risk, the alert at hand and the latest contacts,
/// in one answer.
#[utoipa::path(
    tag = "overview",
    params(ClientPath),
    responses((status = OK, body = OverviewView)),
    security(("oauth2" = [OverviewRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/overview")]
pub async fn get_overview(
    actor: Actor<OverviewRead>,
    Path(path): Path<ClientPath>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<OverviewView>, Error> {
    let mut read = db.read(&actor).await?;
    let found = service::overview(&mut read, path.client_id).await?;
    Ok(Json(OverviewView::new(found, &actor, read.now(), language)))
}
