//! A scoring run: fit and forecast, plan, then write it all at the end of one transaction.

use chrono::NaiveDate;

use super::super::model::ChurnPolicy;
use super::{apply, plan};
use crate::scoring::{self, RunRequest, RunStart, ScoringRun, ValueQuantiles};
use crate::value::{self, BookForecast};
use platform::kernel::error::Error;
use platform::policies;
use platform::worker::JobContext;

/// Does the run of a job, or answers with the run it did before.
pub async fn run(context: &JobContext, as_of: NaiveDate, horizon_days: u32) -> Result<ScoringRun, Error> {
    let mut uow = context.db.begin(&context.caller).await?;
    let ruling = policies::now::<ChurnPolicy>(&mut uow).await?;
    let ChurnPolicy { model: settings, rise_window_days: compared_days, .. } = ruling.rules;
    let request = RunRequest { job_id: context.job.job_id, as_of, horizon_days, settings, compared_days };
    let scored = match scoring::begin_run(&mut uow, request).await? {
        RunStart::Done(run) => return Ok(*run),
        RunStart::Scored(scored) => scored,
    };
    let mut run = scored.run.clone();
    if run.summary.alerts.applied {
        let plan = plan::plan(&mut uow, &scored, &ruling).await?;
        run.summary.population = plan.population;
        run.summary.alerts = apply::apply(&mut uow, &run, plan).await?;
    }
    let forecast = scored.model.as_ref().map(|model| BookForecast {
        base: &model.forecaster.base,
        p_silent_90: scored.clients.iter().map(|one| (one.client_id, model.p_silent(&one.now, 90))).collect(),
    });
    let book = value::book_value(&mut uow, run.as_of, forecast.as_ref()).await?;
    run.summary.value = book.map(|book| ValueQuantiles {
        policy_version: book.policy_version,
        clients: book.clients as u64,
        quantiles: book.quantiles,
    });
    scoring::end_run(&mut uow, &run).await?;
    uow.finish(()).await?;
    Ok(run)
}
