//! An alert as it is kept.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::{AlertStatus, LossReason, Outcome, Severity};
use platform::kernel::calendar::DueBasis;
use platform::kernel::decision::Reason;
use platform::kernel::ids::{ChurnAlertId, ChurnModelId, ClientId, ScoringRunId, StaffId};

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
    /// Its state.
    pub status: AlertStatus,
    /// How urgent.
    pub severity: Severity,
    /// The day the forecast was made for.
    pub as_of: NaiveDate,
    /// Days over which silence is forecast.
    #[sqlx(try_from = "i32")]
    pub horizon_days: u32,
    /// Probability of silence.
    pub p_silent: f64,
    /// Probability times the net revenue of 12 months if the client is kept.
    pub value_at_risk: Decimal,
    /// Net assets with us at the end of the day; none where no balance came.
    pub net_assets: Option<Decimal>,
    /// Why.
    #[sqlx(json)]
    pub reasons: Vec<Reason>,
    /// The advisor in charge.
    pub advisor_id: Option<StaffId>,
    /// The last day to act.
    pub due_on: NaiveDate,
    /// What that day leans on; none for a time in calendar days.
    #[sqlx(json(nullable))]
    pub due_basis: Option<DueBasis>,
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
