//! The overview of a client.

use actix_web::{get, web};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
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
use platform::http::{Actor, ClientPath, Json, Language, Path, Query};
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::principal::Caller;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_overview);
}

/// Members of which no past is kept.
const NOT_AS_OF: [&str; 3] = ["client", "fund_accounts", "churn_alert"];

/// As of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OverviewQuery {
    /// As of the end of this day, or this instant; a later one is the present.
    #[param(inline)]
    #[serde(default)]
    as_of: Option<AsOf>,
}

/// Everything about one client. (c2)
#[derive(Serialize, ToSchema)]
pub struct OverviewView {
    /// As of this instant. (c1)
    as_of: DateTime<Utc>,
    /// Members of which no past is kept, when an earlier day was asked for: `client` but for branch, advisor and
    /// tier, and
    /// `fund_accounts` (those opened by then), are as they are now; `churn_alert` is left out. (c1)
    not_as_of: Vec<&'static str>,
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
            not_as_of: Vec::new(),
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
/// Profile, fund accounts, trading profile of a year, tier, value, churn risk, the alert at hand and the latest
/// contacts, in one answer, all at one instant. With `as_of`, branch, advisor, tier, trading profile, value, churn
/// risk and contacts are those of the end of that day; `not_as_of` names what is not.
#[utoipa::path(
    tag = "overview",
    params(ClientPath, OverviewQuery),
    responses((status = OK, body = OverviewView)),
    security(("oauth2" = [OverviewRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/overview")]
pub async fn get_overview(
    actor: Actor<OverviewRead>,
    Path(path): Path<ClientPath>,
    Query(query): Query<OverviewQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<OverviewView>, Error> {
    let mut read = db.snapshot(&actor).await?;
    let (now, calendar) = (read.now(), *read.calendar());
    let earlier = query.as_of.filter(|as_of| as_of.before(&calendar) <= now);
    let Some(as_of) = earlier else {
        let found = service::overview(&mut read, path.client_id).await?;
        return Ok(Json(OverviewView::new(found, &actor, now, language)));
    };
    let found = service::overview_as_of(&mut read, path.client_id, as_of).await?;
    let instant = as_of.before(&calendar) - Duration::microseconds(1);
    let view = OverviewView::new(found, &actor, instant, language);
    Ok(Json(OverviewView { not_as_of: NOT_AS_OF.to_vec(), ..view }))
}
