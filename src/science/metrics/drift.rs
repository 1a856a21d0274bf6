//! Whether the population is still the one a model was made for.

/// The nine deciles of a sample, interpolated linearly between its values (type 7 of Hyndman & Fan 1996), each once:
/// fewer where values repeat. `None` for no values or one that is not a number.
#[must_use]
pub fn decile_edges(sample: &[f64]) -> Option<Vec<f64>> {
    if sample.is_empty() || sample.iter().any(|v| v.is_nan()) {
        return None;
    }
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut edges: Vec<f64> = (1..10).map(|decile| quantile(&sorted, f64::from(decile) / 10.0)).collect();
    edges.dedup();
    Some(edges)
}

/// Population stability index: Σ (cᵢ − rᵢ)·ln(cᵢ/rᵢ) over the bins between `edges` (ascending; a value on an edge
/// belongs above it), where r and c are the shares of the reference and of the current values. A share below `floor`
/// counts as `floor`, so that an empty bin is large but not infinite. By custom .1 is worth a look and .2 an alarm.
///
/// `None` for no values on either side, or one that is not a number.
#[must_use]
pub fn population_stability(reference: &[f64], current: &[f64], edges: &[f64], floor: f64) -> Option<f64> {
    let shares = |values: &[f64]| {
        let sound = !values.is_empty() && values.iter().all(|v| !v.is_nan());
        sound.then(|| {
            let mut counts = vec![0.0; edges.len() + 1];
            for value in values {
                counts[edges.partition_point(|edge| edge <= value)] += 1.0;
            }
            counts.into_iter().map(|count: f64| (count / values.len() as f64).max(floor)).collect::<Vec<_>>()
        })
    };
    let (reference, current) = (shares(reference)?, shares(current)?);
    Some(reference.iter().zip(&current).map(|(r, c)| (c - r) * (c / r).ln()).sum())
}

/// The quantile at `level` (0 to 1) of ascending values, at least one.
pub(super) fn quantile(sorted: &[f64], level: f64) -> f64 {
    let place = level * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place within the slice")]
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}
