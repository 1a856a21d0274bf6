//! The job of a scoring run.

use std::future::Future;
use std::pin::Pin;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;

use super::service;
use platform::kernel::error::Error;
use platform::worker::{JobContext, JobResult};

/// The kind of these jobs.
pub const KIND: &str = "scoring";

#[derive(Deserialize)]
struct Payload {
    as_of: NaiveDate,
    horizon_days: u32,
}

/// Does one scoring run; a job that runs again answers with the run it did.
pub fn handle(context: JobContext) -> Pin<Box<dyn Future<Output = JobResult> + Send>> {
    Box::pin(async move {
        let Payload { as_of, horizon_days } =
            serde_json::from_value(context.job.payload.clone()).map_err(Error::internal)?;
        let run = service::run(&context.db, &context.caller, context.job.job_id, as_of, horizon_days).await?;
        let summary = &run.summary;
        Ok(json!({
            "scoring_run_id": run.scoring_run_id, "as_of": run.as_of, "clients": summary.clients, "fit": summary.fit,
            "alerts": summary.alerts, "evaluation": summary.evaluation,
        }))
    })
}
