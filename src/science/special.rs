//! Special functions, in the forms that keep their digits.

use statrs::function::gamma::ln_gamma;

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
}
