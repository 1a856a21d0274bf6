//! The risk of one client.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::model::{ChurnRisk, ChurnStatistics, DEFAULT_HORIZON_DAYS};
use super::super::service;
use super::models::ModelRef;
use platform::db::Db;
use platform::http::permission::{ChurnRead, Permission};
use platform::http::{Actor, ClientPath, Json, Language, Path, Query, ReasonView};
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::money::Total;

/// How likely a client is to fall silent. (c2)
#[derive(Serialize, ToSchema)]
pub struct ChurnRiskView {
    /// Whose it is. (c1)
    client_id: ClientId,
    /// End of this trading day. (c1)
    as_of: NaiveDate,
    /// Days over which silence is forecast. (c1)
    #[schema(example = 90)]
    horizon_days: u32,
    /// Probability of no trade within the horizon, no nearer to 0 and 1 than the data can support; null where `code`
    /// says why.
    #[schema(example = 0.41)]
    p_silent: Option<f64>,
    /// With 90 %, this client's own probability is at least that; null from a model that does not say.
    #[schema(example = 0.28)]
    p_silent_low: Option<f64>,
    /// With 90 %, this client's own probability is at most that; null from a model that does not say.
    #[schema(example = 0.57)]
    p_silent_high: Option<f64>,
    /// Probability that the client has not left yet; null from a model that knows of no leaving. It ranks worse than
    /// `p_silent`: use that one to decide.
    #[schema(example = 0.83)]
    p_alive: Option<f64>,
    /// Active days expected within the horizon.
    #[schema(example = 3.2)]
    expected_active_days: Option<f64>,
    /// The newest usable model that saw nothing after `as_of`. (c1)
    model: Option<ModelRef>,
    /// Why there is no figure: `never_traded`, `no_model`, or what kept the book from determining a model. (c1)
    #[schema(example = "no_model")]
    code: Option<String>,
    /// The same in words, in the caller's language.
    explanation: Option<String>,
    /// What says most, in the caller's language; contributions are log-odds.
    reasons: Vec<ReasonView>,
    /// Log-odds of silence of a client of this book on the first active day, or, from a logistic regression, of its
    /// mean active client.
    #[schema(example = 0.62)]
    base_log_odds: Option<f64>,
    /// What this client's record adds to it, term by term: base and terms make ln(p / (1 − p)).
    terms: Vec<ReasonView>,
    /// What is known of the client's trading; null for a client who never traded.
    statistics: Option<ChurnStatisticsView>,
}

/// A client's trading statistics at the end of the day. (c2)
#[derive(Serialize, ToSchema)]
pub struct ChurnStatisticsView {
    /// First active day.
    first_day: NaiveDate,
    /// Last active day.
    last_day: NaiveDate,
    /// Active days.
    #[schema(example = 38)]
    active_days: u32,
    /// Days since the last one.
    #[schema(example = 47)]
    silent_days: f64,
    /// Mean days between active days; null after a single one.
    #[schema(example = 7.7)]
    own_gap_days: Option<f64>,
    /// Active days in the last 90 days.
    #[schema(example = 4)]
    active_days_90: u32,
    /// Active days in the 90 days before those.
    #[schema(example = 11)]
    active_days_prev_90: u32,
    /// Active days in the last 365 days.
    #[schema(example = 38)]
    active_days_365: u32,
    /// Turnover of the last 90 days, in the book's currency.
    turnover_90: Total,
    /// Turnover of the 90 days before those.
    turnover_prev_90: Total,
}

impl ChurnStatisticsView {
    fn new(known: &ChurnStatistics) -> Self {
        Self {
            first_day: known.first_day,
            last_day: known.last_day,
            active_days: known.x + 1,
            silent_days: known.silent_days(),
            own_gap_days: known.own_gap_days(),
            active_days_90: known.active_days_90,
            active_days_prev_90: known.active_days_prev_90,
            active_days_365: known.active_days_365,
            turnover_90: Total(known.amount_90),
            turnover_prev_90: Total(known.amount_prev_90),
        }
    }
}

impl ChurnRiskView {
    /// A risk with its words in the caller's language.
    pub fn new(risk: &ChurnRisk, language: Language) -> Self {
        let (forecast, silence) = (risk.forecast.as_ref().ok(), risk.forecast.as_ref().err());
        let explained = forecast.map(|forecast| &forecast.explanation);
        Self {
            client_id: risk.client_id,
            as_of: risk.as_of,
            horizon_days: risk.horizon_days,
            p_silent: explained.map(|explained| explained.p_silent),
            p_silent_low: forecast.and_then(|forecast| forecast.range).map(|range| range.0),
            p_silent_high: forecast.and_then(|forecast| forecast.range).map(|range| range.1),
            p_alive: forecast.and_then(|forecast| forecast.p_alive),
            expected_active_days: forecast.map(|forecast| forecast.expected_active_days),
            model: risk.model.as_ref().map(|model| ModelRef::new(model, language)),
            code: silence.map(|silence| silence.code.clone()),
            explanation: silence.map(|silence| language.of(&silence.text).to_owned()),
            reasons: ReasonView::all(&risk.reasons, language),
            base_log_odds: explained.map(|explained| explained.base),
            terms: explained.map(|explained| ReasonView::all(&explained.terms, language)).unwrap_or_default(),
            statistics: risk.statistics.as_ref().map(ChurnStatisticsView::new),
        }
    }
}

/// Over how long, as of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RiskQuery {
    /// Days over which silence is forecast, 1 to 730.
    #[param(minimum = 1, maximum = 730, default = 90)]
    #[serde(default)]
    horizon_days: Option<u32>,
    /// A trading day (its end) or an instant, of which the day counts; the present when absent or later.
    #[param(inline)]
    #[serde(default)]
    as_of: Option<AsOf>,
}

/// Get a client's churn risk
///
/// The probability of no trade within the horizon, from the client's active days up to `as_of` and the newest usable
/// model that saw nothing later, with the reasons in words. `model.kind` names the step of the ladder that serves: a
/// logistic regression on the book's own past, MBG/NBD, NBD, or each client's own rhythm. Computed on read. Without a
/// model, or for a client who never traded, the figures are null and `code` says why.
#[utoipa::path(
    tag = "churn",
    params(ClientPath, RiskQuery),
    responses((status = OK, body = ChurnRiskView)),
    security(("oauth2" = [ChurnRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/churn-risk")]
pub async fn get_churn_risk(
    actor: Actor<ChurnRead>,
    Path(path): Path<ClientPath>,
    Query(query): Query<RiskQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<ChurnRiskView>, Error> {
    let mut read = db.read(&actor).await?;
    let as_of = AsOf::asked(query.as_of, read.now(), read.calendar());
    let horizon_days = query.horizon_days.unwrap_or(DEFAULT_HORIZON_DAYS);
    let risk = service::risk(&mut read, path.client_id, as_of, horizon_days).await?;
    Ok(Json(ChurnRiskView::new(&risk, language)))
}
