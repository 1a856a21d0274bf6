//! What a model says of one client, and why it may say nothing.

use std::collections::HashMap;

use super::super::model::{ChurnStatistics, Forecast, NoRisk};
use super::{explain, observed_changes};
use platform::kernel::decision::{Reason, Text};
use science::{Cell, History, Parameters};

/// A book as a fit takes it: clients who share a history are one cell.
pub fn cells(histories: impl Iterator<Item = History>) -> Vec<Cell> {
    let mut counts: HashMap<(u32, u64, u64), f64> = HashMap::new();
    for history in histories {
        *counts.entry((history.x, history.t_x.to_bits(), history.t.to_bits())).or_default() += 1.0;
    }
    let mut keys: Vec<_> = counts.into_iter().collect();
    // One order for one book, so that sums and with them the fit are the same on every run.
    keys.sort_unstable_by_key(|(key, _)| *key);
    let cell = |((x, t_x, t), weight)| Cell { x, t_x: f64::from_bits(t_x), t: f64::from_bits(t), weight };
    keys.into_iter().map(cell).collect()
}

/// The risk of a client under a model, or why there is no figure; and what says most, with or without a model.
pub fn assess(
    model: Result<&Parameters, NoRisk>,
    statistics: Option<&ChurnStatistics>,
    horizon_days: u32,
) -> (Result<Forecast, NoRisk>, Vec<Reason>) {
    let Some(statistics) = statistics else { return (Err(no_risk("never_traded")), Vec::new()) };
    let found = model
        .and_then(|parameters| forecast(parameters, statistics, horizon_days).ok_or_else(|| no_risk("not_a_number")));
    let reasons = match &found {
        Ok(forecast) => forecast.explanation.reasons.clone(),
        Err(_) => observed_changes(statistics),
    };
    (found, reasons)
}

/// What a model says of a client over a horizon; none if it is not a number.
pub fn forecast(parameters: &Parameters, statistics: &ChurnStatistics, horizon_days: u32) -> Option<Forecast> {
    let weeks = f64::from(horizon_days) / 7.0;
    let history = History { x: statistics.x, t_x: statistics.t_x_weeks(), t: statistics.t_weeks() };
    let p_silent = |x: f64, t_x: f64, t: f64| {
        // The explanation asks for this client's count or a new client's, nothing between.
        let x = if x > 0.0 { statistics.x } else { 0 };
        parameters.p_silent(&History { x, t_x, t }, weeks)
    };
    Some(Forecast {
        p_alive: parameters.p_alive(&history),
        expected_active_days: parameters.expected_active_days(&history, weeks),
        explanation: explain(statistics, &p_silent)?,
    })
}

/// Why there is no figure: the code of a fit, `no_model` or `never_traded`.
pub fn no_risk(code: &str) -> NoRisk {
    let (en, zh) = match code {
        "never_traded" => {
            ("The client has never traded, so there is no rhythm to fall out of.", "该客户从未交易，尚无交易节奏可循。")
        }
        "no_model" => (
            "No model has been fitted on data up to this day: start a scoring run.",
            "截至该日尚未拟合模型，请先启动评分任务。",
        ),
        "too_few_clients" => {
            ("The book has too few clients with a trade to fit a model.", "有交易的客户太少，无法拟合模型。")
        }
        "too_few_repeaters" => {
            ("Too few clients of the book traded on a second day to fit a model.", "再次交易的客户太少，无法拟合模型。")
        }
        "dropout_not_identified" => (
            "The book does not show clients leaving, so leaving cannot be forecast.",
            "现有数据未体现客户流失，无法预测。",
        ),
        _ => ("The newest fit on the book did not give a usable model.", "最近一次拟合未得到可用的模型。"),
    };
    NoRisk { code: code.to_owned(), text: Text::new(en, zh) }
}

#[cfg(test)]
mod tests {
    use super::super::super::model::ActiveClient;
    use super::*;
    use platform::kernel::ids::ClientId;

    #[test]
    fn a_book_is_the_same_cells_in_any_order() {
        let day = |text: &str| text.parse().unwrap_or_default();
        let of = |last: &str| {
            let (client_id, active_days) = (ClientId(uuid::Uuid::nil()), if last > "2025-01-01" { 4 } else { 1 });
            let client = ActiveClient { client_id, active_days, first_day: day("2025-01-01"), last_day: day(last) };
            client.history(day("2025-02-01"))
        };
        let book = [of("2025-01-15"), of("2025-01-01"), of("2025-01-15")];
        let cells_of = cells(book.into_iter());
        assert_eq!(cells_of, cells(book.into_iter().rev()));
        assert_eq!(
            cells_of.iter().map(|cell| (cell.x, cell.t_x, cell.weight)).collect::<Vec<_>>(),
            [(0, 0.0, 1.0), (3, 2.0, 2.0)]
        );
        assert!((cells_of[1].t - 31.0 / 7.0).abs() < 1e-12);
    }

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
