//! The risk of clients, computed on read.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::{ChurnModel, ChurnRisk, ChurnStatistics, ModelInUse, NoRisk};
use super::super::{rules, store};
use platform::db::Read;
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::{ChurnModelId, ClientId};

/// Clients whose days are read by one statement.
const CHUNK: usize = 5_000;

/// How likely a client is to fall silent, as of the end of a day, by the newest model that saw nothing later.
pub async fn risk(read: &mut Read, client_id: ClientId, as_of: AsOf, horizon_days: u32) -> Result<ChurnRisk, Error> {
    let day = as_of.day(read.calendar());
    let (conn, scope) = read.scoped();
    let found = store::activity::days(conn, scope, &[client_id.0], day).await?;
    let (_, days) = found.into_iter().next().ok_or_else(Error::not_found)?;
    let model = store::models::newest(read.conn(), day).await?.map_err(|code| rules::no_risk(&code));
    Ok(assessed(client_id, model, ChurnStatistics::of(&days, day), (day, horizon_days)))
}

fn assessed(
    client_id: ClientId,
    model: Result<ModelInUse, NoRisk>,
    statistics: Option<ChurnStatistics>,
    (as_of, horizon_days): (NaiveDate, u32),
) -> ChurnRisk {
    let forecaster = model.as_ref().map(|model| &model.forecaster).map_err(Clone::clone);
    let (forecast, reasons) = rules::assess(forecaster, statistics.as_ref(), horizon_days);
    ChurnRisk { client_id, as_of, horizon_days, forecast, model: model.ok(), statistics, reasons }
}

/// A usable model by its id.
pub async fn model(read: &mut Read, id: ChurnModelId) -> Result<Option<ModelInUse>, Error> {
    Ok(store::models::one(read.conn(), id).await?.and_then(ChurnModel::in_use))
}

/// The risk of each client under a model, as of the end of a day; clients it says nothing of are left out.
pub async fn risks(
    read: &mut Read,
    clients: &[ClientId],
    model: &ModelInUse,
    day: NaiveDate,
    horizon_days: u32,
) -> Result<HashMap<ClientId, ChurnRisk>, Error> {
    let mut risks = HashMap::with_capacity(clients.len());
    for chunk in clients.chunks(CHUNK) {
        let ids: Vec<Uuid> = chunk.iter().map(|id| id.0).collect();
        let (conn, scope) = read.scoped();
        let known = store::activity::days(conn, scope, &ids, day).await?;
        risks.extend(known.into_iter().filter_map(|(client_id, days)| {
            let risk = assessed(client_id, Ok(model.clone()), ChurnStatistics::of(&days, day), (day, horizon_days));
            risk.forecast.is_ok().then_some((client_id, risk))
        }));
    }
    Ok(risks)
}

/// The probability that each client does not trade in the `horizon_days` after a day, under the newest model that saw
/// nothing later; empty without one.
pub async fn probabilities(
    read: &mut Read,
    clients: &[ClientId],
    day: NaiveDate,
    horizon_days: u32,
) -> Result<HashMap<ClientId, f64>, Error> {
    let Ok(model) = store::models::newest(read.conn(), day).await? else { return Ok(HashMap::new()) };
    let risks = risks(read, clients, &model, day, horizon_days).await?;
    let p = |risk: ChurnRisk| risk.forecast.ok().map(|forecast| forecast.explanation.p_silent);
    Ok(risks.into_iter().filter_map(|(client_id, risk)| Some((client_id, p(risk)?))).collect())
}
