//! How sure one may be after so many observations.

use serde::{Deserialize, Serialize};

use crate::btyd::Cell;

/// How near to 0 and 1 a probability may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Least probability that the data can support.
    pub floor: f64,
    /// Greatest probability that the data can support.
    pub ceiling: f64,
}

impl Bounds {
    /// From outcomes seen: floor ½/(others + 1), ceiling 1 − ½/(events + 1).
    ///
    /// Had every row without the event been one like this client, the event would have been seen 0 times in `others`;
    /// the mean of Jeffreys' posterior Beta(½, others + ½) is then ½/(others + 1), and no data of this size can say
    /// less (Brown, Cai & DasGupta 2001, "Interval Estimation for a Binomial Proportion", Statistical Science 16, §3).
    /// A sixth of the rule of three, which bounds the same chance from above with 95 %.
    #[must_use]
    pub fn of_outcomes(events: f64, others: f64) -> Self {
        Self { floor: 0.5 / (others.max(0.0) + 1.0), ceiling: 1.0 - 0.5 / (events.max(0.0) + 1.0) }
    }

    /// From histories without labels: the book has watched ΣT/H times for a horizon of H weeks (> 0), and each may have
    /// ended either way.
    #[must_use]
    pub fn of_book(cells: &[Cell], horizon: f64) -> Self {
        let watched = cells.iter().map(|cell| cell.weight * cell.t).sum::<f64>() / horizon;
        Self::of_outcomes(watched, watched)
    }

    /// What a probability at the floor is below with 95 %, and one at the ceiling above: the rule of three, 3/n beside
    /// the ½/n of the bounds (Hanley & Lippman-Hand 1983, "If Nothing Goes Wrong, Is Everything All Right?", JAMA 249).
    #[must_use]
    pub fn beyond(&self) -> (f64, f64) {
        (self.hold(6.0 * self.floor), self.hold(1.0 - 6.0 * (1.0 - self.ceiling)))
    }

    /// The probability within the bounds.
    #[must_use]
    pub fn hold(&self, p: f64) -> f64 {
        p.max(self.floor).min(self.ceiling)
    }
}
