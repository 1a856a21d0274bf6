//! Positive definite systems whose size is known only at run time.

/// Solves `m·y = g` in place: `m` is symmetric, row by row, of which only the upper triangle is read; `g` becomes `y`.
///
/// `None` unless `m` is positive definite and the answer finite; both arguments are then spoilt.
#[must_use]
pub fn solve(m: &mut [f64], g: &mut [f64]) -> Option<()> {
    let n = g.len();
    debug_assert_eq!(m.len(), n * n);
    // m = Uᵀ·U, U written over the upper triangle, row by row.
    for i in 0..n {
        let (above, row) = m.split_at_mut(i * n);
        let row = &mut row[..n];
        for k in 0..i {
            let u = &above[k * n..(k + 1) * n];
            let factor = u[i];
            for j in i..n {
                row[j] -= factor * u[j];
            }
        }
        let pivot = row[i].sqrt();
        // Also refuses NaN, which a root of a negative number leaves here.
        if !(pivot > 0.0 && pivot.is_finite()) {
            return None;
        }
        row[i..].iter_mut().for_each(|u| *u /= pivot);
    }
    for i in 0..n {
        let known: f64 = (0..i).map(|k| m[k * n + i] * g[k]).sum();
        g[i] = (g[i] - known) / m[i * n + i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| m[i * n + k] * g[k]).sum();
        g[i] = (g[i] - known) / m[i * n + i];
    }
    g.iter().all(|y| y.is_finite()).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// m = aᵀa + 1 is positive definite whatever a is.
        #[test]
        fn the_solution_solves(
            n in 1_usize..8,
            a in prop::collection::vec(-3.0..3.0, 64),
            y in prop::collection::vec(-5.0..5.0, 8),
        ) {
            let entry = |i: usize, j: usize| {
                (0..8).map(|k| a[8 * k + i] * a[8 * k + j]).sum::<f64>() + f64::from(u8::from(i == j))
            };
            let mut m: Vec<f64> = (0..n * n).map(|at| entry(at / n, at % n)).collect();
            let mut g: Vec<f64> = (0..n).map(|i| (0..n).map(|j| entry(i, j) * y[j]).sum()).collect();
            // Only the upper triangle counts.
            (1..n).for_each(|i| m[i * n..i * n + i].fill(f64::NAN));
            prop_assert!(solve(&mut m, &mut g).is_some());
            for (got, want) in g.iter().zip(&y) {
                prop_assert!((got - want).abs() < 1e-8, "{} {}", got, want);
            }
        }
    }

    #[test]
    fn refuses_what_is_not_positive_definite() {
        assert_eq!(solve(&mut [1.0, 2.0, 0.0, 1.0], &mut [1.0, 1.0]), None);
        assert_eq!(solve(&mut [0.0], &mut [1.0]), None);
        assert_eq!(solve(&mut [f64::NAN], &mut [1.0]), None);
    }
}
