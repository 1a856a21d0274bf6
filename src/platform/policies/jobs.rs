//! What happens on the day of a version approved for later.

use serde_json::json;

use super::service;
use crate::boxed::Boxed;
use crate::worker::{JobContext, JobResult};

/// Lets statuses follow the periods.
pub fn handle(context: JobContext) -> Boxed<'static, JobResult> {
    Box::pin(async move {
        let mut uow = context.db.begin(&context.caller).await?;
        service::activate_due(&mut uow).await?;
        uow.finish(()).await?;
        Ok(json!({}))
    })
}
