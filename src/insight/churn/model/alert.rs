//! Alerts: candidates, plans, states.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{ChurnAlert, Severity};
use platform::kernel::decision::{Decision, Reason};
use platform::kernel::ids::{ChurnAlertId, ClientId};

platform::labels! {
    #[derive(PartialOrd, Ord)]
    ChurnAlertSeverity = "churn_alert_severity" "How urgent an alert is; the last is the most urgent" "预警级别，越靠后越紧急" {
        Low = "low" "Low: newly declining, for a campaign" "一般：刚进入衰退期，适合营销活动",
        Medium = "medium" "Medium: likely to fall silent, and an advisor has time" "中等：可能沉默，顾问有余力跟进",
        High = "high" "High: much value at risk, or a steep rise" "较高：流失风险金额大或风险急升",
        Critical = "critical" "Critical: a client of a high tier about to leave" "紧急：高等级客户即将流失",
    }

    AlertStatus = "churn_alert_status" "The state of an alert" "预警状态" {
        Open = "open" "Open" "待处理",
        Acknowledged = "acknowledged" "Acknowledged" "已确认",
        InProgress = "in_progress" "In progress" "处理中",
        Resolved = "resolved" "Resolved" "已办结",
        Expired = "expired" "Expired: the forecast's window went by" "已过期：预测期已过",
        Cleared = "cleared" "Cleared: the risk fell" "已解除：风险回落",
    }

    RiskBand = "churn_risk_band" "How likely a client is to fall silent, by the lines of the policy of alerts" "沉默风险区间（按预警策略划分）" {
        Low = "low" "Below the line under which alerts clear" "低：低于预警解除线",
        Elevated = "elevated" "Between that line and the one from which alerts open" "偏高：介于解除线与预警线之间",
        Likely = "likely" "From the line on from which alerts open" "高：达到预警线",
        Severe = "severe" "From the line on from which a client of a high tier is critical" "很高：达到紧急预警线",
    }

    AlertAction = "churn_alert_action" "What is done to an alert" "预警操作" {
        Acknowledge = "acknowledge" "Acknowledge" "确认",
        Start = "start" "Start work" "开始处理",
        Resolve = "resolve" "Resolve" "办结",
        Expire = "expire" "Expire" "置为过期",
        Clear = "clear" "Clear" "解除",
    }

    ChurnAlertOutcome = "churn_alert_outcome" "What became of the client" "处理结果" {
        Retained = "retained" "Stayed" "已挽留",
        Lost = "lost" "Left" "已流失",
        FalseAlarm = "false_alarm" "Was never leaving" "误报",
    }

    LossReason = "loss_reason" "Why a client was lost, as far as anybody knows" "客户流失原因（就所知而言）" {
        Fees = "fees" "Fees were too high" "费用过高",
        Service = "service" "Service was not good enough" "服务欠佳",
        Losses = "losses" "The client lost money" "投资亏损",
        System = "system" "The trading system failed the client" "交易系统故障",
        Competitor = "competitor" "A competitor won the client" "转投竞争对手",
        Moved = "moved" "The client moved away" "客户迁居",
        AdvisorLeft = "advisor_left" "The client followed an advisor who left" "随离职顾问转走",
        Other = "other" "Anything else" "其他",
    }
}

/// A client as the plan of a scoring run sees it. `A` identifies an advisor.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertCandidate<A> {
    /// Probability of silence over the policy's horizon, 0–1.
    pub p: f64,
    /// The same 28 days (the policy's `rise_window_days`) ago.
    pub p_before: Option<f64>,
    /// Expected net revenue of 12 months if the client stays.
    pub clv_12m: Decimal,
    /// Whether the client's tier is one of the high ones.
    pub tier_is_high: bool,
    /// Net outflow of 7 days over opening net assets.
    pub outflow_7d: Option<f64>,
    /// Days since the last trade.
    pub silent_days: u32,
    /// Who looks after the client.
    pub advisor: Option<A>,
    /// How urgent the open alert is, if there is one.
    pub open_alert: Option<Severity>,
}

impl<A> AlertCandidate<A> {
    /// Whether an open alert occupies its advisor: low ones are for campaigns.
    pub fn occupies_advisor(&self) -> bool {
        self.open_alert > Some(Severity::Low)
    }
}

/// An alert that a scoring run wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Position of the client among the candidates.
    pub index: usize,
    /// How urgent.
    pub severity: Severity,
    /// `p × clv_12m`, four decimals.
    pub value_at_risk: Decimal,
    /// Why, the decisive reason first.
    pub reasons: Vec<Reason>,
}

/// An alert on which work may still be done, as a run finds it.
#[derive(Clone, Copy, Debug)]
pub struct OpenAlert {
    /// Whose.
    pub client_id: ClientId,
    /// Id.
    pub churn_alert_id: ChurnAlertId,
    /// Open, acknowledged or in progress.
    pub status: AlertStatus,
    /// How urgent.
    pub severity: Severity,
    /// The day the forecast was made for.
    pub as_of: NaiveDate,
    /// Days over which silence is forecast.
    pub horizon_days: i32,
    /// The last day to act.
    pub due_on: NaiveDate,
    /// What a run's change is based on: a change by a person in between wins.
    pub row_version: i64,
}

/// What a scoring run does about one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertChange {
    /// Open an alert.
    Open(Severity),
    /// Make the open alert more urgent.
    Raise(Severity),
    /// Leave the open alert as it is.
    Keep,
    /// Clear the open alert.
    Clear,
    /// There is no alert and none is opened.
    Nothing,
}

/// What a scoring run does about the whole book.
#[derive(Default)]
pub struct AlertPlan {
    /// Clients active within the days the policy plans for.
    pub population: u64,
    /// Open alerts that stay as they are.
    pub kept: u64,
    /// To be opened.
    pub opened: Vec<ChurnAlert>,
    /// To be made more urgent.
    pub raised: Vec<ChurnAlert>,
    /// To be closed because the risk fell, or the client left the firm.
    pub cleared: Vec<OpenAlert>,
    /// To be closed because the forecast's window went by.
    pub expired: Vec<OpenAlert>,
    /// The risks behind what is opened and raised.
    pub decisions: Vec<Decision<Value>>,
}

impl AlertStatus {
    /// Whether work may still be done; a client has at most one such alert.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Acknowledged | Self::InProgress)
    }
}
