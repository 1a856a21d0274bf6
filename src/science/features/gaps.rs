//! Gaps between active days, summed as they come.

/// Clumpiness of gaps ≥ 0: 1 + Σ pᵢ ln pᵢ / ln m, with pᵢ the share of gap i in the sum of all m (Zhang, Bradlow &
/// Small 2013, "New Measures of Clumpiness for Incidence Data", J. Applied Statistics 40, the entropy measure: 0 for
/// equal gaps, 1 for one gap that is all the time). 0 for fewer than two gaps, or none of any length.
#[must_use]
pub fn clumpiness(gaps: &[f64]) -> f64 {
    let mut sums = Gaps::default();
    gaps.iter().for_each(|&gap| sums.add(gap));
    entropy_deficit(sums.count, sums.sum, sums.entropy)
}

/// Running sums over gaps.
#[derive(Default)]
pub(super) struct Gaps {
    count: f64,
    sum: f64,
    /// Mean and sum of squared distances from it (Welford 1962), which do not cancel.
    mean: f64,
    squares: f64,
    /// Σ g ln g.
    entropy: f64,
    last: f64,
}

impl Gaps {
    pub(super) fn add(&mut self, gap: f64) {
        self.count += 1.0;
        self.sum += gap;
        let distance = gap - self.mean;
        self.mean += distance / self.count;
        self.squares += distance * (gap - self.mean);
        self.entropy += g_ln_g(gap);
        self.last = gap;
    }

    /// None for no gap.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.count > 0.0).then_some(self.mean)
    }

    /// Standard deviation over mean; 0 for no gap.
    pub(super) fn variation(&self) -> f64 {
        if self.mean > 0.0 { (self.squares / self.count).sqrt() / self.mean } else { 0.0 }
    }

    /// 0 for no gap.
    pub(super) fn last(&self) -> f64 {
        self.last
    }

    /// Clumpiness with one more gap.
    pub(super) fn clumpiness_with(&self, gap: f64) -> f64 {
        entropy_deficit(self.count + 1.0, self.sum + gap, self.entropy + g_ln_g(gap))
    }
}

fn g_ln_g(gap: f64) -> f64 {
    if gap > 0.0 { gap * gap.ln() } else { 0.0 }
}

/// Σ p ln p = (Σ g ln g)/S − ln S. Rounding stays within [0, 1].
fn entropy_deficit(count: f64, sum: f64, entropy: f64) -> f64 {
    if count < 2.0 || sum <= 0.0 {
        return 0.0;
    }
    (1.0 + (entropy / sum - sum.ln()) / count.ln()).clamp(0.0, 1.0)
}
