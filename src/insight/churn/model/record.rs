//! What is kept of churn: models and alerts; and a risk as it is answered.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AlertStatus, ChurnStatistics, Explanation, Outcome, Severity};
use platform::kernel::decision::{Reason, Text};
use platform::kernel::ids::{ChurnAlertId, ChurnModelId, ClientId, ScoringRunId, StaffId};
use science::Parameters;

/// Why a client was lost, as far as anybody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LossReason {
    /// Fees were too high.
    Fees,
    /// Service was not good enough.
    Service,
    /// The client lost money.
    Losses,
    /// The trading system failed the client.
    System,
    /// A competitor won the client.
    Competitor,
    /// The client moved away.
    Moved,
    /// The client followed an advisor who left.
    AdvisorLeft,
    /// Anything else.
    Other,
}

/// A fitted model, or the attempt at one.
#[derive(Clone, Debug)]
pub struct ChurnModel {
    /// Id.
    pub churn_model_id: ChurnModelId,
    /// From 1, in the order of fitting.
    pub version: i32,
    /// The last trading day it saw.
    pub cutoff: NaiveDate,
    /// Why the book did not determine it; none for a usable model.
    pub code: Option<String>,
    /// What it says; none for an attempt.
    pub parameters: Option<Parameters>,
    /// Clients with an active day.
    pub clients: u64,
    /// Of these, with a repeat active day.
    pub repeaters: u64,
    /// Log-likelihood of the whole book.
    pub log_likelihood: Option<f64>,
    /// When it was fitted.
    pub created_at: DateTime<Utc>,
}

/// The model behind a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speaker {
    /// Id.
    pub churn_model_id: ChurnModelId,
    /// Version.
    pub version: i32,
    /// The last trading day it saw.
    pub cutoff: NaiveDate,
    /// What it says.
    pub parameters: Parameters,
}

/// A warning that a client may fall silent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ChurnAlert {
    /// Whose.
    pub client_id: ClientId,
    /// Id.
    pub churn_alert_id: ChurnAlertId,
    /// The run that opened it, or raised it last.
    pub scoring_run_id: ScoringRunId,
    /// The model behind it.
    pub churn_model_id: ChurnModelId,
    /// Where it stands.
    pub status: AlertStatus,
    /// How urgent.
    pub severity: Severity,
    /// The day it speaks of.
    pub as_of: NaiveDate,
    /// Days over which silence is forecast.
    #[sqlx(try_from = "i32")]
    pub horizon_days: u32,
    /// Probability of silence.
    pub p_silent: f64,
    /// Probability times expected net revenue.
    pub value_at_risk: Decimal,
    /// Why.
    #[sqlx(json)]
    pub reasons: Vec<Reason>,
    /// The advisor in charge.
    pub advisor_id: Option<StaffId>,
    /// The last day to act.
    pub due_on: NaiveDate,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When somebody took note.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When work began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// What became of the client.
    pub outcome: Option<Outcome>,
    /// Why the client was lost.
    pub loss_reason: Option<LossReason>,
    /// Moves with every change.
    pub row_version: i64,
}

/// Why there is no risk to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRisk {
    /// Stable, snake_case.
    pub code: String,
    /// In words.
    pub text: Text,
}

/// How likely a client is to fall silent, as of a day.
#[derive(Clone, Debug)]
pub struct ChurnRisk {
    /// Whose.
    pub client_id: ClientId,
    /// End of this day.
    pub as_of: NaiveDate,
    /// Days over which silence is forecast.
    pub horizon_days: u32,
    /// The figures, or why there are none.
    pub forecast: Result<Forecast, NoRisk>,
    /// The model that speaks.
    pub speaker: Option<Speaker>,
    /// What is known of the client's trading; none for a client who never traded.
    pub statistics: Option<ChurnStatistics>,
    /// Why, or what can be said without a model.
    pub reasons: Vec<Reason>,
}

/// What a model says of one client.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Probability of still being active.
    pub p_alive: f64,
    /// Active days expected over the horizon.
    pub expected_active_days: f64,
    /// The probability of silence as a sum.
    pub explanation: Explanation,
}
