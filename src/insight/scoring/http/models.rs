//! Fitted models.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::{ChurnModel, ModelInUse};
use super::super::service;
use platform::db::Db;
use platform::http::permission::{ChurnRead, Permission};
use platform::http::{Actor, Listing, NoFilter, PageOf, Paging};
use platform::kernel::error::Error;
use platform::kernel::ids::ChurnModelId;

/// The model behind a figure. (c1)
#[derive(Serialize, ToSchema)]
pub struct ModelRef {
    /// The model.
    churn_model_id: ChurnModelId,
    /// Its version.
    #[schema(example = 12)]
    version: i32,
    /// The last trading day it saw.
    cutoff: NaiveDate,
}

impl ModelRef {
    /// Names a model.
    pub fn new(model: &ModelInUse) -> Self {
        Self { churn_model_id: model.churn_model_id, version: model.version, cutoff: model.cutoff }
    }
}

/// A fitted model (MBG/NBD), or the attempt at one. (c1)
#[derive(Serialize, ToSchema)]
pub struct ChurnModelView {
    /// Id.
    churn_model_id: ChurnModelId,
    /// From 1, in the order of fitting.
    #[schema(example = 12)]
    version: i32,
    /// The last trading day it saw.
    cutoff: NaiveDate,
    /// Whether it can be used.
    identified: bool,
    /// Why not.
    #[schema(example = "too_few_clients")]
    code: Option<String>,
    /// Shape of the trading rates.
    #[schema(example = 0.5248)]
    r: Option<f64>,
    /// Scale of the trading rates, weeks.
    #[schema(example = 6.183)]
    alpha: Option<f64>,
    /// First shape of the chance to leave after a trade.
    #[schema(example = 0.8914)]
    a: Option<f64>,
    /// Second shape of the chance to leave.
    #[schema(example = 1.614)]
    b: Option<f64>,
    /// Clients with an active day.
    #[schema(example = 23570)]
    clients: u64,
    /// Of these, with a repeat active day.
    #[schema(example = 11682)]
    repeaters: u64,
    /// Log-likelihood of the whole book.
    #[schema(example = -9582.13)]
    log_likelihood: Option<f64>,
    /// When it was fitted.
    created_at: DateTime<Utc>,
}

impl From<ChurnModel> for ChurnModelView {
    fn from(model: ChurnModel) -> Self {
        Self {
            churn_model_id: model.churn_model_id,
            version: model.version,
            cutoff: model.cutoff,
            identified: model.parameters.is_some(),
            code: model.code,
            r: model.parameters.map(|parameters| parameters.r),
            alpha: model.parameters.map(|parameters| parameters.alpha),
            a: model.parameters.map(|parameters| parameters.a),
            b: model.parameters.map(|parameters| parameters.b),
            clients: model.clients,
            repeaters: model.repeaters,
            log_likelihood: model.log_likelihood,
            created_at: model.created_at,
        }
    }
}

/// One page of models. (c1)
#[derive(Serialize, ToSchema)]
pub struct ChurnModelList {
    /// The page.
    items: Vec<ChurnModelView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// List churn models
///
/// Newest version first, attempts that gave no model included.
#[utoipa::path(
    tag = "churn",
    params(Paging),
    responses((status = OK, body = ChurnModelList)),
    security(("oauth2" = [ChurnRead::SCOPE]))
)]
#[get("/v1/churn-models")]
pub async fn list_churn_models(
    actor: Actor<ChurnRead>,
    listing: Listing<NoFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<ChurnModelList>, Error> {
    let page = service::list_models(&mut db.read(&actor).await?, &listing.page()?).await?;
    listing.answer(page.map(ChurnModelView::from), |items, next_cursor| ChurnModelList { items, next_cursor })
}
