//! Alerts: list and read.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::model::{AlertFilter, AlertKey, AlertOrder, AlertStatus, ClientAlert, LossReason, Outcome, Severity};
use super::super::service;
use platform::db::Db;
use platform::http::permission::{ChurnRead, Permission};
use platform::http::{Actor, Counting, Language, Listing, PageOf, Paging, Path, ReasonView, Tagged};
use platform::kernel::error::Error;
use platform::kernel::ids::{ChurnAlertId, ChurnModelId, ClientId, ScoringRunId, StaffId};
use platform::kernel::lifecycle::{self, AllowedAction};
use platform::kernel::money::Total;
use platform::kernel::page::Page;
use platform::kernel::principal::Caller;

/// A warning that a client may fall silent. (c2)
#[derive(Serialize, ToSchema)]
pub struct ChurnAlertView {
    /// Id. (c1)
    churn_alert_id: ChurnAlertId,
    /// Whose. (c1)
    client_id: ClientId,
    /// The client's number.
    #[schema(example = "80012345")]
    client_no: String,
    /// The client's name.
    #[schema(example = "张伟")]
    client_name: String,
    /// Its state. (c1)
    status: AlertStatus,
    /// How urgent.
    severity: Severity,
    /// The day the forecast was made for. (c1)
    as_of: NaiveDate,
    /// Days over which silence is forecast. (c1)
    #[schema(example = 90)]
    horizon_days: u32,
    /// Probability of no trade within the horizon.
    #[schema(example = 0.63)]
    p_silent: f64,
    /// Probability times expected net revenue of 12 months, in the book's currency.
    value_at_risk: Total,
    /// Why, what decided first, in the caller's language.
    reasons: Vec<ReasonView>,
    /// The advisor in charge. (c1)
    advisor_id: Option<StaffId>,
    /// The last day to act. (c1)
    due_on: NaiveDate,
    /// When it was opened. (c1)
    opened_at: DateTime<Utc>,
    /// When somebody took note. (c1)
    acknowledged_at: Option<DateTime<Utc>>,
    /// When work began. (c1)
    started_at: Option<DateTime<Utc>>,
    /// When it ended. (c1)
    closed_at: Option<DateTime<Utc>>,
    /// What became of the client.
    outcome: Option<Outcome>,
    /// Why the client was lost.
    loss_reason: Option<LossReason>,
    /// The run that opened it, or raised it last. (c1)
    scoring_run_id: ScoringRunId,
    /// The model behind it. (c1)
    churn_model_id: ChurnModelId,
    /// What can be done next, and what keeps this caller from it.
    allowed_actions: Vec<AllowedAction>,
}

impl ChurnAlertView {
    /// An alert with its reasons in the caller's language and what the caller may do.
    pub fn new(found: ClientAlert, caller: &Caller, language: Language) -> Self {
        let ClientAlert { alert, client_no, client_name } = found;
        Self {
            churn_alert_id: alert.churn_alert_id,
            client_id: alert.client_id,
            client_no,
            client_name,
            status: alert.status,
            severity: alert.severity,
            as_of: alert.as_of,
            horizon_days: alert.horizon_days,
            p_silent: alert.p_silent,
            value_at_risk: Total(alert.value_at_risk),
            reasons: ReasonView::all(&alert.reasons, language),
            advisor_id: alert.advisor_id,
            due_on: alert.due_on,
            opened_at: alert.opened_at,
            acknowledged_at: alert.acknowledged_at,
            started_at: alert.started_at,
            closed_at: alert.closed_at,
            outcome: alert.outcome,
            loss_reason: alert.loss_reason,
            scoring_run_id: alert.scoring_run_id,
            churn_model_id: alert.churn_model_id,
            allowed_actions: lifecycle::allowed(alert.status, &caller.principal),
        }
    }
}

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

/// Path of a client's alerts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ChurnAlertsPath {
    /// The client.
    client_id: ClientId,
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
    params(ChurnAlertsPath, ClientChurnAlertQuery, Paging, Counting),
    responses((status = OK, body = ChurnAlertList)),
    security(("oauth2" = [ChurnRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/churn-alerts")]
pub async fn list_client_churn_alerts(
    actor: Actor<ChurnRead>,
    Path(path): Path<ChurnAlertsPath>,
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

/// An alert with its version as the entity tag.
pub fn tagged(alert: ClientAlert, caller: &Caller, language: Language) -> Tagged<ChurnAlertView> {
    Tagged { version: alert.alert.row_version, body: ChurnAlertView::new(alert, caller, language) }
}
