//! How well silence was forecast.

use super::super::model::{Evaluation, Features, Quality};
use science::features::RFM;
use science::ladder::Observed;
use science::logistic::{Classifier, Form, Table};
use science::metrics;

/// The inverse of the penalty of the regression that every model is held against.
const C: f64 = 0.3;

/// A regression on recency, frequency and amount: what any model must beat. None where all clients did the same.
pub fn rfm_logistic(book: &[Observed]) -> Option<Classifier> {
    let rows: Vec<[f64; 3]> = book.iter().map(|one| RFM.map(|at| one.features[at])).collect();
    let silent: Vec<bool> = book.iter().map(|one| one.silent).collect();
    Classifier::train(&Table::of_rows(&rows)?, &silent, Form::SignedLog, C).ok()
}

/// What it says of a client.
pub fn p_rfm(simple: &Classifier, features: &Features) -> Option<f64> {
    simple.probability(&RFM.map(|at| features[at]))
}

/// A prediction and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Prediction {
    /// Probability of silence; none without a model.
    pub p_silent: Option<f64>,
    /// That of a regression on recency, frequency and amount; none where there is none.
    pub p_rfm: Option<f64>,
    /// Days since the last trade when it was predicted.
    pub silent_days: u32,
    /// Whether the client fell silent.
    pub silent: bool,
}

/// Quality on clients silent for at most `active_days`, and on all.
pub fn evaluate(predictions: &[Prediction], active_days: u32) -> Evaluation {
    let active: Vec<Prediction> = predictions.iter().filter(|one| one.silent_days <= active_days).copied().collect();
    Evaluation { active_days: Some(active_days), active: quality(&active), all: quality(predictions) }
}

fn quality(predictions: &[Prediction]) -> Quality {
    let silent: Vec<bool> = predictions.iter().map(|one| one.silent).collect();
    let score = |of: fn(&Prediction) -> Option<f64>| predictions.iter().map(of).collect::<Option<Vec<f64>>>();
    let p_silent = score(|one| one.p_silent);
    let auc = |score: Option<Vec<f64>>| metrics::auc(&silent, &score?);
    let count = silent.iter().filter(|silent| **silent).count();
    Quality {
        n: predictions.len() as u64,
        silent_rate: (!predictions.is_empty()).then(|| count as f64 / predictions.len() as f64),
        brier: p_silent.as_ref().and_then(|p_silent| metrics::brier(&silent, p_silent)),
        auc_p_silent: auc(p_silent),
        auc_recency: auc(score(|one| Some(one.silent_days.into()))),
        auc_rfm: auc(score(|one| one.p_rfm)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_active_population_is_counted_apart() {
        let prediction = |p, silent_days, silent| Prediction { p_silent: Some(p), p_rfm: None, silent_days, silent };
        let book = [
            prediction(0.2, 5, false),
            prediction(0.7, 89, true),
            prediction(0.9, 91, true),
            prediction(0.6, 90, false),
        ];
        let evaluation = evaluate(&book, 90);
        assert_eq!((evaluation.active.n, evaluation.all.n), (3, 4), "the last trade 90 days ago is within 90 days");
        assert_eq!(evaluation.all.silent_rate, Some(0.5));
        assert_eq!(evaluation.active.auc_p_silent, Some(1.0));
        let nobody =
            Quality { n: 0, silent_rate: None, auc_p_silent: None, auc_recency: None, auc_rfm: None, brier: None };
        assert_eq!(evaluate(&[], 90).all, nobody);
        let alone = evaluate(&book.map(|one| Prediction { p_silent: None, ..one }), 90).active;
        assert_eq!((alone.auc_p_silent, alone.brier), (None, None));
        assert!(alone.auc_recency.is_some(), "recency needs no model");
    }
}
