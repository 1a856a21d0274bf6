//! From raw values, whatever their units, to standard positions that one penalty can judge alike.

use serde::{Deserialize, Serialize};

use super::Table;

/// What happens to a raw value before it is centred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Nothing.
    Plain,
    /// [`signed_log`]: amounts and counts span powers of ten, and may be negative.
    SignedLog,
}

impl Form {
    fn apply(self, v: f64) -> f64 {
        match self {
            Self::Plain => v,
            Self::SignedLog => signed_log(v),
        }
    }
}

/// sign(v)·ln(1 + |v|): a logarithm that passes through 0.
#[must_use]
pub fn signed_log(v: f64) -> f64 {
    v.abs().ln_1p().copysign(v)
}

/// How columns become standard positions: z = (form(v) − mean) / deviation, with what the training rows had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// Applied before the rest.
    pub form: Form,
    /// Mean of each column after `form`.
    pub means: Vec<f64>,
    /// Standard deviation of each column after `form` (divisor n); 1 for a column that does not vary.
    pub deviations: Vec<f64>,
}

impl Scaling {
    /// Means and deviations of these rows; `None` if there is none.
    #[must_use]
    pub fn of(table: &Table, form: Form) -> Option<Self> {
        if table.is_empty() {
            return None;
        }
        let formed = table.map(|_, v| form.apply(v));
        let means = formed.means();
        let squares = formed.map(|at, v| (v - means[at]).powi(2)).means();
        // Rounding alone leaves a constant column a spread near 1e-16 of its size.
        let varies = |deviation: f64, mean: f64| deviation > 1e-12 * mean.abs();
        let deviation = |(square, &mean): (f64, &f64)| {
            let deviation = square.sqrt();
            if varies(deviation, mean) { deviation } else { 1.0 }
        };
        let deviations = squares.into_iter().zip(&means).map(deviation).collect();
        Some(Self { form, means, deviations })
    }

    /// Standard positions of every row; `None` if the columns are not those the scaling was made of.
    #[must_use]
    pub fn positions(&self, table: &Table) -> Option<Table> {
        (table.columns() == self.means.len()).then(|| table.map(|at, v| self.position(at, v)))
    }

    /// Standard positions of one row; `None` if it is not as long as the rows the scaling was made of.
    #[must_use]
    pub fn position_of(&self, raw: &[f64]) -> Option<Vec<f64>> {
        (raw.len() == self.means.len()).then(|| raw.iter().enumerate().map(|(at, &v)| self.position(at, v)).collect())
    }

    fn position(&self, at: usize, v: f64) -> f64 {
        (self.form.apply(v) - self.means[at]) / self.deviations[at]
    }
}
