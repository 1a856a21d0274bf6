//! What alerts are called: states, steps, severities, outcomes.

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

impl AlertStatus {
    /// Whether work may still be done; a client has at most one such alert.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Acknowledged | Self::InProgress)
    }
}
