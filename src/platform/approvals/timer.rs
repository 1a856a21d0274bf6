//! The timer of changes nobody decides.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::db::Uow;
use crate::kernel::error::Error;
use crate::kernel::ids::PendingChangeId;
use crate::worker::{NewJob, enqueue};

/// As jobs name it.
pub const KIND: &str = "approval_expiry";

/// Sees to it that a change stops waiting.
pub async fn expire_at(uow: &mut Uow, id: PendingChangeId, at: DateTime<Utc>) -> Result<(), Error> {
    let payload = json!({ "pending_change_id": id });
    enqueue(uow, NewJob::of(KIND, payload).key(id.to_string()).at(at)).await.map(drop)
}
