//! A contact with a client.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use platform::kernel::ids::{ChurnAlertId, ClientId, InteractionId, StaffId};
use platform::kernel::patch::Patch;

platform::labels! {
    Channel = "interaction_channel" "How they met" "沟通渠道" {
        Call = "call" "Telephone" "电话",
        Email = "email" "E-mail" "邮件",
        Sms = "sms" "Text message" "短信",
        Wecom = "wecom" "WeCom" "企业微信",
        Chat = "chat" "Online chat" "在线客服",
        Visit = "visit" "Visit" "上门拜访",
        Counter = "counter" "At the counter" "柜台",
        Salon = "salon" "Salon" "沙龙",
        Video = "video" "Video" "视频",
    }

    Direction = "interaction_direction" "Who began it" "发起方" {
        Inbound = "inbound" "The client" "客户",
        Outbound = "outbound" "The firm" "公司",
    }

    Purpose = "interaction_purpose" "What for" "沟通目的" {
        Service = "service" "Service" "服务",
        Callback = "callback" "Callback" "回访",
        Retention = "retention" "Keeping the client" "挽留",
        Marketing = "marketing" "Marketing" "营销",
        Care = "care" "Care" "关怀",
        Complaint = "complaint" "Complaint" "投诉",
        Other = "other" "Anything else" "其他",
    }

    Outcome = "interaction_outcome" "How it ended" "沟通结果" {
        Reached = "reached" "They spoke" "已接通",
        NoAnswer = "no_answer" "Nobody answered" "无人接听",
        Refused = "refused" "The client would not speak" "客户拒绝沟通",
        CallBack = "call_back" "To be called again" "需再次联系",
        BadNumber = "bad_number" "The number is wrong" "号码有误",
        Escalated = "escalated" "Passed on" "已转交",
        Complaint = "complaint" "Became a complaint" "转为投诉",
        Interest = "interest" "The client is interested" "客户有意向",
    }
}

/// A contact with a client.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Interaction {
    /// The client.
    pub client_id: ClientId,
    /// Id.
    pub interaction_id: InteractionId,
    /// How they met.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// What for.
    pub purpose: Purpose,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What was said.
    pub notes: Option<String>,
    /// What comes next.
    pub next_step: Option<String>,
    /// By when.
    pub next_step_on: Option<NaiveDate>,
    /// The alert it answers.
    pub churn_alert_id: Option<ChurnAlertId>,
    /// Who recorded it.
    pub staff_id: StaffId,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Moves with every change.
    pub row_version: i64,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A contact with the client's number and name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClientInteraction {
    /// The contact.
    #[sqlx(flatten)]
    pub interaction: Interaction,
    /// The client's number.
    pub client_no: String,
    /// The client's name.
    pub client_name: String,
}

/// A contact to be recorded.
pub struct NewInteraction {
    /// How they met.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// What for.
    pub purpose: Purpose,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What was said.
    pub notes: Option<String>,
    /// What comes next.
    pub next_step: Option<String>,
    /// By when.
    pub next_step_on: Option<NaiveDate>,
    /// The alert it answers.
    pub churn_alert_id: Option<ChurnAlertId>,
    /// When it happened; now when absent.
    pub occurred_at: Option<DateTime<Utc>>,
}

/// Changes to a contact.
pub struct InteractionChange {
    /// How it ended.
    pub outcome: Patch<Outcome>,
    /// What was said.
    pub notes: Patch<String>,
    /// What comes next.
    pub next_step: Patch<String>,
    /// By when.
    pub next_step_on: Patch<NaiveDate>,
}

/// Which contacts to list.
#[derive(Clone, Debug, Default)]
pub struct InteractionFilter {
    /// Of this client.
    pub client_id: Option<ClientId>,
    /// By this member of staff.
    pub staff_id: Option<StaffId>,
    /// Through one of these channels.
    pub channels: Vec<Channel>,
    /// For one of these purposes.
    pub purposes: Vec<Purpose>,
    /// At or after.
    pub occurred_from: Option<DateTime<Utc>>,
    /// Before.
    pub occurred_to: Option<DateTime<Utc>>,
}

/// Where a page of contacts ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct InteractionKey {
    /// The last item's.
    pub occurred_at: DateTime<Utc>,
    /// The last item's.
    pub interaction_id: InteractionId,
}
