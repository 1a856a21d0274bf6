//! The value score over HTTP.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Part, PartCode, PartStatus, RevenueSource, ScoredValue};
use super::service;
use platform::db::Db;
use platform::http::permission::{Permission, ValueRead};
use platform::http::{Actor, ClientPath, Json, Language, Path, Query, ReasonView};
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::money::{Currency, Total};

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_value_score);
}

/// What a client is worth, 0 to 100, part by part. (c2)
#[derive(Serialize, ToSchema)]
pub struct ValueScoreView {
    /// Whose it is. (c1)
    client_id: ClientId,
    /// End of this trading day. (c1)
    as_of: NaiveDate,
    /// 0 to 100: the exact sum of `contribution` and `loyalty`, and of all parts.
    #[schema(example = 61.25)]
    score: f64,
    /// Points from what the client brings.
    #[schema(example = 38.5)]
    contribution: f64,
    /// Points from how the client stays.
    #[schema(example = 22.75)]
    loyalty: f64,
    /// Every part, measured or not. Adding them as 64-bit floats is exact in any order.
    parts: Vec<ValuePartView>,
    /// Share of the 100 points for which there were data. A low score with a low share says little.
    #[schema(example = 0.93)]
    measured_share: f64,
    /// Share of the book with a lower score, in per cent, by the newest scoring run; null without one.
    #[schema(example = 88.2)]
    percentile: Option<f64>,
    /// The day of that run. (c1)
    percentile_as_of: Option<NaiveDate>,
    /// The grade whose band the score is in. A policy names its own; the starting one has `A`, `B`, `C`, `D` and `E`.
    #[schema(example = "B")]
    grade: String,
    /// How clients of this grade are looked after, as the policy names it; in the starting one `dedicated`, `develop`,
    /// `maintain`, `activate` and `self_service`.
    #[schema(example = "develop")]
    strategy: String,
    /// Expected net revenue of the next 12 months, discounted; null without a churn model.
    clv_12m: Option<Total>,
    /// Net revenue of the last 12 months.
    net_revenue_12m: Option<Total>,
    /// Where that revenue comes from: booked commissions, or turnover times the policy's basis points.
    revenue_source: Option<RevenueSource>,
    /// Of every amount. (c1)
    currency: Currency,
    /// Version of the policy that scored. (c1)
    #[schema(example = 1)]
    policy_version: i32,
    /// Version of the churn model behind what is expected; null without one. (c1)
    #[schema(example = 12)]
    model_version: Option<i32>,
    /// Why this grade, what is not measured, and what earns most.
    reasons: Vec<ReasonView>,
}

/// One term of the score. (c2)
#[derive(Serialize, ToSchema)]
pub struct ValuePartView {
    /// Which. (c1)
    code: PartCode,
    /// Points earned.
    #[schema(example = 21.5)]
    points: f64,
    /// Points there are to earn. (c1)
    #[schema(example = 32.5)]
    max_points: f64,
    /// Share earned.
    #[schema(example = 0.66)]
    share: f64,
    /// Whether there were data; without, the part earns nothing. (c1)
    status: PartStatus,
    /// The raw value, in the caller's language.
    #[schema(example = "Net revenue of 12 months, from commissions: CNY 5120.00")]
    text: String,
}

impl ValueScoreView {
    /// A score with its words in the caller's language.
    pub fn new(found: ScoredValue, language: Language) -> Self {
        let ScoredValue { score, inputs, .. } = found;
        Self {
            client_id: found.client_id,
            as_of: found.as_of,
            score: score.score,
            contribution: score.contribution,
            loyalty: score.loyalty,
            parts: score.parts.iter().map(|part| ValuePartView::new(part, language)).collect(),
            measured_share: score.measured_share,
            percentile: found.percentile.map(|(percentile, _)| percentile),
            percentile_as_of: found.percentile.map(|(_, as_of)| as_of),
            grade: score.grade,
            strategy: score.strategy,
            clv_12m: score.clv_12m.map(Total),
            net_revenue_12m: inputs.net_revenue_12m.map(|revenue| Total(revenue.amount)),
            revenue_source: inputs.net_revenue_12m.map(|revenue| revenue.source),
            currency: Currency(found.currency),
            policy_version: found.policy_version,
            model_version: found.forecaster.map(|model| model.version),
            reasons: ReasonView::all(&score.reasons, language),
        }
    }
}

impl ValuePartView {
    fn new(part: &Part, language: Language) -> Self {
        Self {
            code: part.code,
            points: part.points,
            max_points: part.max_points,
            share: part.share,
            status: part.status,
            text: language.of(&part.reason).to_owned(),
        }
    }
}

/// As of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ValueQuery {
    /// A trading day (its end) or an instant, of which the day counts; the present when absent or later.
    #[param(inline)]
    #[serde(default)]
    as_of: Option<AsOf>,
}

/// Get a client's value score
///
/// 100 · (0.65 contribution + 0.35 loyalty) by the policy in force: what the client brought and is expected to bring,
/// how long, how regularly and how broadly. Each part says what it was measured at; a part without data earns nothing
/// and is named. Computed on read.
#[utoipa::path(
    tag = "value",
    params(ClientPath, ValueQuery),
    responses((status = OK, body = ValueScoreView)),
    security(("oauth2" = [ValueRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/value-score")]
pub async fn get_value_score(
    actor: Actor<ValueRead>,
    Path(path): Path<ClientPath>,
    Query(query): Query<ValueQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<ValueScoreView>, Error> {
    let mut read = db.read(&actor).await?;
    let as_of = AsOf::asked(query.as_of, read.now(), read.calendar());
    let found = service::score(&mut read, path.client_id, as_of).await?;
    Ok(Json(ValueScoreView::new(found, language)))
}
