//! An alert as it is answered.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::{AlertStatus, ClientAlert, LossReason, Outcome, Severity};
use platform::http::{Language, ReasonView, Tagged};
use platform::kernel::calendar::DueBasis;
use platform::kernel::ids::{ChurnAlertId, ChurnModelId, ClientId, ScoringRunId, StaffId};
use platform::kernel::lifecycle::{self, AllowedAction};
use platform::kernel::money::Total;
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
    /// Probability of no trade within the horizon, no nearer to 0 and 1 than the data can support.
    #[schema(example = 0.63)]
    p_silent: f64,
    /// Probability times what the client would bring in 12 months if kept: the net revenue expected of a client who
    /// has not left, in the book's currency.
    value_at_risk: Total,
    /// Net assets with us at the end of that day, in the book's currency; null where no balance came.
    net_assets: Option<Total>,
    /// Why, what decided first, in the caller's language.
    reasons: Vec<ReasonView>,
    /// The advisor in charge. (c1)
    advisor_id: Option<StaffId>,
    /// The last day to act. (c1)
    due_on: NaiveDate,
    /// What that day leans on: the calendar of working days; null where it was counted in calendar days. (c1)
    due_basis: Option<DueBasis>,
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
            net_assets: alert.net_assets.map(Total),
            reasons: ReasonView::all(&alert.reasons, language),
            advisor_id: alert.advisor_id,
            due_on: alert.due_on,
            due_basis: alert.due_basis,
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

/// An alert with its version as the entity tag.
pub fn tagged(alert: ClientAlert, caller: &Caller, language: Language) -> Tagged<ChurnAlertView> {
    Tagged { version: alert.alert.row_version, body: ChurnAlertView::new(alert, caller, language) }
}
