//! Alerts: list and read.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::model::{AlertFilter, AlertKey, AlertOrder, AlertStatus, ClientAlert, Severity};
use super::super::service;
use super::view::{ChurnAlertView, tagged};
use platform::db::Db;
use platform::http::permission::{ChurnRead, Permission};
use platform::http::{Actor, ClientPath, Counting, Language, Listing, PageOf, Paging, Path, Tagged};
use platform::kernel::error::Error;
use platform::kernel::ids::{ChurnAlertId, ClientId, StaffId};
use platform::kernel::page::Page;
use platform::kernel::principal::Caller;

/// One page of alerts. (c1)
#[derive(Serialize, ToSchema)]
pub struct ChurnAlertList {
    /// The page.
    items: Vec<ChurnAlertView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
    /// All alerts of the filter; with `include=total`.
    #[schema(example = 412)]
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<i64>,
}

/// Which alerts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChurnAlertQuery {
    /// In this state; repeat for any of several.
    #[param(inline, explode = true)]
    #[serde(default)]
    status: Vec<AlertStatus>,
    /// This urgent; repeat for any of several.
    #[param(inline, explode = true)]
    #[serde(default)]
    severity: Vec<Severity>,
    /// With this advisor in charge.
    #[serde(default)]
    advisor_id: Option<StaffId>,
    /// The order; `-opened_at` when absent.
    #[param(inline)]
    #[serde(default)]
    sort: Option<AlertOrder>,
}

/// Which alerts of a client.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClientChurnAlertQuery {
    /// In this state; repeat for any of several.
    #[param(inline, explode = true)]
    #[serde(default)]
    status: Vec<AlertStatus>,
}

/// Path of an alert.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ChurnAlertPath {
    /// The client.
    pub client_id: ClientId,
    /// The alert.
    pub churn_alert_id: ChurnAlertId,
}

/// List churn alerts
///
/// Of clients in scope, newest first unless `sort` says otherwise.
#[utoipa::path(
    tag = "churn",
    params(ChurnAlertQuery, Paging, Counting),
    responses((status = OK, body = ChurnAlertList)),
    security(("oauth2" = [ChurnRead::SCOPE]))
)]
#[get("/v1/churn-alerts")]
pub async fn list_churn_alerts(
    actor: Actor<ChurnRead>,
    listing: Listing<ChurnAlertQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<PageOf<ChurnAlertList>, Error> {
    let ChurnAlertQuery { status, severity, advisor_id, sort } = &listing.filter;
    let filter =
        AlertFilter { status: status.clone(), severity: severity.clone(), advisor_id: *advisor_id, client_id: None };
    let (order, page, wanted) = (sort.unwrap_or_default(), listing.page()?, listing.wants_total());
    let (page, total) = service::list(&mut db.read(&actor).await?, &filter, order, &page, wanted).await?;
    answer(&listing, page, total, &actor, language)
}

/// List a client's churn alerts
///
/// Newest first.
#[utoipa::path(
    tag = "churn",
    params(ClientPath, ClientChurnAlertQuery, Paging, Counting),
    responses((status = OK, body = ChurnAlertList)),
    security(("oauth2" = [ChurnRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/churn-alerts")]
pub async fn list_client_churn_alerts(
    actor: Actor<ChurnRead>,
    Path(path): Path<ClientPath>,
    listing: Listing<ClientChurnAlertQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<PageOf<ChurnAlertList>, Error> {
    let client_id = Some(path.client_id);
    let filter = AlertFilter { status: listing.filter.status.clone(), client_id, ..AlertFilter::default() };
    let (order, page, wanted) = (AlertOrder::default(), listing.page()?, listing.wants_total());
    let (page, total) = service::list(&mut db.read(&actor).await?, &filter, order, &page, wanted).await?;
    answer(&listing, page, total, &actor, language)
}

fn answer<F>(
    listing: &Listing<F>,
    page: Page<ClientAlert, AlertKey>,
    total: Option<i64>,
    caller: &Caller,
    language: Language,
) -> Result<PageOf<ChurnAlertList>, Error> {
    let page = page.map(|alert| ChurnAlertView::new(alert, caller, language));
    listing.answer(page, |items, next_cursor| ChurnAlertList { items, next_cursor, total })
}

/// Get a churn alert
#[utoipa::path(
    tag = "churn",
    params(ChurnAlertPath),
    responses((status = OK, body = ChurnAlertView)),
    security(("oauth2" = [ChurnRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/churn-alerts/{churn_alert_id}")]
pub async fn get_churn_alert(
    actor: Actor<ChurnRead>,
    Path(path): Path<ChurnAlertPath>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Tagged<ChurnAlertView>, Error> {
    let alert = service::alert(&mut db.read(&actor).await?, path.client_id, path.churn_alert_id).await?;
    Ok(tagged(alert, &actor, language))
}
