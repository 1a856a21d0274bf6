//! A contact with a client.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use platform::kernel::ids::{ChurnAlertId, ClientId, InteractionId, StaffId};
use platform::kernel::patch::Patch;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
        #[serde(rename_all = "snake_case")]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum $name { $($(#[$item_doc])* $item),* }
    )*};
}

codes! {
    /// How they met.
    Channel {
        /// Telephone 电话.
        Call,
        /// E-mail 邮件.
        Email,
        /// Text message 短信.
        Sms,
        /// WeCom 企业微信.
        Wecom,
        /// Online chat 在线客服.
        Chat,
        /// A visit 上门拜访.
        Visit,
        /// At the counter 柜台.
        Counter,
        /// A salon 沙龙.
        Salon,
        /// Video 视频.
        Video,
    }

    /// Who began it.
    Direction {
        /// The client.
        Inbound,
        /// The firm.
        Outbound,
    }

    /// What for.
    Purpose {
        /// Service 服务.
        Service,
        /// Callback 回访.
        Callback,
        /// Keeping the client 挽留.
        Retention,
        /// Marketing 营销.
        Marketing,
        /// Care 关怀.
        Care,
        /// A complaint 投诉.
        Complaint,
        /// Anything else.
        Other,
    }

    /// How it ended.
    Outcome {
        /// They spoke.
        Reached,
        /// Nobody answered.
        NoAnswer,
        /// The client would not speak.
        Refused,
        /// To be called again.
        CallBack,
        /// The number is wrong.
        BadNumber,
        /// Passed on.
        Escalated,
        /// Became a complaint.
        Complaint,
        /// The client is interested.
        Interest,
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
