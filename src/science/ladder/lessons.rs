//! What the book's own past can teach, and whether that is better than what needs no labels.

use serde::{Deserialize, Serialize};

use super::{Base, Forecaster, Inputs, Learned, Observed, Past, Window, history, moved};
use crate::btyd::{Cell, FitPolicy};
use crate::features::COUNT;
use crate::metrics::{auc, brier, intercept_update};
use crate::rhythm::Bounds;

/// Fewest clients a regression is trained on; on fewer, own rhythm ranks as well.
const LEAST_CLIENTS: usize = 200;
/// All features are tried from so many clients on; on fewer they would fit the noise.
const FULL_FROM: usize = 1_500;
/// The longest window of the features: a book watched for less before the first cutoff has no full ones, and a
/// regression on them breaks down when it later has. At 32 cutoffs of two real logs all features ranked nowhere .005
/// better than four.
const FULL_DAYS: u32 = 365;
/// Fewest outcomes of each kind that set the level of a base, and bounds.
const LEAST_OUTCOMES: usize = 20;
/// How much worse the Brier score of what was learned may be.
const BRIER_TOLERANCE: f64 = 0.003;

/// Why nothing was learned, or not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotLearned {
    /// The book is not old enough for two windows.
    BookTooShort,
    /// Too few clients in the later window.
    TooFewClients,
    /// All clients of a window did the same, or the regression found no minimum.
    NotFitted,
    /// On the later window it ranked no better than the base, or its probabilities were worse.
    NotBetter,
}

impl NotLearned {
    /// The code, as it is stored and shown.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BookTooShort => "book_too_short",
            Self::TooFewClients => "too_few_clients",
            Self::NotFitted => "not_fitted",
            Self::NotBetter => "not_better",
        }
    }
}

/// Base and regression side by side on the active clients of the later window, the regression not having seen it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Learning {
    /// Active clients compared.
    pub clients: u64,
    /// AUC of the base.
    pub auc_base: f64,
    /// AUC of the regression.
    pub auc_learned: f64,
    /// Brier score of the base, at the level of the window.
    pub brier_base: f64,
    /// Brier score of the regression, at the level of the window.
    pub brier_learned: f64,
}

/// A book as the bases take it, in one order, so that sums and with them the fit are the same on every run.
pub(super) fn cells<'a>(book: impl Iterator<Item = &'a [f64; COUNT]>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut histories: Vec<_> = book.map(history).collect();
    histories.sort_by(|a, b| a.x.cmp(&b.x).then(a.t_x.total_cmp(&b.t_x)).then(a.t.total_cmp(&b.t)));
    for history in histories {
        match cells.last_mut() {
            Some(cell) if cell.history() == history => cell.weight += 1.0,
            _ => cells.push(Cell { x: history.x, t_x: history.t_x, t: history.t, weight: 1.0 }),
        }
    }
    cells
}

/// A window in one order, with the base of its cutoff.
struct Lesson {
    window: Window,
    base: Base,
}

impl Lesson {
    fn new(mut window: Window, policy: &FitPolicy) -> Option<Self> {
        window.clients.sort_by(|one: &Observed, other: &Observed| {
            let pairs = one.features.iter().zip(&other.features);
            pairs.map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(one.silent.cmp(&other.silent))
        });
        let (base, _) = Base::of_book(&cells(window.clients.iter().map(|one| &one.features)), policy);
        Some(Self { base: base?, window })
    }

    fn train(&self, inputs: Inputs, active_days: f64) -> Result<Learned, NotLearned> {
        let Window { weeks, clients } = &self.window;
        Learned::train(inputs, clients, &self.base, *weeks, active_days).map_err(|_| NotLearned::NotFitted)
    }

    fn active(&self, active_days: f64) -> impl Iterator<Item = &Observed> {
        self.window.clients.iter().filter(move |one| one.features[0] <= active_days)
    }

    /// Who of the active was silent, and what the base had said.
    fn of_active(&self, active_days: f64) -> (Vec<bool>, Vec<f64>) {
        let p = |one: &Observed| self.base.p_silent(&history(&one.features), self.window.weeks);
        self.active(active_days).map(|one| (one.silent, p(one))).unzip()
    }
}

/// What the book's past can teach.
pub(super) struct Lessons {
    earlier: Option<Lesson>,
    later: Option<Lesson>,
    last: Option<Lesson>,
    watched_days: u32,
    active_days: f64,
}

impl Lessons {
    pub fn new(past: Past, policy: &FitPolicy, active_days: f64) -> Self {
        let lesson = |window| Lesson::new(window, policy);
        let Past { earlier, later, last, watched_days } = past;
        let (earlier, later, last) = (lesson(earlier), lesson(later), lesson(last));
        Self { earlier, later, last, watched_days, active_days }
    }

    /// Trains on the earlier window and compares on the later; what ranks best there, and better than the base, is
    /// trained anew on the last.
    pub fn learn(&self) -> Result<(Learned, Learning), (NotLearned, Option<Learning>)> {
        let lessons = self.earlier.as_ref().zip(self.later.as_ref()).zip(self.last.as_ref());
        let ((earlier, later), last) = lessons.ok_or((NotLearned::BookTooShort, None))?;
        let clients = last.window.clients.len();
        if clients < LEAST_CLIENTS {
            return Err((NotLearned::TooFewClients, None));
        }
        let can_be_full = clients >= FULL_FROM && self.watched_days >= FULL_DAYS;
        let mut best: Option<(Inputs, Learning)> = None;
        for inputs in [Inputs::Compact, Inputs::Full].into_iter().take(1 + usize::from(can_be_full)) {
            let tried = earlier.train(inputs, self.active_days).map_err(|why| (why, None))?;
            let learning = self.compare(&tried, later).ok_or((NotLearned::NotFitted, None))?;
            if best.is_none_or(|(_, best)| learning.auc_learned > best.auc_learned) {
                best = Some((inputs, learning));
            }
        }
        let (inputs, learning) = best.ok_or((NotLearned::NotFitted, None))?;
        let better =
            learning.auc_learned > learning.auc_base && learning.brier_learned <= learning.brier_base + BRIER_TOLERANCE;
        if !better {
            return Err((NotLearned::NotBetter, Some(learning)));
        }
        let learned = last.train(inputs, self.active_days).map_err(|why| (why, Some(learning)))?;
        Ok((learned, learning))
    }

    fn compare(&self, learned: &Learned, later: &Lesson) -> Option<Learning> {
        let (silent, p_base) = later.of_active(self.active_days);
        let unbounded = Forecaster { learned: Some(learned.clone()), ..Forecaster::of(later.base) };
        let p = |one: &Observed| unbounded.p_silent(&one.features, later.window.weeks);
        let p_learned: Vec<f64> = later.active(self.active_days).map(p).collect();
        // A base rate that has moved since is mended by what is fitted last: it does not say which model is better.
        let at_the_level_seen = |p: &[f64]| match level(&silent, p) {
            Some(level) => brier(&silent, &p.iter().map(|&p| moved(p, level)).collect::<Vec<f64>>()),
            None => brier(&silent, p),
        };
        Some(Learning {
            clients: silent.len() as u64,
            auc_base: auc(&silent, &p_base)?,
            auc_learned: auc(&silent, &p_learned)?,
            brier_base: at_the_level_seen(&p_base)?,
            brier_learned: at_the_level_seen(&p_learned)?,
        })
    }

    /// The level of the base on the active clients of the last window.
    pub fn level(&self) -> Option<f64> {
        let (silent, p) = self.last.as_ref()?.of_active(self.active_days);
        level(&silent, &p)
    }

    /// How near to 0 and 1 the outcomes of the last window can lead; `None` where they are too few to say.
    pub fn bounds(&self) -> Option<Bounds> {
        let clients = &self.last.as_ref()?.window.clients;
        let silent = clients.iter().filter(|one| one.silent).count();
        let others = clients.len() - silent;
        (silent.min(others) >= LEAST_OUTCOMES).then(|| Bounds::of_outcomes(silent as f64, others as f64))
    }
}

/// What to add to the log-odds so that as many silent are foretold as there were; `None` where they are too few.
fn level(silent: &[bool], p: &[f64]) -> Option<f64> {
    let count = silent.iter().filter(|silent| **silent).count();
    let enough = count.min(silent.len() - count) >= LEAST_OUTCOMES;
    let p: Vec<f64> = p.iter().map(|p| p.clamp(1e-9, 1.0 - 1e-9)).collect();
    enough.then(|| intercept_update(silent, &p)).flatten()
}
