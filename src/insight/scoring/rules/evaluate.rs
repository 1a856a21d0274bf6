//! How well silence was forecast.

use super::super::model::{Evaluation, Quality};
use science::metrics;

/// A prediction and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Prediction {
    /// Probability of silence.
    pub p_silent: f64,
    /// Days since the last trade when it was predictions.
    pub silent_days: f64,
    /// Whether the client fell silent.
    pub silent: bool,
}

/// Quality on clients silent for at most `active_days`, and on all.
pub fn evaluate(predictions: &[Prediction], active_days: u32) -> Evaluation {
    let active: Vec<Prediction> =
        predictions.iter().filter(|one| one.silent_days <= f64::from(active_days)).copied().collect();
    Evaluation { active: quality(&active), all: quality(predictions) }
}

fn quality(predictions: &[Prediction]) -> Quality {
    let silent: Vec<bool> = predictions.iter().map(|one| one.silent).collect();
    let p_silent: Vec<f64> = predictions.iter().map(|one| one.p_silent).collect();
    let recency: Vec<f64> = predictions.iter().map(|one| one.silent_days).collect();
    let count = silent.iter().filter(|silent| **silent).count();
    Quality {
        n: predictions.len() as u64,
        silent_rate: (!predictions.is_empty()).then(|| count as f64 / predictions.len() as f64),
        auc_p_silent: metrics::auc(&silent, &p_silent),
        auc_recency: metrics::auc(&silent, &recency),
        brier: metrics::brier(&silent, &p_silent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_active_population_is_counted_apart() {
        let prediction = |p_silent, silent_days, silent| Prediction { p_silent, silent_days, silent };
        let book = [
            prediction(0.2, 5.0, false),
            prediction(0.7, 89.0, true),
            prediction(0.9, 91.0, true),
            prediction(0.6, 90.0, false),
        ];
        let evaluation = evaluate(&book, 90);
        assert_eq!((evaluation.active.n, evaluation.all.n), (3, 4), "the last trade 90 days ago is within 90 days");
        assert_eq!(evaluation.all.silent_rate, Some(0.5));
        assert_eq!(evaluation.active.auc_p_silent, Some(1.0));
        assert_eq!(
            evaluate(&[], 90).all,
            Quality { n: 0, silent_rate: None, auc_p_silent: None, auc_recency: None, brier: None }
        );
    }
}
