//! Where a score stands in the book, from 101 quantiles.

/// Steps between the lowest and the highest score.
const STEPS: usize = 100;

/// The 101 quantiles of scores, from the lowest to the highest, linear between neighbours; none of none.
pub fn quantiles(mut scores: Vec<f64>) -> Option<Vec<f64>> {
    scores.sort_by(f64::total_cmp);
    let last = scores.len().checked_sub(1)?;
    let at = |step: usize| {
        let (index, part) = (step * last / STEPS, (step * last % STEPS) as f64 / STEPS as f64);
        scores[index] + part * (scores[(index + 1).min(last)] - scores[index])
    };
    Some((0..=STEPS).map(at).collect())
}

/// The share of the book below a score, 0–100; equal scores share the middle of their places.
pub fn percentile(quantiles: &[f64], score: f64) -> Option<f64> {
    let below = quantiles.partition_point(|quantile| *quantile < score);
    let not_above = quantiles.partition_point(|quantile| *quantile <= score);
    let (last, steps) = (quantiles.len().checked_sub(1)?, quantiles.len().saturating_sub(1).max(1) as f64);
    let place = match (below, not_above) {
        (0, 0) => 0.0,
        (below, _) if below > last => last as f64,
        (below, above) if below == above => {
            let (low, high) = (quantiles[below - 1], quantiles[below]);
            (below - 1) as f64 + (score - low) / (high - low)
        }
        (below, above) => (below + above - 1) as f64 / 2.0,
    };
    Some(100.0 * place / steps)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_score_finds_its_place() {
        let book = quantiles((0..=200).map(f64::from).collect()).unwrap_or_default();
        assert_eq!((book.len(), book[0], book[50], book[100]), (101, 0.0, 100.0, 200.0));
        let place = |score| percentile(&book, score);
        assert_eq!(
            (place(-1.0), place(0.0), place(31.0), place(900.0)),
            (Some(0.0), Some(0.0), Some(15.5), Some(100.0))
        );
        assert_eq!(percentile(&[7.0; 101], 7.0), Some(50.0), "all alike stand in the middle");
        assert_eq!((quantiles(vec![]), percentile(&[], 1.0)), (None, None));
    }

    proptest! {
        #[test]
        fn a_higher_score_is_never_lower_in_the_book(
            scores in prop::collection::vec(0.0..100.0, 1..300),
            a in 0.0..100.0,
            b in 0.0..100.0,
        ) {
            let book = quantiles(scores).unwrap_or_default();
            let place = |score| percentile(&book, score).unwrap_or(f64::NAN);
            prop_assert!((0.0..=100.0).contains(&place(a)));
            prop_assert!(a > b || place(a) <= place(b));
        }
    }
}
