//! Special functions, in the forms that keep their digits.

use statrs::function::gamma::{gamma_lr, ln_gamma};

/// ln (z)ₙ = ln Γ(z+n) − ln Γ(z), the logarithm of the rising factorial z(z+1)…(z+n−1). `z` > 0.
///
/// Relative error near 1e-15; a short product is multiplied out because the difference of two lnΓ would cancel.
#[must_use]
pub fn ln_rising(z: f64, n: u32) -> f64 {
    const SHORT: u32 = 24;
    if n <= SHORT {
        let product: f64 = (0..n).map(|j| z + f64::from(j)).product();
        // Only parameters far outside any fit can leave the range of a double; they take the long way.
        if product.is_normal() {
            return product.ln();
        }
    }
    ln_gamma(z + f64::from(n)) - ln_gamma(z)
}

/// 1 / (1 + e⁻ᵘ) and 1 / (1 + eᵘ) together, each to full relative precision however small it is.
#[must_use]
pub fn logistic_pair(u: f64) -> (f64, f64) {
    let e = (-u.abs()).exp();
    let (large, small) = (1.0 / (1.0 + e), e / (1.0 + e));
    if u >= 0.0 { (large, small) } else { (small, large) }
}

/// ln(1 + eᵘ) without overflow; 0 at −∞.
#[must_use]
pub fn softplus(u: f64) -> f64 {
    u.max(0.0) + (-u.abs()).exp().ln_1p()
}

/// The value below which a Gamma(`shape`, 1) variable stays with probability `level`; 0 < `shape`, 0 < `level` < 1.
///
/// Newton's method on the regularised incomplete gamma function, kept between bounds that close in. Relative error near
/// 1e-12; 0 where the value is smaller than any double.
#[must_use]
pub fn gamma_quantile(shape: f64, level: f64) -> f64 {
    const MAX_ITERATIONS: u32 = 200;
    // P(shape, x) ≤ x^shape / Γ(shape+1): the value is not below this one.
    let mut low = ((level.ln() + ln_gamma(shape + 1.0)) / shape).exp();
    if !low.is_normal() {
        return 0.0;
    }
    let mut high = low.max(shape);
    while gamma_lr(shape, high) < level {
        high *= 2.0;
    }
    let mut x = low;
    for _ in 0..MAX_ITERATIONS {
        let excess = gamma_lr(shape, x) - level;
        if excess < 0.0 {
            low = x
        } else {
            high = x
        }
        let density = ((shape - 1.0) * x.ln() - x - ln_gamma(shape)).exp();
        let mut next = x - excess / density;
        if !(low < next && next < high) {
            next = (low * high).sqrt();
        }
        if (next - x).abs() <= 1e-13 * x {
            return next;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rising_factorial_agrees_on_both_sides_of_the_switch() {
        for z in [1e-4, 0.242_593, 1.0, 4.41, 7_000.0] {
            for n in [0, 1, 2, 23, 24, 25, 26, 400] {
                let sum: f64 = (0..n).map(|j| (z + f64::from(j)).ln()).sum();
                assert!((ln_rising(z, n) - sum).abs() <= 1e-12 * sum.abs().max(1.0), "({z})_{n}");
            }
        }
    }

    #[test]
    fn logistic_and_softplus_hold_at_the_ends() {
        assert_eq!(logistic_pair(f64::NEG_INFINITY), (0.0, 1.0));
        assert_eq!(logistic_pair(f64::INFINITY), (1.0, 0.0));
        assert_eq!(softplus(f64::NEG_INFINITY), 0.0);
        assert_eq!(softplus(5_000.0), 5_000.0);
        assert!((logistic_pair(-40.0).0 / (-40.0_f64).exp() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn gamma_quantiles_agree_with_tables_and_with_their_function() {
        // χ² with one, two and 100 degrees at 5 and 95 %, halved.
        let tables = [
            (0.5, 0.05, 0.003_932_14 / 2.0),
            (0.5, 0.95, 3.841_459 / 2.0),
            (1.0, 0.95, -0.05_f64.ln()),
            (50.0, 0.05, 77.929_465 / 2.0),
            (50.0, 0.95, 124.342_113 / 2.0),
        ];
        for (shape, level, want) in tables {
            let got = gamma_quantile(shape, level);
            assert!((got / want - 1.0).abs() < 1e-6, "{shape} {level}: {got}, not {want}");
        }
        for shape in [0.1, 0.3, 1.0, 3.7, 42.0, 1_000.0, 40_000.0] {
            for level in [0.01, 0.05, 0.5, 0.95, 0.99] {
                let back = gamma_lr(shape, gamma_quantile(shape, level));
                assert!((back - level).abs() < 1e-9, "{shape} {level}: {back}");
            }
        }
        assert_eq!(gamma_quantile(1e-4, 0.05), 0.0);
    }
}
