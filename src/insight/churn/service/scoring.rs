//! A scoring run: fit, rescore, decide about alerts, then write it all at the end of one transaction. What people did to
//! an alert since it was read stands.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::super::model::{
    AlertCounts, ChurnModel, Evaluation, FitSummary, RunSummary, ScoringRun, Speaker, ValueQuantiles,
};
use super::super::store::book::Active;
use super::super::{rules, store};
use super::plan::{self, Changes};
use super::risk::speaker;
use super::{sweep, tiers};
use crate::value;
use platform::db::{Db, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::JobId;
use platform::kernel::principal::Caller;
use science::{FitPolicy, Fitted, History, Model, NotIdentified, fit};

/// Log-likelihoods this close are one maximum.
const SAME_MAXIMUM: f64 = 1e-6;

/// What a run is about.
pub(super) struct Scope {
    /// End of this day.
    pub as_of: NaiveDate,
    /// Days over which silence is forecast.
    pub horizon_days: u32,
    /// Every client with an active day.
    pub book: Vec<Active>,
    /// The model that speaks, if any does.
    pub speaker: Option<Speaker>,
}

impl Scope {
    /// A client's history on the day of the run.
    pub fn history(&self, client: &Active) -> History {
        rules::history(client.active_days, client.first_day, client.last_day, self.as_of)
    }

    /// The horizon in the models' unit.
    pub fn horizon_weeks(&self) -> f64 {
        f64::from(self.horizon_days) / 7.0
    }
}

/// Does the run of a job, or answers with the run it did before.
pub async fn run(
    db: &Db,
    caller: &Caller,
    job_id: JobId,
    as_of: NaiveDate,
    horizon_days: u32,
) -> Result<ScoringRun, Error> {
    tiers::keep_up(db, caller, as_of).await?;
    let mut uow = db.begin(caller).await?;
    store::runs::one_at_a_time(uow.conn()).await?;
    if let Some(done) = store::runs::of_job(uow.conn(), job_id).await? {
        return Ok(done);
    }
    let book = store::book::activity(uow.conn(), as_of).await?;
    let (model, details) = fitted(&mut uow, &book, as_of).await?;
    let speaker = match speaker(&model) {
        Some(fresh) => Some(fresh),
        None => store::models::newest(uow.conn(), as_of).await?.as_ref().and_then(speaker),
    };
    let scope = Scope { as_of, horizon_days, book, speaker };
    let mut run = ScoringRun {
        scoring_run_id: uow.id(),
        job_id,
        as_of,
        horizon_days,
        churn_model_id: speaker.map_or(model.churn_model_id, |speaker| speaker.churn_model_id),
        summary: RunSummary::default(),
        created_at: uow.now(),
    };
    // A run of an earlier day must not undo what later data said.
    let applies = store::runs::latest_day(uow.conn()).await?.is_none_or(|latest| latest <= as_of);
    let changes = if applies { plan::changes(&mut uow, &scope, &run).await? } else { Changes::default() };
    run.summary = RunSummary {
        clients: scope.book.len() as u64,
        population: changes.population,
        fit: fit_summary(&model),
        alerts: AlertCounts { applied: applies, kept: changes.kept, ..AlertCounts::default() },
        value: value_quantiles(db, uow.conn(), &scope).await?,
        evaluation: evaluation(uow.conn(), &scope).await?,
    };
    write(&mut uow, &mut run, &model, details, changes).await?;
    uow.finish(()).await?;
    Ok(run)
}

/// Fits the book; answers the model and, unless the same one is kept already, the details to keep with it.
async fn fitted(uow: &mut Uow, book: &[Active], as_of: NaiveDate) -> Result<(ChurnModel, Option<Value>), Error> {
    let histories =
        book.iter().map(|client| rules::history(client.active_days, client.first_day, client.last_day, as_of));
    let cells = rules::cells(histories);
    let warm_start = store::models::newest(uow.conn(), as_of).await?.and_then(|model| model.parameters);
    let fitting = move || fit(&cells, Model::MbgNbd, &FitPolicy::default(), warm_start.as_ref());
    let outcome = tokio::task::spawn_blocking(fitting).await.map_err(Error::internal)?;
    let model = ChurnModel {
        churn_model_id: uow.id(),
        version: 0,
        cutoff: as_of,
        code: outcome.err().map(|reason: NotIdentified| reason.code().to_owned()),
        parameters: outcome.ok().map(|fitted: Fitted| fitted.parameters),
        clients: book.len() as u64,
        repeaters: book.iter().filter(|client| client.active_days > 1).count() as u64,
        log_likelihood: outcome.ok().map(|fitted| fitted.log_likelihood),
        created_at: uow.now(),
    };
    let kept = store::models::at_cutoff(uow.conn(), as_of).await?.filter(|kept| is_same(kept, &model));
    let details = json!({
        "clients": model.clients, "repeaters": model.repeaters, "log_likelihood": model.log_likelihood,
        "iterations": outcome.ok().map(|fitted| fitted.iterations),
        "gain_over_no_dropout": outcome.ok().map(|fitted| fitted.gain_over_no_dropout),
    });
    Ok(kept.map_or((model, Some(details)), |kept| (kept, None)))
}

/// The same book gives the same model, whichever point the climb began at.
fn is_same(kept: &ChurnModel, new: &ChurnModel) -> bool {
    let same_maximum = match (kept.log_likelihood, new.log_likelihood) {
        (Some(kept), Some(new)) => (kept - new).abs() <= SAME_MAXIMUM,
        (kept, new) => kept == new,
    };
    same_maximum && (&kept.code, kept.clients, kept.repeaters) == (&new.code, new.clients, new.repeaters)
}

fn fit_summary(model: &ChurnModel) -> FitSummary {
    FitSummary {
        identified: model.parameters.is_some(),
        code: model.code.clone(),
        repeaters: model.repeaters,
        r: model.parameters.map(|parameters| parameters.r),
        alpha: model.parameters.map(|parameters| parameters.alpha),
        a: model.parameters.map(|parameters| parameters.a),
        b: model.parameters.map(|parameters| parameters.b),
        log_likelihood: model.log_likelihood,
    }
}

async fn value_quantiles(db: &Db, conn: &mut PgConnection, scope: &Scope) -> Result<Option<ValueQuantiles>, Error> {
    let parameters = scope.speaker.map(|speaker| speaker.parameters);
    let book = value::book_value(db, conn, scope.as_of, parameters.as_ref()).await?;
    Ok(book.map(|book| ValueQuantiles {
        policy_version: book.policy_version,
        clients: book.clients as u64,
        quantiles: book.quantiles,
    }))
}

/// What was told against what happened, where the book already holds the whole horizon.
async fn evaluation(conn: &mut PgConnection, scope: &Scope) -> Result<Option<Evaluation>, Error> {
    let end = scope.as_of.checked_add_days(Days::new(scope.horizon_days.into())).unwrap_or(NaiveDate::MAX);
    let covered = store::book::last_day(conn).await?.is_some_and(|last| last >= end);
    let Some(Speaker { parameters, .. }) = scope.speaker.filter(|_| covered) else { return Ok(None) };
    let traded: HashSet<_> = store::book::traded_between(conn, scope.as_of, end).await?.into_iter().collect();
    let told = scope.book.iter().map(|client| rules::Told {
        p_silent: parameters.p_silent(&scope.history(client), scope.horizon_weeks()),
        silent_days: plan::days(scope.as_of - client.last_day).into(),
        silent: !traded.contains(&client.client_id),
    });
    Ok(Some(rules::evaluate(&told.collect::<Vec<_>>(), scope.horizon_days)))
}

async fn write(
    uow: &mut Uow,
    run: &mut ScoringRun,
    model: &ChurnModel,
    details: Option<Value>,
    changes: Changes,
) -> Result<(), Error> {
    if let Some(details) = details {
        let version = store::models::insert(uow.conn(), model, &details).await?;
        let data = json!({ "version": version, "cutoff": model.cutoff, "code": model.code });
        uow.record(Event::new("churn_model.fitted", "churn_model", model.churn_model_id.0).data(data));
    }
    store::runs::insert(uow.conn(), run).await?;
    sweep::apply(uow, run, changes).await?;
    store::runs::set_summary(uow.conn(), run).await?;
    let data = json!({ "as_of": run.as_of, "horizon_days": run.horizon_days, "alerts": run.summary.alerts });
    uow.record(Event::new("scoring_run.completed", "scoring_run", run.scoring_run_id.0).data(data));
    Ok(())
}
