//! The coefficients, by Newton's method.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Table;
use crate::cholesky;
use crate::special::{logistic_pair, softplus};

/// A fitted logistic regression in standard positions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coefficients {
    /// β₀: the logit where every position is 0.
    pub intercept: f64,
    /// βⱼ: what one unit of each position adds to the logit.
    pub weights: Vec<f64>,
}

impl Coefficients {
    /// Log-odds of the event at these positions, one for each weight.
    #[must_use]
    pub fn logit(&self, z: &[f64]) -> f64 {
        debug_assert_eq!(z.len(), self.weights.len());
        self.intercept + dot(&self.weights, z)
    }

    /// Probability of the event at these positions.
    #[must_use]
    pub fn probability(&self, z: &[f64]) -> f64 {
        logistic_pair(self.logit(z)).0
    }
}

/// Why rows do not determine the coefficients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotFitted {
    /// Rows and outcomes are not equally many, or C is not positive.
    InvalidInput,
    /// All outcomes are the same, or there is none.
    OneOutcome,
    /// No minimum was reached: without a penalty (C infinite) the inputs separate the outcomes or depend on each other.
    NotConverged,
}

impl NotFitted {
    /// The code, as it is stored and shown.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::OneOutcome => "one_outcome",
            Self::NotConverged => "not_converged",
        }
    }
}

impl fmt::Display for NotFitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for NotFitted {}

const MAX_ITERATIONS: u32 = 100;
/// A Newton step this short, once made, leaves an error near its square.
const LAST_STEP: f64 = 1e-7;
/// Without a penalty, coefficients beyond this are on their way to infinity.
const LARGEST: f64 = 1e3;

/// Fits by minimising ½ Σ βⱼ² + `c` Σ loss over `positions` (n × d) with n outcomes. `c` may be infinite: no penalty.
///
/// One step costs n·d²/2 multiplications; from zero it takes five to eight.
///
/// # Errors
/// [`NotFitted`], in the order of its variants.
pub fn fit(positions: &Table, happened: &[bool], c: f64) -> Result<Coefficients, NotFitted> {
    if positions.len() != happened.len() || c.is_nan() || c <= 0.0 {
        return Err(NotFitted::InvalidInput);
    }
    let events = happened.iter().filter(|&&happened| happened).count() as f64;
    let others = happened.len() as f64 - events;
    if events == 0.0 || others == 0.0 {
        return Err(NotFitted::OneOutcome);
    }
    // Coefficients with the intercept last, so that the penalty ends before it. At the base rate, to save a step.
    let d = positions.columns();
    let mut beta = vec![0.0; d + 1];
    beta[d] = (events / others).ln();

    let problem = Problem { positions, happened, penalty: 1.0 / c };
    let mut here = problem.loss(&beta);
    for _ in 0..MAX_ITERATIONS {
        let (mut gradient, mut curvature) = problem.slope(&beta);
        cholesky::solve(&mut curvature, &mut gradient).ok_or(NotFitted::NotConverged)?;
        let step = gradient;
        let longest = step.iter().fold(0.0_f64, |longest, s| longest.max(s.abs()));
        let mut scale = 1.0;
        loop {
            let next: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b - scale * s).collect();
            let there = problem.loss(&next);
            // Rounding may hide the fall of the last steps.
            if there <= here + 1e-12 * here.abs() {
                (beta, here) = (next, there);
                break;
            }
            scale /= 2.0;
            if scale < 1e-9 {
                return Err(NotFitted::NotConverged);
            }
        }
        if problem.penalty == 0.0 && beta.iter().any(|b| b.abs() > LARGEST) {
            return Err(NotFitted::NotConverged);
        }
        if scale == 1.0 && longest < LAST_STEP {
            let intercept = beta.pop().unwrap_or_default();
            return Ok(Coefficients { intercept, weights: beta });
        }
    }
    Err(NotFitted::NotConverged)
}

/// The sum to minimise: Σ loss + ½ penalty Σ βⱼ², the objective over C.
struct Problem<'a> {
    positions: &'a Table,
    happened: &'a [bool],
    penalty: f64,
}

impl Problem<'_> {
    fn loss(&self, beta: &[f64]) -> f64 {
        let (weights, intercept) = beta.split_at(self.positions.columns());
        let row = |(z, &happened): (&[f64], &bool)| {
            let logit = intercept[0] + dot(weights, z);
            // ln(1 + eˡ) − y·l, without the cancellation.
            softplus(if happened { -logit } else { logit })
        };
        self.positions.rows().zip(self.happened).map(row).sum::<f64>() + self.penalty / 2.0 * dot(weights, weights)
    }

    /// Gradient, and the upper triangle of the curvature row by row: Σ p(1−p)·z zᵀ plus the penalty.
    fn slope(&self, beta: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let d = self.positions.columns();
        let n = d + 1;
        let (weights, intercept) = beta.split_at(d);
        let (mut gradient, mut curvature) = (vec![0.0; n], vec![0.0; n * n]);
        // Four rows at a time: each entry of the curvature is loaded and stored once for four products.
        let mut block = vec![0.0; 4 * n];
        for (rows, outcomes) in self.positions.values().chunks(4 * d).zip(self.happened.chunks(4)) {
            let mut spreads = [0.0; 4];
            for (at, (z, &happened)) in rows.chunks_exact(d).zip(outcomes).enumerate() {
                let extended = &mut block[at * n..(at + 1) * n];
                extended[..d].copy_from_slice(z);
                extended[d] = 1.0;
                let (p, q) = logistic_pair(intercept[0] + dot(weights, z));
                let residual = if happened { -q } else { p };
                gradient.iter_mut().zip(&*extended).for_each(|(g, z)| *g += residual * z);
                spreads[at] = p * q;
            }
            add_products(&mut curvature, &block, spreads, n);
        }
        for j in 0..d {
            gradient[j] += self.penalty * weights[j];
            curvature[j * n + j] += self.penalty;
        }
        (gradient, curvature)
    }
}

/// Adds Σ spread·z zᵀ of four rows of length n to the upper triangle.
fn add_products(curvature: &mut [f64], block: &[f64], spreads: [f64; 4], n: usize) {
    let (z0, rest) = block.split_at(n);
    let (z1, rest) = rest.split_at(n);
    let (z2, z3) = rest.split_at(n);
    for i in 0..n {
        let (a, b, c, e) = (spreads[0] * z0[i], spreads[1] * z1[i], spreads[2] * z2[i], spreads[3] * z3[i]);
        let row = curvature[i * n + i..(i + 1) * n].iter_mut();
        for ((((h, x0), x1), x2), x3) in row.zip(&z0[i..]).zip(&z1[i..]).zip(&z2[i..]).zip(&z3[i..]) {
            *h += a * x0 + b * x1 + (c * x2 + e * x3);
        }
    }
}

fn dot(u: &[f64], v: &[f64]) -> f64 {
    u.iter().zip(v).map(|(u, v)| u * v).sum()
}
