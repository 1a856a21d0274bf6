//! A maximum by damped Newton steps inside a box, for smooth functions of a few variables.
//!
//! Curvature is exact, so a fit needs about ten evaluations instead of the fifty of a quasi-Newton method; with a large
//! book one evaluation is all the cost there is. Deterministic: same function and start, same answer.

/// A function value with its first and second derivatives at one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surface<const N: usize> {
    /// Value of the function.
    pub value: f64,
    /// First derivatives.
    pub gradient: [f64; N],
    /// Second derivatives, symmetric.
    pub hessian: [[f64; N]; N],
}

/// Where the climb ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Maximum<const N: usize> {
    /// The point, inside the box or on its wall.
    pub point: [f64; N],
    /// The function there.
    pub value: f64,
    /// Newton steps taken.
    pub iterations: u32,
}

const MAX_ITERATIONS: u32 = 100;
/// No coordinate moves further in one step, whatever the curvature promises.
const LONGEST_STEP: f64 = 2.0;
/// Newton decrement (gradient · step, twice the gain still to come) under which rounding may hide a rise in the
/// value: full steps from here on converge quadratically and need no line search.
const FULL_STEPS_BELOW: f64 = 1e-9;
/// Newton decrement at which the climb is over.
const CONVERGED_BELOW: f64 = 1e-18;

/// Climbs from `start` within `lowest..=highest` (the same for every coordinate). `None` when it does not converge or
/// the function is not finite.
pub fn maximise<const N: usize>(
    surface: impl Fn(&[f64; N]) -> Surface<N>,
    start: [f64; N],
    (lowest, highest): (f64, f64),
) -> Option<Maximum<N>> {
    let mut point = start.map(|y| y.clamp(lowest, highest));
    let mut here = surface(&point);
    for iterations in 0..MAX_ITERATIONS {
        let mut free = here;
        for (i, &y) in point.iter().enumerate() {
            let outward = if here.gradient[i] > 0.0 { highest } else { lowest };
            if y == outward {
                free.pin(i);
            }
        }
        let step = free.ascent()?;
        let decrement = dot(&free.gradient, &step);
        if decrement < CONVERGED_BELOW {
            return Some(Maximum { point, value: here.value, iterations });
        }
        let longest = step.iter().fold(0.0_f64, |longest, s| longest.max(s.abs()));
        let mut scale = (LONGEST_STEP / longest).min(1.0);
        (point, here) = loop {
            let next: [f64; N] = std::array::from_fn(|i| (point[i] + scale * step[i]).clamp(lowest, highest));
            let there = surface(&next);
            let moved: [f64; N] = std::array::from_fn(|i| next[i] - point[i]);
            let rises = there.value - here.value >= 1e-4 * dot(&free.gradient, &moved);
            if rises || (decrement < FULL_STEPS_BELOW && there.value.is_finite()) {
                break (next, there);
            }
            scale /= 2.0;
            if scale < 1e-12 {
                return None;
            }
        };
    }
    None
}

impl<const N: usize> Surface<N> {
    /// Nothing added yet.
    pub const ZERO: Self = Self { value: 0.0, gradient: [0.0; N], hessian: [[0.0; N]; N] };

    /// Takes coordinate `i` out of the climb: it stands at a wall and would go further.
    fn pin(&mut self, i: usize) {
        self.gradient[i] = 0.0;
        for j in 0..N {
            (self.hessian[i][j], self.hessian[j][i]) = (0.0, 0.0);
        }
        self.hessian[i][i] = -1.0;
    }

    /// The Newton step −H⁻¹g; where the surface is not concave, H is shifted until it is.
    fn ascent(&self) -> Option<[f64; N]> {
        let mut shift = 0.0;
        while shift < 1e12 {
            let curvature = std::array::from_fn(|i| {
                std::array::from_fn(|j| -self.hessian[i][j] + if i == j { shift } else { 0.0 })
            });
            if let Some(step) = solve_positive(curvature, self.gradient) {
                return Some(step);
            }
            shift = (shift * 10.0).max(1e-4);
        }
        None
    }

    /// The surface in the logarithms of its variables, whose values are `theta`.
    #[must_use]
    pub fn in_logarithms(mut self, theta: &[f64; N]) -> Self {
        for i in 0..N {
            self.gradient[i] *= theta[i];
            for j in 0..N {
                self.hessian[i][j] *= theta[i] * theta[j];
            }
            self.hessian[i][i] += self.gradient[i];
        }
        self
    }

    /// The surface times a constant.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            value: self.value * factor,
            gradient: self.gradient.map(|g| g * factor),
            hessian: self.hessian.map(|row| row.map(|h| h * factor)),
        }
    }
}

fn dot<const N: usize>(u: &[f64; N], v: &[f64; N]) -> f64 {
    u.iter().zip(v).map(|(u, v)| u * v).sum()
}

/// Solves `m·y = g` by Cholesky; `None` unless `m` is positive definite.
fn solve_positive<const N: usize>(m: [[f64; N]; N], g: [f64; N]) -> Option<[f64; N]> {
    let mut l = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let rest = m[i][j] - (0..j).map(|k| l[i][k] * l[j][k]).sum::<f64>();
            l[i][j] = if i == j { rest.sqrt() } else { rest / l[j][j] };
        }
        // Also refuses NaN, which a root of a negative number leaves here.
        if !(l[i][i] > 0.0 && l[i][i].is_finite()) {
            return None;
        }
    }
    let mut y = g;
    for i in 0..N {
        y[i] = (y[i] - (0..i).map(|k| l[i][k] * y[k]).sum::<f64>()) / l[i][i];
    }
    for i in (0..N).rev() {
        y[i] = (y[i] - (i + 1..N).map(|k| l[k][i] * y[k]).sum::<f64>()) / l[i][i];
    }
    y.iter().all(|y| y.is_finite()).then_some(y)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// −ln(1 + (x−1)² + 10(y−x²)²): a bent ridge, not concave away from its top.
    fn ridge([x, y]: &[f64; 2]) -> Surface<2> {
        let (p, q) = (x - 1.0, y - x * x);
        let f = 1.0 + p * p + 10.0 * q * q;
        let g = [2.0 * p - 40.0 * x * q, 20.0 * q];
        let h = [[2.0 - 40.0 * q + 80.0 * x * x, -40.0 * x], [-40.0 * x, 20.0]];
        let hessian = std::array::from_fn(|i| std::array::from_fn(|j| g[i] * g[j] / (f * f) - h[i][j] / f));
        Surface { value: -f.ln(), gradient: g.map(|g| -g / f), hessian }
    }

    #[test]
    fn climbs_a_ridge_that_is_not_concave() {
        let top = maximise(ridge, [-3.0, 4.0], (-9.0, 9.0)).expect("converges");
        assert!(top.point.iter().all(|y| (y - 1.0).abs() < 1e-9), "{top:?}");
    }

    #[test]
    fn goes_along_the_wall_it_meets() {
        let top = maximise(ridge, [-3.0, 0.2], (-9.0, 0.5)).expect("converges");
        assert_eq!(top.point[0], 0.5);
        assert!((top.point[1] - 0.25).abs() < 1e-9, "{top:?}");
    }

    #[test]
    fn refuses_what_is_not_a_number() {
        let nowhere = |_: &[f64; 1]| Surface { value: f64::NAN, gradient: [f64::NAN], hessian: [[f64::NAN]] };
        assert_eq!(maximise(nowhere, [0.0], (-1.0, 1.0)), None);
    }
}
