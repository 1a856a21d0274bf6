//! The job of a scoring run.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;

use super::service;
use platform::kernel::error::Error;
use platform::slice::Boxed;
use platform::worker::{JobContext, JobResult};

#[derive(Deserialize)]
struct Payload {
    as_of: Option<NaiveDate>,
    horizon_days: u32,
}

/// Does one scoring run; a job that runs again answers with the run it did.
pub fn handle(context: JobContext) -> Boxed<'static, JobResult> {
    Box::pin(async move {
        let Payload { as_of, horizon_days } =
            serde_json::from_value(context.job.payload.clone()).map_err(Error::internal)?;
        // A night's run is over the day before it was enqueued, however late it begins.
        let as_of = as_of.unwrap_or_else(|| {
            let enqueued_on = context.db.calendar().day_of(context.job.created_at);
            enqueued_on.pred_opt().unwrap_or(enqueued_on)
        });
        let run = service::run(&context, as_of, horizon_days).await?;
        let summary = &run.summary;
        Ok(json!({
            "scoring_run_id": run.scoring_run_id, "as_of": run.as_of, "clients": summary.clients, "fit": summary.fit,
            "alerts": summary.alerts, "evaluation": summary.evaluation,
        }))
    })
}
