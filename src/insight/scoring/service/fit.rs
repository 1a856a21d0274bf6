//! The fit of a book, kept as the next version of the model unless the same one is kept already.

use chrono::NaiveDate;
use serde_json::json;

use super::super::events::ChurnModelFitted;
use super::super::model::{ActiveClient, ChurnModel};
use super::super::{rules, store};
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use science::{FitPolicy, Fitted, Model, NotIdentified, fit};

/// Log-likelihoods this close are one maximum.
const SAME_MAXIMUM: f64 = 1e-6;

/// Fits the book at the end of a day; answers the model as it is kept.
pub(super) async fn fit_book(uow: &mut Uow, clients: &[ActiveClient], as_of: NaiveDate) -> Result<ChurnModel, Error> {
    let histories = clients.iter().map(|client| client.history(as_of));
    let cells = rules::cells(histories);
    let warm_start = store::models::newest(uow.conn(), as_of).await?.and_then(|model| model.parameters);
    let fitting = move || fit(&cells, Model::MbgNbd, &FitPolicy::default(), warm_start.as_ref());
    let outcome = tokio::task::spawn_blocking(fitting).await.map_err(Error::internal)?;
    let mut model = ChurnModel {
        churn_model_id: uow.id(),
        version: 0,
        cutoff: as_of,
        code: outcome.err().map(|reason: NotIdentified| reason.code().to_owned()),
        parameters: outcome.ok().map(|fitted: Fitted| fitted.parameters),
        clients: clients.len() as u64,
        repeaters: clients.iter().filter(|client| client.active_days > 1).count() as u64,
        log_likelihood: outcome.ok().map(|fitted| fitted.log_likelihood),
        created_at: uow.now(),
    };
    if let Some(kept) = store::models::at_cutoff(uow.conn(), as_of).await?.filter(|kept| is_same(kept, &model)) {
        return Ok(kept);
    }
    let details = json!({
        "clients": model.clients, "repeaters": model.repeaters, "log_likelihood": model.log_likelihood,
        "iterations": outcome.ok().map(|fitted| fitted.iterations),
        "gain_over_no_dropout": outcome.ok().map(|fitted| fitted.gain_over_no_dropout),
    });
    model.version = store::models::insert(uow.conn(), &model, &details).await?;
    let event = ChurnModelFitted { version: model.version, cutoff: model.cutoff, code: model.code.clone() };
    uow.record(Event::new(event, model.churn_model_id.0));
    Ok(model)
}

/// The same book gives the same model, whichever point the climb began at.
fn is_same(kept: &ChurnModel, new: &ChurnModel) -> bool {
    let same_maximum = match (kept.log_likelihood, new.log_likelihood) {
        (Some(kept), Some(new)) => (kept - new).abs() <= SAME_MAXIMUM,
        (kept, new) => kept == new,
    };
    same_maximum && (&kept.code, kept.clients, kept.repeaters) == (&new.code, new.clients, new.repeaters)
}
