//! Inputs of many rows.

/// Numbers, all finite, row by row; every row has the same columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: usize,
    values: Vec<f64>,
}

impl Table {
    /// `None` unless there is a column, the rows are whole, and every value is a finite number.
    #[must_use]
    pub fn new(columns: usize, values: Vec<f64>) -> Option<Self> {
        let whole = columns > 0 && values.len().is_multiple_of(columns);
        (whole && values.iter().all(|v| v.is_finite())).then_some(Self { columns, values })
    }

    /// From rows that are arrays, such as feature vectors.
    #[must_use]
    pub fn of_rows<const N: usize>(rows: &[[f64; N]]) -> Option<Self> {
        Self::new(N, rows.as_flattened().to_vec())
    }

    /// Columns of each row.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.columns
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The rows, in order.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.columns)
    }

    /// The same rows with these columns only, in this order; `None` if one does not exist, or none is named.
    #[must_use]
    pub fn select(&self, columns: &[usize]) -> Option<Self> {
        if columns.is_empty() || columns.iter().any(|&at| at >= self.columns) {
            return None;
        }
        let values = self.rows().flat_map(|row| columns.iter().map(|&at| row[at])).collect();
        Some(Self { columns: columns.len(), values })
    }

    /// Mean of each column; NaN where there is no row.
    #[must_use]
    pub fn means(&self) -> Vec<f64> {
        let mut means = vec![0.0; self.columns];
        for row in self.rows() {
            means.iter_mut().zip(row).for_each(|(mean, v)| *mean += v);
        }
        means.iter_mut().for_each(|mean| *mean /= self.len() as f64);
        means
    }

    /// Every value through `f`, which is given its column; the caller sees to it that all stay finite.
    pub(super) fn map(&self, f: impl Fn(usize, f64) -> f64) -> Self {
        let row = |row: &[f64]| row.iter().enumerate().map(|(at, &v)| f(at, v)).collect::<Vec<_>>();
        Self { columns: self.columns, values: self.rows().flat_map(row).collect() }
    }

    /// All values, row by row.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }
}
