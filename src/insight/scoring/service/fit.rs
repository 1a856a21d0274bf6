//! The fit of a book, kept as the next version of the model unless the same one is kept already.

use serde_json::json;

use super::super::events::ChurnModelFitted;
use super::super::model::{ChurnModel, Comparison, Features, RunRequest, ScoredClient};
use super::super::store;
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use science::ladder::{Outcome, Past, Settings, fit};

/// Climbs the ladder for the book at the end of a day; answers the model as it is kept.
pub(super) async fn fit_book(
    uow: &mut Uow,
    clients: &[ScoredClient],
    past: Option<Past>,
    request: &RunRequest,
) -> Result<ChurnModel, Error> {
    let now: Vec<Features> = clients.iter().map(|client| client.now).collect();
    let settings = Settings {
        policy: request.settings.into(),
        weeks: f64::from(request.horizon_days) / 7.0,
        active_days: request.settings.active_days.into(),
    };
    let fitting = move || fit(&now, past, &settings);
    let outcome = tokio::task::spawn_blocking(fitting).await.map_err(Error::internal)?;
    let mut model = attempt(uow, clients, request, &outcome);
    if let Some(kept) = store::models::at_cutoff(uow.conn(), request.as_of).await?.filter(|kept| is_same(kept, &model))
    {
        return Ok(kept);
    }
    let details = json!({
        "clients": model.clients, "repeaters": model.repeaters, "log_likelihood": model.log_likelihood,
        "iterations": outcome.lifetime.ok().map(|fitted| fitted.iterations),
        "gain_over_no_dropout": outcome.lifetime.ok().map(|fitted| fitted.gain_over_no_dropout),
        "comparison": model.comparison, "not_learned": model.not_learned,
    });
    model.version = store::models::insert(uow.conn(), &model, &details).await?;
    let event = ChurnModelFitted { version: model.version, cutoff: model.cutoff, code: model.code.clone() };
    uow.record(Event::new(event, model.churn_model_id.0));
    Ok(model)
}

fn attempt(uow: &Uow, clients: &[ScoredClient], request: &RunRequest, outcome: &Outcome) -> ChurnModel {
    ChurnModel {
        churn_model_id: uow.id(),
        version: 0,
        cutoff: request.as_of,
        code: outcome.lifetime.err().map(|reason| reason.code().to_owned()),
        forecaster: outcome.forecaster.clone(),
        clients: clients.len() as u64,
        repeaters: clients.iter().filter(|client| client.now[2] > 1.0).count() as u64,
        log_likelihood: outcome.lifetime.ok().map(|fitted| fitted.log_likelihood),
        comparison: outcome.learning.map(Comparison::from),
        not_learned: outcome.not_learned.map(|why| why.code().to_owned()),
        created_at: uow.now(),
    }
}

/// The same book gives the same model, to the bit.
fn is_same(kept: &ChurnModel, new: &ChurnModel) -> bool {
    let essence = |model: &ChurnModel| (model.code.clone(), model.clients, model.repeaters, model.not_learned.clone());
    essence(kept) == essence(new) && kept.forecaster == new.forecaster
}
