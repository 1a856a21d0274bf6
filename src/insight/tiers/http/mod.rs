//! Operations of tiers: policies, and a client's tier with its history.

mod policies;
mod views;

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use self::policies::{TierPolicyList, TierPolicyView};
use self::views::ClientTierView;
pub use self::views::CurrentTierView;
use super::service;
use platform::db::Db;
use platform::http::permission::{Permission, TiersRead};
use platform::http::{Actor, ClientPath, Json, Language, Listing, NoFilter, PageOf, Paging, Path, Query};
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_tier_policies).service(get_client_tier);
}

/// As of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TierQuery {
    /// A trading day (its end) or an instant, of which the day counts; the present when absent or later.
    #[param(inline)]
    #[serde(default)]
    as_of: Option<AsOf>,
}

/// List tier policies
///
/// Newest first; the active one decides.
#[utoipa::path(
    tag = "tiers",
    params(Paging),
    responses((status = OK, body = TierPolicyList)),
    security(("oauth2" = [TiersRead::SCOPE]))
)]
#[get("/v1/tier-policies")]
pub async fn list_tier_policies(
    actor: Actor<TiersRead>,
    listing: Listing<NoFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<TierPolicyList>, Error> {
    let page = service::policies(&mut db.read(&actor).await?, &listing.page()?).await?;
    listing.answer(page.map(TierPolicyView::from), TierPolicyList::new)
}

/// Get a client's tier
///
/// The period that holds, or held at the end of the day asked for, with what speaks for it then and the decision that
/// began it; and the periods before it. Periods are days of the business and follow from balances and trades alone, in
/// whatever order those came in: one that comes late changes the periods from its day on. `recorded_at` says since when
/// the record says so.
#[utoipa::path(
    tag = "tiers",
    params(ClientPath, TierQuery),
    responses((status = OK, body = ClientTierView)),
    security(("oauth2" = [TiersRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/tier")]
pub async fn get_client_tier(
    actor: Actor<TiersRead>,
    Path(path): Path<ClientPath>,
    Query(query): Query<TierQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<ClientTierView>, Error> {
    let mut read = db.read(&actor).await?;
    let day = AsOf::asked(query.as_of, read.now(), read.calendar()).day(read.calendar());
    let (current, periods) = service::history(&mut read, path.client_id, day).await?;
    Ok(Json(ClientTierView::new(path.client_id, current, periods, language)))
}
