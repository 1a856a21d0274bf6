//! A scoring run: fit and forecast, plan, then write it all at the end of one transaction.

use super::{apply, plan};
use crate::scoring::{self, RunRequest, RunStart, ScoringRun, ValueQuantiles};
use crate::value;
use platform::kernel::error::Error;
use platform::worker::JobContext;

/// Does the run of a job, or answers with the run it did before.
pub async fn run(context: &JobContext, request: RunRequest) -> Result<ScoringRun, Error> {
    let mut uow = context.db.begin(&context.caller).await?;
    let scored = match scoring::begin_run(&mut uow, request).await? {
        RunStart::Done(run) => return Ok(run),
        RunStart::Scored(scored) => scored,
    };
    let mut run = scored.run.clone();
    if run.summary.alerts.applied {
        let plan = plan::plan(&mut uow, &scored).await?;
        run.summary.population = plan.population;
        run.summary.alerts = apply::apply(&mut uow, &run, plan).await?;
    }
    let parameters = scored.model.map(|model| model.parameters);
    let book = value::book_value(&mut uow, run.as_of, parameters.as_ref()).await?;
    run.summary.value = book.map(|book| ValueQuantiles {
        policy_version: book.policy_version,
        clients: book.clients as u64,
        quantiles: book.quantiles,
    });
    scoring::end_run(&mut uow, &run).await?;
    uow.finish(()).await?;
    Ok(run)
}
