//! How well silence was forecast.

use super::super::model::{Evaluation, Quality};
use science::metrics;

/// A forecast and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// Probability of silence.
    pub p_silent: f64,
    /// Days since the last trade when it was told.
    pub silent_days: f64,
    /// Whether the client fell silent.
    pub silent: bool,
}

/// Quality on clients silent for at most `active_days`, and on all.
pub fn evaluate(told: &[Told], active_days: u32) -> Evaluation {
    let active: Vec<Told> = told.iter().filter(|one| one.silent_days <= f64::from(active_days)).copied().collect();
    Evaluation { active: quality(&active), all: quality(told) }
}

fn quality(told: &[Told]) -> Quality {
    let silent: Vec<bool> = told.iter().map(|one| one.silent).collect();
    let p_silent: Vec<f64> = told.iter().map(|one| one.p_silent).collect();
    let recency: Vec<f64> = told.iter().map(|one| one.silent_days).collect();
    let count = silent.iter().filter(|silent| **silent).count();
    Quality {
        n: told.len() as u64,
        silent_rate: (!told.is_empty()).then(|| count as f64 / told.len() as f64),
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
        let told = |p_silent, silent_days, silent| Told { p_silent, silent_days, silent };
        let book = [told(0.2, 5.0, false), told(0.7, 89.0, true), told(0.9, 91.0, true), told(0.6, 90.0, false)];
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
