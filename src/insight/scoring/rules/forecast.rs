//! What a model says of one client, and why it may say nothing.

use super::super::model::{ChurnStatistics, Forecast, NoRisk};
use super::reasons::{explain, observed_changes};
use super::words::no_risk;
use platform::kernel::decision::Reason;
use science::ladder::{Forecaster, history};

/// The risk of a client under a model, or why there is no figure; and what says most, with or without a model.
pub fn assess(
    model: Result<&Forecaster, NoRisk>,
    statistics: Option<&ChurnStatistics>,
    horizon_days: u32,
) -> (Result<Forecast, NoRisk>, Vec<Reason>) {
    let Some(statistics) = statistics else { return (Err(no_risk("never_traded")), Vec::new()) };
    let found = model
        .and_then(|forecaster| forecast(forecaster, statistics, horizon_days).ok_or_else(|| no_risk("not_a_number")));
    let reasons = match &found {
        Ok(forecast) => forecast.explanation.reasons.clone(),
        Err(_) => observed_changes(statistics),
    };
    (found, reasons)
}

/// What a model says of a client over a horizon; none if it is not a number.
fn forecast(forecaster: &Forecaster, statistics: &ChurnStatistics, horizon_days: u32) -> Option<Forecast> {
    let (weeks, features) = (f64::from(horizon_days) / 7.0, statistics.features());
    let history = history(&features);
    Some(Forecast {
        p_alive: forecaster.p_alive(&history),
        expected_active_days: forecaster.base.expected_active_days(&history, weeks),
        range: forecaster.range(&history, weeks),
        explanation: explain(statistics, &forecaster.parts(&features, weeks)?, horizon_days),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words() {
        use science::NotIdentified::*;
        for fit in
            [InvalidHistory, TooFewClients, TooFewRepeaters, NotConverged, DropoutNotIdentified, ParameterAtBound]
        {
            assert!(!no_risk(fit.code()).text.zh.is_empty());
        }
    }
}
