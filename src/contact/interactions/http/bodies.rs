//! What comes in and goes out about contacts.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::*;
use platform::kernel::fault::since_1970;
use platform::kernel::ids::{ChurnAlertId, ClientId, InteractionId, StaffId};
use platform::kernel::patch::Patch;

/// A contact to be recorded. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"channel": "call", "direction": "outbound", "purpose": "retention", "outcome": "reached",
    "notes": "客户反映佣金偏高，希望了解调整办法", "next_step": "提交佣金调整申请", "next_step_on": "2026-12-01"}))]
pub struct RecordInteraction {
    /// How they met. (c1)
    pub channel: Channel,
    /// Who began it. (c1)
    pub direction: Direction,
    /// What for. (c1)
    pub purpose: Purpose,
    /// How it ended.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// What was said.
    #[schema(min_length = 1, max_length = 4000, pattern = r"\S")]
    #[serde(default)]
    pub notes: Option<String>,
    /// What comes next.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    #[serde(default)]
    pub next_step: Option<String>,
    /// By when; not before 1970. (c1)
    #[serde(default)]
    #[validate(custom(function = since_1970))]
    pub next_step_on: Option<NaiveDate>,
    /// The churn alert it answers, of the same client. (c1)
    #[serde(default)]
    pub churn_alert_id: Option<ChurnAlertId>,
    /// When it happened, not before 1970; now when absent. (c1)
    #[serde(default)]
    #[validate(custom(function = since_1970))]
    pub occurred_at: Option<DateTime<Utc>>,
}

/// Changes to a contact (RFC 7396): absent stays, null clears. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"outcome": "call_back", "next_step": "周五再次致电"}))]
pub struct ChangeInteraction {
    /// How it ended.
    #[schema(value_type = Option<Outcome>)]
    #[serde(default)]
    pub outcome: Patch<Outcome>,
    /// What was said.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000, pattern = r"\S")]
    #[serde(default)]
    pub notes: Patch<String>,
    /// What comes next.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, pattern = r"\S")]
    #[serde(default)]
    pub next_step: Patch<String>,
    /// By when; not before 1970. (c1)
    #[schema(value_type = Option<NaiveDate>)]
    #[serde(default)]
    #[validate(custom(function = since_1970))]
    pub next_step_on: Patch<NaiveDate>,
}

/// A contact with a client. (c2)
#[derive(Serialize, ToSchema)]
pub struct InteractionView {
    /// The client. (c1)
    pub client_id: ClientId,
    /// The client's number.
    #[schema(example = "80012345")]
    client_no: String,
    /// The client's name.
    #[schema(example = "张伟")]
    client_name: String,
    /// Id. (c1)
    pub interaction_id: InteractionId,
    /// How they met. (c1)
    pub channel: Channel,
    /// Who began it. (c1)
    pub direction: Direction,
    /// What for. (c1)
    pub purpose: Purpose,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What was said.
    #[schema(example = "客户反映佣金偏高")]
    pub notes: Option<String>,
    /// What comes next.
    #[schema(example = "提交佣金调整申请")]
    pub next_step: Option<String>,
    /// By when. (c1)
    pub next_step_on: Option<NaiveDate>,
    /// The churn alert it answers. (c1)
    pub churn_alert_id: Option<ChurnAlertId>,
    /// Who recorded it. (c1)
    staff_id: StaffId,
    /// When it happened. (c1)
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded. (c1)
    created_at: DateTime<Utc>,
    /// When it was last changed. (c1)
    updated_at: DateTime<Utc>,
}

impl From<ClientInteraction> for InteractionView {
    fn from(found: ClientInteraction) -> Self {
        let ClientInteraction { interaction: i, client_no, client_name } = found;
        Self {
            client_id: i.client_id,
            client_no,
            client_name,
            interaction_id: i.interaction_id,
            channel: i.channel,
            direction: i.direction,
            purpose: i.purpose,
            outcome: i.outcome,
            notes: i.notes,
            next_step: i.next_step,
            next_step_on: i.next_step_on,
            churn_alert_id: i.churn_alert_id,
            staff_id: i.staff_id,
            occurred_at: i.occurred_at,
            created_at: i.created_at,
            updated_at: i.updated_at,
        }
    }
}

/// One page of contacts. (c1)
#[derive(Serialize, ToSchema)]
pub struct InteractionList {
    /// The page.
    pub items: Vec<InteractionView>,
    /// For the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// Which contacts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InteractionQuery {
    /// By this member of staff.
    #[serde(default)]
    staff_id: Option<StaffId>,
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
    occurred_from: Option<DateTime<Utc>>,
    /// Before this instant.
    #[serde(default)]
    occurred_to: Option<DateTime<Utc>>,
}

impl InteractionQuery {
    /// The filter, of one client or across clients.
    pub fn filter(&self, client_id: Option<ClientId>) -> InteractionFilter {
        InteractionFilter {
            client_id,
            staff_id: self.staff_id,
            channels: self.channel.clone(),
            purposes: self.purpose.clone(),
            occurred_from: self.occurred_from,
            occurred_to: self.occurred_to,
        }
    }
}

/// Path of a client.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ClientPath {
    /// The client.
    pub client_id: ClientId,
}

/// Path of a contact.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InteractionPath {
    /// The client.
    pub client_id: ClientId,
    /// The contact.
    pub interaction_id: InteractionId,
}
