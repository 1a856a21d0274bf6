//! Scoring runs.

use actix_web::{get, post, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::{DEFAULT_HORIZON_DAYS, RunSummary, ScoringRun};
use super::super::service;
use platform::db::Db;
use platform::http::permission::{ChurnRead, Permission, ScoringWrite};
use platform::http::{Accepted, Actor, Json, Listing, NoFilter, PageOf, Paging, Path};
use platform::kernel::error::Error;
use platform::kernel::ids::{ChurnModelId, JobId, ScoringRunId};

/// A scoring run to be started. (c1)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"horizon_days": 90}))]
pub struct StartScoringRun {
    /// End of this trading day, today at the latest; the last complete day when absent.
    #[serde(default)]
    as_of: Option<NaiveDate>,
    /// Days over which silence is forecast, 1 to 730; 90 when absent.
    #[schema(minimum = 1, maximum = 730)]
    #[serde(default)]
    horizon_days: Option<u32>,
}

/// A scoring run taken up. (c1)
#[derive(Serialize, ToSchema)]
pub struct ScoringRunAccepted {
    /// The job that does it.
    job_id: JobId,
}

/// A run that fitted a model and scored the book. (c1)
#[derive(Serialize, ToSchema)]
pub struct ScoringRunView {
    /// Id.
    scoring_run_id: ScoringRunId,
    /// The job that did it.
    job_id: JobId,
    /// End of this trading day.
    as_of: NaiveDate,
    /// Days over which silence was forecast.
    #[schema(example = 90)]
    horizon_days: u32,
    /// The model used.
    churn_model_id: ChurnModelId,
    /// What came out.
    summary: RunSummary,
    /// When it was done.
    created_at: DateTime<Utc>,
}

impl From<ScoringRun> for ScoringRunView {
    fn from(run: ScoringRun) -> Self {
        Self {
            scoring_run_id: run.scoring_run_id,
            job_id: run.job_id,
            as_of: run.as_of,
            horizon_days: run.horizon_days,
            churn_model_id: run.churn_model_id,
            summary: run.summary,
            created_at: run.created_at,
        }
    }
}

/// One page of scoring runs. (c1)
#[derive(Serialize, ToSchema)]
pub struct ScoringRunList {
    /// The page.
    items: Vec<ScoringRunView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Path of a scoring run.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ScoringRunPath {
    /// The run.
    scoring_run_id: ScoringRunId,
}

/// Start a scoring run
///
/// A job fits the model on the book as of the day, scores every client, and opens, raises, clears and expires alerts.
/// The same run again changes nothing. A run of a day before the newest run's fits and evaluates, but touches no alert.
#[utoipa::path(
    tag = "churn",
    responses((status = ACCEPTED, body = ScoringRunAccepted)),
    security(("oauth2" = [ScoringWrite::SCOPE]))
)]
#[post("/v1/scoring-runs")]
pub async fn start_scoring_run(
    actor: Actor<ScoringWrite>,
    Json(body): Json<StartScoringRun>,
    db: web::Data<Db>,
) -> Result<Accepted<ScoringRunAccepted>, Error> {
    let mut uow = db.begin(&actor).await?;
    let horizon_days = body.horizon_days.unwrap_or(DEFAULT_HORIZON_DAYS);
    let job_id = service::request_run(&mut uow, body.as_of, horizon_days).await?;
    let location = format!("/v1/jobs/{job_id}");
    uow.finish(Accepted { body: ScoringRunAccepted { job_id }, location }).await
}

/// List scoring runs
///
/// Latest day first.
#[utoipa::path(
    tag = "churn",
    params(Paging),
    responses((status = OK, body = ScoringRunList)),
    security(("oauth2" = [ChurnRead::SCOPE]))
)]
#[get("/v1/scoring-runs")]
pub async fn list_scoring_runs(
    actor: Actor<ChurnRead>,
    listing: Listing<NoFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<ScoringRunList>, Error> {
    let page = service::list_runs(&mut db.read(&actor).await?, &listing.page()?).await?;
    listing.answer(page.map(ScoringRunView::from), |items, next_cursor| ScoringRunList { items, next_cursor })
}

/// Get a scoring run
#[utoipa::path(
    tag = "churn",
    params(ScoringRunPath),
    responses((status = OK, body = ScoringRunView)),
    security(("oauth2" = [ChurnRead::SCOPE]))
)]
#[get("/v1/scoring-runs/{scoring_run_id}")]
pub async fn get_scoring_run(
    actor: Actor<ChurnRead>,
    Path(path): Path<ScoringRunPath>,
    db: web::Data<Db>,
) -> Result<Json<ScoringRunView>, Error> {
    Ok(Json(service::run(&mut db.read(&actor).await?, path.scoring_run_id).await?.into()))
}
