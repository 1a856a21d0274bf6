//! A contact with a client.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use platform::kernel::fault::since_1970;
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

/// A contact with a client 沟通记录. (c2)
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, sqlx::FromRow)]
#[schema(as = InteractionView)]
pub struct Interaction {
    /// The client 客户. (c1)
    pub client_id: ClientId,
    /// The client's number 客户号.
    #[schema(example = "80012345")]
    pub client_no: String,
    /// The client's name 客户姓名.
    #[schema(example = "张伟")]
    pub client_name: String,
    /// Id 沟通记录编号. (c1)
    pub interaction_id: InteractionId,
    /// How they met 沟通渠道. (c1)
    pub channel: Channel,
    /// Who began it 发起方. (c1)
    pub direction: Direction,
    /// What for 沟通目的. (c1)
    pub purpose: Purpose,
    /// How it ended 沟通结果.
    pub outcome: Option<Outcome>,
    /// What was said 沟通内容.
    #[schema(example = "客户反映佣金偏高")]
    pub notes: Option<String>,
    /// What comes next 下一步.
    #[schema(example = "提交佣金调整申请")]
    pub next_step: Option<String>,
    /// By when 下一步期限. (c1)
    pub next_step_on: Option<NaiveDate>,
    /// The churn alert it answers 对应流失预警. (c1)
    pub churn_alert_id: Option<ChurnAlertId>,
    /// Who recorded it 登记人. (c1)
    pub staff_id: StaffId,
    /// When it happened 沟通时间. (c1)
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded 登记时间. (c1)
    pub created_at: DateTime<Utc>,
    /// When it was last changed 更新时间. (c1)
    pub updated_at: DateTime<Utc>,
    /// Moves with every change.
    #[serde(skip)]
    pub row_version: i64,
}

platform::columns! {
    /// A contact to be recorded. (c2)
    #[derive(Deserialize, ToSchema, Validate)]
    #[serde(deny_unknown_fields)]
    #[schema(as = RecordInteraction, example = json!({"channel": "call", "direction": "outbound", "purpose": "retention",
        "outcome": "reached", "notes": "客户反映佣金偏高，希望了解调整办法", "next_step": "提交佣金调整申请", "next_step_on": "2026-12-01"}))]
    pub struct NewInteraction {
        /// How they met 沟通渠道. (c1)
        pub channel: Channel,
        /// Who began it 发起方. (c1)
        pub direction: Direction,
        /// What for 沟通目的. (c1)
        pub purpose: Purpose,
        /// How it ended 沟通结果.
        #[serde(default)]
        pub outcome: Option<Outcome>,
        /// What was said 沟通内容.
        #[schema(min_length = 1, max_length = 4000, pattern = r"\S")]
        #[serde(default)]
        pub notes: Option<String>,
        /// What comes next 下一步.
        #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
        #[serde(default)]
        pub next_step: Option<String>,
        /// By when 下一步期限; not before 1970. (c1)
        #[serde(default)]
        #[validate(custom(function = since_1970))]
        pub next_step_on: Option<NaiveDate>,
        /// The churn alert it answers 对应流失预警; of the same client. (c1)
        #[serde(default)]
        pub churn_alert_id: Option<ChurnAlertId>,
        /// When it happened 沟通时间; not before 1970, now when absent. (c1)
        #[serde(default)]
        #[validate(custom(function = since_1970))]
        pub occurred_at: Option<DateTime<Utc>>,
    }
}

/// Changes to a contact (RFC 7396): absent stays, null clears. (c2)
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeInteraction, example = json!({"outcome": "call_back", "next_step": "周五再次致电"}))]
pub struct InteractionChange {
    /// How it ended 沟通结果.
    #[schema(value_type = Option<Outcome>)]
    #[serde(default)]
    pub outcome: Patch<Outcome>,
    /// What was said 沟通内容.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000, pattern = r"\S")]
    #[serde(default)]
    pub notes: Patch<String>,
    /// What comes next 下一步.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, pattern = r"\S")]
    #[serde(default)]
    pub next_step: Patch<String>,
    /// By when 下一步期限; not before 1970. (c1)
    #[schema(value_type = Option<NaiveDate>)]
    #[serde(default)]
    #[validate(custom(function = since_1970))]
    pub next_step_on: Patch<NaiveDate>,
}

/// Which contacts.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InteractionFilter {
    /// By this member of staff.
    #[serde(default)]
    pub staff_id: Option<StaffId>,
    /// Through this channel; repeat for any of several.
    #[param(inline, explode = true)]
    #[serde(default)]
    pub channel: Vec<Channel>,
    /// For this purpose; repeat for any of several.
    #[param(inline, explode = true)]
    #[serde(default)]
    pub purpose: Vec<Purpose>,
    /// At this instant or later.
    #[serde(default)]
    pub occurred_from: Option<DateTime<Utc>>,
    /// Before this instant.
    #[serde(default)]
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
