//! The risk of clients, computed on read.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::{ChurnModel, ChurnRisk, ChurnStatistics, Forecast, ModelInUse, NoRisk};
use super::super::{rules, store};
use platform::db::Read;
use platform::kernel::clock::AsOf;
use platform::kernel::decision::Reason;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

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
    let forecast = forecast(model, statistics.as_ref(), horizon_days);
    let reasons = match (&forecast, &statistics) {
        (Ok(forecast), _) => forecast.explanation.reasons.clone(),
        (Err(_), Some(statistics)) => rules::observed_changes(statistics),
        (Err(_), None) => Vec::new(),
    };
    Ok(ChurnRisk { client_id, as_of: day, horizon_days, forecast, model: in_use, statistics, reasons })
}

fn forecast(
    model: Option<ChurnModel>,
    statistics: Option<&ChurnStatistics>,
    horizon_days: u32,
) -> Result<Forecast, NoRisk> {
    let statistics = statistics.ok_or_else(|| rules::no_risk("never_traded"))?;
    let model = model.ok_or_else(|| rules::no_risk("no_model"))?;
    let code = model.code.unwrap_or_default();
    let parameters = model.parameters.ok_or_else(|| rules::no_risk(&code))?;
    rules::forecast(&parameters, statistics, horizon_days).ok_or_else(|| rules::no_risk("not_a_number"))
}

/// What explains the probability of each client under a model; clients it says nothing of are left out.
pub async fn explanations(
    read: &mut Read,
    clients: &[ClientId],
    model: &ModelInUse,
    day: NaiveDate,
    horizon_days: u32,
) -> Result<HashMap<ClientId, Vec<Reason>>, Error> {
    let mut reasons = HashMap::with_capacity(clients.len());
    for chunk in clients.chunks(CHUNK) {
        let ids: Vec<Uuid> = chunk.iter().map(|id| id.0).collect();
        let (conn, scope) = read.scoped();
        let known = store::activity::statistics(conn, scope, &ids, day).await?;
        reasons.extend(known.into_iter().filter_map(|(client_id, statistics)| {
            let forecast = rules::forecast(&model.parameters, &statistics?, horizon_days)?;
            Some((client_id, forecast.explanation.reasons))
        }));
    }
    Ok(reasons)
}
