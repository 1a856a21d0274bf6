//! A scoring run and what it found. Serialised as it is kept and as it is answered.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ChurnModel, ChurnModelKind, Comparison, ModelSettings};
use platform::kernel::ids::{ChurnModelId, JobId, ScoringRunId};

/// What a run is asked for.
#[derive(Clone, Copy, Debug)]
pub struct RunRequest {
    /// The job that does it.
    pub job_id: JobId,
    /// End of this day.
    pub as_of: NaiveDate,
    /// Days over which silence is forecast.
    pub horizon_days: u32,
    /// How the model is fitted and judged.
    pub settings: ModelSettings,
    /// Days before the run's day that a rise of the risk is counted from.
    pub compared_days: u32,
}

/// A run that fitted a model and scored the book.
#[derive(Clone, Debug)]
pub struct ScoringRun {
    /// Id.
    pub scoring_run_id: ScoringRunId,
    /// The job that did it.
    pub job_id: JobId,
    /// End of this day.
    pub as_of: NaiveDate,
    /// Days over which silence was forecast.
    pub horizon_days: u32,
    /// The model used.
    pub churn_model_id: ChurnModelId,
    /// What came out.
    pub summary: RunSummary,
    /// When it was done.
    pub created_at: DateTime<Utc>,
}

/// What a scoring run found. (c1)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScoringRunSummary)]
pub struct RunSummary {
    /// Clients with an active day.
    #[schema(example = 23570)]
    pub clients: u64,
    /// Of these, clients active within the days the alert policy plans for.
    #[schema(example = 6355)]
    pub population: u64,
    /// The fit.
    pub fit: FitSummary,
    /// What became of alerts.
    pub alerts: AlertCounts,
    /// The book's value scores; null for an empty book.
    pub value: Option<ValueQuantiles>,
    /// How well silence was forecast, where the book already holds trades over the whole horizon.
    pub evaluation: Option<Evaluation>,
}

/// A fit in figures. (c1)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ModelFitSummary)]
pub struct FitSummary {
    /// The step of the ladder that serves; null where none does.
    #[serde(default)]
    pub kind: Option<ChurnModelKind>,
    /// Whether the book determines MBG/NBD, a model of clients who leave.
    pub identified: bool,
    /// Why not.
    #[schema(example = "too_few_clients")]
    pub code: Option<String>,
    /// Clients with a repeat active day.
    #[schema(example = 11682)]
    pub repeaters: u64,
    /// Shape of the trading rates.
    #[schema(example = 0.5248)]
    pub r: Option<f64>,
    /// Scale of the trading rates, weeks.
    #[schema(example = 6.183)]
    pub alpha: Option<f64>,
    /// First shape of the chance to leave after a trade.
    #[schema(example = 0.8914)]
    pub a: Option<f64>,
    /// Second shape of the chance to leave.
    #[schema(example = 1.614)]
    pub b: Option<f64>,
    /// Log-likelihood of the book.
    #[schema(example = -9582.13)]
    pub log_likelihood: Option<f64>,
    /// What the book's own past could teach, beside the model that needs no labels.
    #[serde(default)]
    pub comparison: Option<Comparison>,
    /// Why nothing learned from the book's own past serves: `book_too_short`, `too_few_clients`, `not_fitted`,
    /// `not_better`.
    #[serde(default)]
    #[schema(example = "not_better")]
    pub not_learned: Option<String>,
}

impl FitSummary {
    /// The figures of a model, or of the attempt at one.
    pub fn of(model: &ChurnModel) -> Self {
        let lifetime = model.lifetime();
        Self {
            kind: model.kind(),
            identified: model.code.is_none(),
            code: model.code.clone(),
            repeaters: model.repeaters,
            r: lifetime.map(|parameters| parameters.r),
            alpha: lifetime.map(|parameters| parameters.alpha),
            a: lifetime.map(|parameters| parameters.a),
            b: lifetime.map(|parameters| parameters.b),
            log_likelihood: model.log_likelihood,
            comparison: model.comparison,
            not_learned: model.not_learned.clone(),
        }
    }
}

/// What a run did about alerts. (c1)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlertCounts {
    /// False for a run of a day before the newest run's: it must not undo what later data said.
    pub applied: bool,
    /// Opened.
    #[schema(example = 412)]
    pub opened: u64,
    /// Made more urgent.
    #[schema(example = 17)]
    pub raised: u64,
    /// Left as they were.
    #[schema(example = 388)]
    pub kept: u64,
    /// Closed because the risk fell.
    #[schema(example = 61)]
    pub cleared: u64,
    /// Closed because the forecast's window went by.
    #[schema(example = 9)]
    pub expired: u64,
}

/// Value scores of a book. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ValueQuantiles {
    /// Version of the policy that scored.
    #[schema(example = 1)]
    pub policy_version: i32,
    /// Clients scored: all, or every n-th of a large book.
    #[schema(example = 23570)]
    pub clients: u64,
    /// 101 quantiles, from the lowest score to the highest.
    pub quantiles: Vec<f64>,
}

/// How well silence was forecast against what happened. (c1)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ForecastEvaluation)]
pub struct Evaluation {
    /// Days within which a client counted as active; null for an old run, which took its horizon.
    #[serde(default)]
    #[schema(example = 90)]
    pub active_days: Option<u32>,
    /// Clients who were active when it was forecast: the figure that counts.
    pub active: Quality,
    /// All clients ever; long-dead accounts flatter any model here.
    pub all: Quality,
}

/// The quality of a forecast on a population. (c1)
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ForecastQuality)]
pub struct Quality {
    /// Clients.
    #[schema(example = 6355)]
    pub n: u64,
    /// Share of them that fell silent.
    #[schema(example = 0.461)]
    pub silent_rate: Option<f64>,
    /// Area under the ROC curve of the probability of silence; null without a model.
    #[schema(example = 0.689)]
    pub auc_p_silent: Option<f64>,
    /// The same of days since the last trade: what needs no model.
    #[schema(example = 0.621)]
    pub auc_recency: Option<f64>,
    /// The same of a logistic regression on recency, frequency and amount of the book's own past; null where that is
    /// too short.
    #[serde(default)]
    #[schema(example = 0.698)]
    pub auc_rfm: Option<f64>,
    /// Mean squared error of the probability.
    #[schema(example = 0.222)]
    pub brier: Option<f64>,
}
