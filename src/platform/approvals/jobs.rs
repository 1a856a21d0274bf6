//! What happens when nobody decides about a change in time.

use serde_json::json;

use super::service;
use crate::boxed::Boxed;
use crate::worker::{JobContext, JobResult};

/// Ends what has waited too long.
pub fn handle(context: JobContext) -> Boxed<'static, JobResult> {
    Box::pin(async move {
        let mut uow = context.db.begin(&context.caller).await?;
        let expired = service::expire_due(&mut uow).await?;
        uow.finish(()).await?;
        Ok(json!({ "expired": expired }))
    })
}
