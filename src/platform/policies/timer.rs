//! The timer of a version approved for a later day.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::db::Uow;
use crate::kernel::error::Error;
use crate::kernel::ids::PolicyId;
use crate::worker::{NewJob, enqueue};

/// As jobs name it.
pub const KIND: &str = "policy_activation";

/// Sees to it that statuses follow when a period begins.
pub async fn activate_at(uow: &mut Uow, id: PolicyId, from: DateTime<Utc>) -> Result<(), Error> {
    let payload = json!({ "policy_id": id, "from": from });
    enqueue(uow, NewJob::of(KIND, payload).key(id.to_string()).at(from)).await.map(drop)
}
