//! Fitted models.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::{ChurnModel, ChurnModelKind, Comparison, ModelInUse};
use super::super::{rules, service};
use platform::db::Db;
use platform::http::permission::{ChurnRead, Permission};
use platform::http::{Actor, Language, Listing, NoFilter, PageOf, Paging};
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
    /// The step of the ladder.
    kind: ChurnModelKind,
    /// The first day, without a break until now, on which the book did not determine a model of clients who leave
    /// (MBG/NBD); null where the last fit did.
    refused_since: Option<NaiveDate>,
    /// Why not, the last time.
    #[schema(example = "dropout_not_identified")]
    refused_code: Option<String>,
    /// The same in words, in the caller's language.
    refused_text: Option<String>,
    /// A later day whose fit gave no model at all: the risk is served by an older one; null where this is the newest.
    later_attempt: Option<NaiveDate>,
}

impl ModelRef {
    /// Names a model.
    pub fn new(model: &ModelInUse, language: Language) -> Self {
        let refused = model.refused.as_ref();
        Self {
            churn_model_id: model.churn_model_id,
            version: model.version,
            cutoff: model.cutoff,
            kind: model.forecaster.step().into(),
            refused_since: refused.map(|refused| refused.since),
            refused_code: refused.map(|refused| refused.code.clone()),
            refused_text: refused.map(|refused| language.of(&rules::refused(refused)).to_owned()),
            later_attempt: model.later_attempt,
        }
    }
}

/// A fitted model, or the attempt at one. (c1)
#[derive(Serialize, ToSchema)]
pub struct ChurnModelView {
    /// Id.
    churn_model_id: ChurnModelId,
    /// From 1, in the order of fitting.
    #[schema(example = 12)]
    version: i32,
    /// The last trading day it saw.
    cutoff: NaiveDate,
    /// The step of the ladder that serves; null where none does.
    kind: Option<ChurnModelKind>,
    /// Whether the book determines MBG/NBD, a model of clients who leave.
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
    /// What the book's own past could teach, beside the model that needs no labels.
    comparison: Option<Comparison>,
    /// Why nothing learned from the book's own past serves: `book_too_short`, `too_few_clients`, `not_fitted`,
    /// `not_better`.
    #[schema(example = "not_better")]
    not_learned: Option<String>,
    /// When it was fitted.
    created_at: DateTime<Utc>,
}

impl From<ChurnModel> for ChurnModelView {
    fn from(model: ChurnModel) -> Self {
        let lifetime = model.lifetime();
        Self {
            churn_model_id: model.churn_model_id,
            version: model.version,
            cutoff: model.cutoff,
            kind: model.kind(),
            identified: model.code.is_none(),
            r: lifetime.map(|parameters| parameters.r),
            alpha: lifetime.map(|parameters| parameters.alpha),
            a: lifetime.map(|parameters| parameters.a),
            b: lifetime.map(|parameters| parameters.b),
            code: model.code,
            clients: model.clients,
            repeaters: model.repeaters,
            log_likelihood: model.log_likelihood,
            comparison: model.comparison,
            not_learned: model.not_learned,
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
