//! The timer of changes nobody decides.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::service;
use crate::db::Uow;
use crate::kernel::error::Error;
use crate::kernel::ids::PendingChangeId;
use crate::slice::Boxed;
use crate::worker::{JobContext, JobResult, NewJob, enqueue};

/// As jobs name it.
pub const KIND: &str = "approval_expiry";

/// Sees to it that a change stops waiting.
pub async fn expire_at(uow: &mut Uow, id: PendingChangeId, at: DateTime<Utc>) -> Result<(), Error> {
    let payload = json!({ "pending_change_id": id });
    enqueue(uow, NewJob::of(KIND, payload).key(id.to_string()).at(at)).await.map(drop)
}

/// Ends what has waited too long.
pub fn handle(context: JobContext) -> Boxed<'static, JobResult> {
    Box::pin(async move {
        let mut uow = context.db.begin(&context.caller).await?;
        let expired = service::expire_due(&mut uow).await?;
        uow.finish(()).await?;
        Ok(json!({ "expired": expired }))
    })
}
