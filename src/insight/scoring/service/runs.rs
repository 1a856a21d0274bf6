//! Scoring runs: asked for, begun, ended, read.

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::json;

use super::super::events::ScoringRunCompleted;
use super::super::model::{
    AlertCounts, BookScored, ChurnModel, DEFAULT_HORIZON_DAYS, Evaluation, FitSummary, HORIZON_DAYS, ModelInUse,
    RunRequest, RunStart, RunSummary, ScoredClient, ScoringRun,
};
use super::super::store::runs::RunKey;
use super::super::{DAY_NOT_OVER, RUN_JOB, faults, rules, store};
use super::clients::{self, Book};
use super::fit;
use platform::db::{Read, Uow};
use platform::kernel::error::{self, Error};
use platform::kernel::event::Event;
use platform::kernel::ids::{JobId, ScoringRunId};
use platform::kernel::page::{Page, PageRequest};
use platform::worker::{NewJob, enqueue};
use science::logistic::Classifier;

/// Tries of a run before it is given up.
const TRIES: i32 = 3;

/// Asks for a run over the book as of the end of a day: yesterday's when none is given, none after today's.
pub async fn request_run(uow: &mut Uow, as_of: Option<NaiveDate>, horizon_days: u32) -> Result<JobId, Error> {
    // It opens and ends alerts of everybody's clients.
    if !uow.scope().firm {
        let (en, zh) = ("It takes the scope of the whole firm.", "需要全公司的数据范围。");
        return Err(Error::detailed(&error::FORBIDDEN, en, zh));
    }
    let today = uow.today();
    let as_of = as_of.unwrap_or_else(|| today.checked_sub_days(Days::new(1)).unwrap_or(today));
    if as_of > today {
        return Err(Error::detailed(
            &DAY_NOT_OVER,
            format!("The latest day that can be scored is {today}."),
            format!("可评分的最晚日期为{today}。"),
        ));
    }
    if !HORIZON_DAYS.contains(&horizon_days) {
        let (least, most) = (HORIZON_DAYS.start(), HORIZON_DAYS.end());
        return Err(Error::fault(faults::HORIZON.with("/horizon_days", &[("least", least), ("most", most)])));
    }
    let payload = json!({ "as_of": as_of, "horizon_days": horizon_days });
    enqueue(uow, NewJob::of(RUN_JOB, payload).tries(TRIES).kept()).await
}

/// The run of every night, over the day before it begins.
pub fn nightly_run() -> NewJob {
    NewJob::of(RUN_JOB, json!({ "horizon_days": DEFAULT_HORIZON_DAYS })).tries(TRIES).kept()
}

/// Takes the turn of a run, fits the book, evaluates the forecast where the book holds the whole horizon, and enters
/// the run; or answers with the run that the job did before.
pub async fn begin_run(uow: &mut Uow, request: RunRequest) -> Result<RunStart, Error> {
    let RunRequest { job_id, as_of, horizon_days, .. } = request;
    store::runs::one_at_a_time(uow.conn()).await?;
    if let Some(done) = store::runs::of_job(uow.conn(), job_id).await? {
        return Ok(RunStart::Done(Box::new(done)));
    }
    let Book { clients, past } = clients::read(uow, &request).await?;
    let simple = past.as_ref().and_then(|past| rules::rfm_logistic(&past.last.clients));
    let fitted = fit::fit_book(uow, &clients, past, &request).await?;
    let (fit, fitted_id) = (FitSummary::of(&fitted), fitted.churn_model_id);
    let model = match fitted.in_use() {
        Some(fresh) => Some(fresh),
        None => store::models::newest(uow.conn(), as_of).await?.ok(),
    };
    // A run of an earlier day must not undo what later data said.
    let applied = store::runs::newest(uow.conn()).await?.is_none_or(|(newest, _)| newest <= as_of);
    let run = ScoringRun {
        scoring_run_id: uow.id(),
        job_id,
        as_of,
        horizon_days,
        churn_model_id: model.as_ref().map_or(fitted_id, |model| model.churn_model_id),
        summary: RunSummary {
            clients: clients.len() as u64,
            fit,
            alerts: AlertCounts { applied, ..AlertCounts::default() },
            evaluation: evaluation(uow, &request, &clients, (model.as_ref(), simple.as_ref())).await?,
            ..RunSummary::default()
        },
        created_at: uow.now(),
    };
    store::runs::insert(uow.conn(), &run).await?;
    Ok(RunStart::Scored(Box::new(BookScored { run, clients, model })))
}

/// What was predicted against what happened, where the book already holds the whole horizon.
async fn evaluation(
    read: &mut Read,
    request: &RunRequest,
    clients: &[ScoredClient],
    (model, simple): (Option<&ModelInUse>, Option<&Classifier>),
) -> Result<Option<Evaluation>, Error> {
    let RunRequest { as_of, horizon_days, .. } = *request;
    let end = as_of.checked_add_days(Days::new(horizon_days.into())).unwrap_or(NaiveDate::MAX);
    let covered = store::activity::last_day(read.conn()).await?.is_some_and(|last| last >= end);
    if !covered {
        return Ok(None);
    }
    let traded: HashSet<_> = store::activity::traded_between(read.conn(), as_of, end).await?.into_iter().collect();
    let predictions = clients.iter().map(|client| rules::Prediction {
        p_silent: model.map(|model| model.p_silent(&client.now, horizon_days)),
        p_rfm: simple.and_then(|simple| rules::p_rfm(simple, &client.now)),
        silent_days: client.silent_days(),
        silent: !traded.contains(&client.client_id),
    });
    Ok(Some(rules::evaluate(&predictions.collect::<Vec<_>>(), request.settings.active_days)))
}

/// Ends a run with its whole summary.
pub async fn end_run(uow: &mut Uow, run: &ScoringRun) -> Result<(), Error> {
    store::runs::set_summary(uow.conn(), run).await?;
    let ScoringRun { as_of, horizon_days, .. } = *run;
    let event = ScoringRunCompleted { as_of, horizon_days, alerts: run.summary.alerts };
    uow.record(Event::new(event, run.scoring_run_id.0));
    Ok(())
}

/// The last day that was scored, and when it was.
pub async fn newest_run(read: &mut Read) -> Result<Option<(NaiveDate, DateTime<Utc>)>, Error> {
    store::runs::newest(read.conn()).await
}

/// Runs, latest day first.
pub async fn list_runs(read: &mut Read, page: &PageRequest<RunKey>) -> Result<Page<ScoringRun, RunKey>, Error> {
    store::runs::list(read.conn(), page).await
}

/// One run.
pub async fn run(read: &mut Read, id: ScoringRunId) -> Result<ScoringRun, Error> {
    store::runs::one(read.conn(), id).await?.ok_or_else(Error::not_found)
}

/// Models, newest version first.
pub async fn list_models(read: &mut Read, page: &PageRequest<i32>) -> Result<Page<ChurnModel, i32>, Error> {
    store::models::list(read.conn(), page).await
}
