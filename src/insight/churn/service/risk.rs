//! The risk of one client, computed on read.

use sqlx::PgConnection;

use super::super::model::{ChurnModel, ChurnRisk, ChurnStatistics, Forecast, NoRisk, Speaker};
use super::super::{rules, store};
use platform::db::Db;
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::principal::Visibility;

/// How likely a client in sight is to fall silent, as of the end of a day, by the newest model that saw nothing later.
pub async fn risk(
    db: &Db,
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
    as_of: AsOf,
    horizon_days: u32,
) -> Result<ChurnRisk, Error> {
    let day = as_of.day(db.calendar());
    let found = store::book::statistics(conn, sight, &[client_id.0], day).await?;
    let (_, statistics) = found.into_iter().next().ok_or_else(Error::not_found)?;
    let model = store::models::newest(conn, day).await?;
    let speaker = model.as_ref().and_then(speaker);
    let forecast = forecast(model, statistics.as_ref(), horizon_days);
    let reasons = match (&forecast, &statistics) {
        (Ok(forecast), _) => forecast.explanation.reasons.clone(),
        (Err(_), Some(statistics)) => rules::observed_changes(statistics),
        (Err(_), None) => Vec::new(),
    };
    Ok(ChurnRisk { client_id, as_of: day, horizon_days, forecast, speaker, statistics, reasons })
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

/// The model as the source of a figure; none of an attempt that gave no model.
pub(super) fn speaker(model: &ChurnModel) -> Option<Speaker> {
    Some(Speaker {
        churn_model_id: model.churn_model_id,
        version: model.version,
        cutoff: model.cutoff,
        parameters: model.parameters?,
    })
}
