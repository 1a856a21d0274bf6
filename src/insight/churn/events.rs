//! What happens to churn alerts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{AlertStatus, LossReason, Outcome, Severity};
use platform::kernel::ids::{ScoringRunId, StaffId};

platform::events! {
    ChurnAlertOpened = "churn_alert.opened" of "churn_alert" published c2 "A client may be leaving" "已生成流失预警" (AlertByRun)
    ChurnAlertRaised = "churn_alert.raised" of "churn_alert" published c2 "An alert became more urgent" "预警级别已提高" (AlertByRun)
    ChurnAlertExpired = "churn_alert.expired" of "churn_alert" published c2 "An alert expired" "预警已过期" (AlertByRun)
    ChurnAlertCleared = "churn_alert.cleared" of "churn_alert" published c2
        "The client of an alert is no longer leaving" "预警已解除" (AlertByRun)
    ChurnAlertAcknowledged = "churn_alert.acknowledged" of "churn_alert" published c2 "Somebody took note of an alert" "预警已确认" (AlertByHand)
    ChurnAlertStarted = "churn_alert.started" of "churn_alert" published c2 "Work on an alert began" "预警处理已开始" (AlertByHand)
    ChurnAlertResolved = "churn_alert.resolved" of "churn_alert" published c2 "An alert was resolved" "预警已办结" (AlertByHand)
}

/// What a scoring run did with an alert. (c1)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertByRun {
    /// The run.
    pub scoring_run_id: ScoringRunId,
    /// The day it scored.
    pub as_of: NaiveDate,
    /// How urgent the alert is. (c2)
    pub severity: Severity,
}

/// What a person did with an alert. (c2)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertByHand {
    /// Its state now.
    pub status: AlertStatus,
    /// How urgent it is.
    pub severity: Severity,
    /// Who is in charge. (c1)
    pub advisor_id: Option<StaffId>,
    /// What became of the client, once that is known.
    pub outcome: Option<Outcome>,
    /// Why a lost client was lost.
    pub loss_reason: Option<LossReason>,
}
