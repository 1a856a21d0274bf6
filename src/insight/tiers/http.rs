//! Operations of tiers: policies, and a client's tier with its history.

mod policies;
mod views;

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use self::policies::{TierPolicyList, TierPolicyView};
use self::views::ClientTierView;
pub use self::views::CurrentTierView;
use super::{service, store};
use platform::db::Db;
use platform::http::permission::{Permission, TiersRead};
use platform::http::{Actor, Json, Language, Listing, PageOf, Paging, Path, Query};
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_tier_policies).service(get_client_tier);
}

/// No filters.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TierPolicyQuery {}

/// Path of a client's tier.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TierPath {
    /// The client.
    client_id: ClientId,
}

/// As of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TierQuery {
    /// The end of a trading day, or an instant; now when absent.
    #[param(inline)]
    #[serde(default)]
    as_of: Option<AsOf>,
}

/// List tier policies
///
/// Newest first; the active one decides.
#[utoipa::path(tag = "tiers", params(TierPolicyQuery, Paging), responses((status = OK, body = TierPolicyList)), security(("oauth2" = [TiersRead::SCOPE])))]
#[get("/v1/tier-policies")]
pub async fn list_tier_policies(
    _: Actor<TiersRead>,
    listing: Listing<TierPolicyQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<TierPolicyList>, Error> {
    let page = store::list_policies(&mut *db.connection().await?, &listing.page()?).await?;
    listing.answer(page.map(TierPolicyView::from), TierPolicyList::new)
}

/// Read a client's tier
///
/// The assignment that holds, or held, with what speaks for it at the end of that day and the decision that began it; and
/// those before it. A decision is made when trades or balances come in, and with every scoring run over the present: until
/// then the reasons of the day may already speak for another service level or standing.
#[utoipa::path(tag = "tiers", params(TierPath, TierQuery), responses((status = OK, body = ClientTierView)), security(("oauth2" = [TiersRead::SCOPE])))]
#[get("/v1/clients/{client_id}/tier")]
pub async fn get_client_tier(
    actor: Actor<TiersRead>,
    Path(path): Path<TierPath>,
    Query(query): Query<TierQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<ClientTierView>, Error> {
    let before = query.as_of.map_or(DateTime::<Utc>::MAX_UTC, |as_of| as_of.before(db.calendar()));
    let day = AsOf::asked(query.as_of, db.now(), db.calendar()).day(db.calendar());
    let (current, periods) = service::history(&mut db.read(&actor).await?, path.client_id, before, day).await?;
    Ok(Json(ClientTierView::new(path.client_id, current, periods, language)))
}
