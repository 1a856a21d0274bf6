//! The risk of clients, computed on read.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::{ChurnModel, ChurnRisk, ModelInUse};
use super::super::{rules, store};
use platform::db::Read;
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::{ChurnModelId, ClientId};

/// Clients whose statistics are read by one statement.
const CHUNK: usize = 5_000;

/// How likely a client is to fall silent, as of the end of a day, by the newest model that saw nothing later.
pub async fn risk(read: &mut Read, client_id: ClientId, as_of: AsOf, horizon_days: u32) -> Result<ChurnRisk, Error> {
    let day = as_of.day(read.calendar());
    let (conn, scope) = read.scoped();
    let found = store::activity::statistics(conn, scope, &[client_id.0], day).await?;
    let (_, statistics) = found.into_iter().next().ok_or_else(Error::not_found)?;
    let model = store::models::newest(read.conn(), day).await?;
    let in_use = model.as_ref().and_then(ChurnModel::in_use);
    let parameters = match (&in_use, model) {
        (Some(model), _) => Ok(&model.parameters),
        (None, Some(attempt)) => Err(rules::no_risk(&attempt.code.unwrap_or_default())),
        (None, None) => Err(rules::no_risk("no_model")),
    };
    let (forecast, reasons) = rules::assess(parameters, statistics.as_ref(), horizon_days);
    Ok(ChurnRisk { client_id, as_of: day, horizon_days, forecast, model: in_use, statistics, reasons })
}

/// A usable model by its id.
pub async fn model(read: &mut Read, id: ChurnModelId) -> Result<Option<ModelInUse>, Error> {
    Ok(store::models::one(read.conn(), id).await?.as_ref().and_then(ChurnModel::in_use))
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
        let known = store::activity::statistics(conn, scope, &ids, day).await?;
        risks.extend(known.into_iter().filter_map(|(client_id, statistics)| {
            let (forecast, reasons) = rules::assess(Ok(&model.parameters), statistics.as_ref(), horizon_days);
            let model = forecast.is_ok().then_some(*model);
            let risk = ChurnRisk { client_id, as_of: day, horizon_days, forecast, model, statistics, reasons };
            risk.forecast.is_ok().then_some((client_id, risk))
        }));
    }
    Ok(risks)
}
