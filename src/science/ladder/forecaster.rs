//! What is stored and served: features in, a probability and its terms out.

use serde::{Deserialize, Serialize};

use super::{Base, Learned, Step, history, logit, moved};
use crate::btyd::History;
use crate::features::{COUNT, Family};
use crate::rhythm::{Bounds, Rhythm, Silence};
use crate::special::logistic_pair;

/// A fitted ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecaster {
    /// The model without labels: it serves alone, or moves what was learned to other horizons.
    pub base: Base,
    /// Added to the log-odds of a base that serves alone: its level on the book's last window.
    pub level: f64,
    /// What the book's own past has taught.
    pub learned: Option<Learned>,
    /// How near to 0 and 1 the data can lead.
    pub bounds: Bounds,
}

/// A term of the log-odds of silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Term {
    /// The client's record up to the last active day.
    OwnRhythm,
    /// Silence within the own rhythm.
    UsualPause,
    /// Silence beyond it.
    Overdue,
    /// The level of the book's last window.
    BookLevel,
    /// Inputs of one family.
    Family(Family),
    /// Another horizon than that of the labels.
    Horizon,
    /// What the bounds take away.
    DataLimit,
}

/// A probability of silence as a sum: `base` + Σ `terms` = ln(p / (1 − p)).
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The probability, within the bounds.
    pub p: f64,
    /// Log-odds of a client of this book on the first active day, or of the mean active client where it was learned.
    pub base: f64,
    /// What this client's record adds.
    pub terms: Vec<(Term, f64)>,
}

const FAMILIES: [Family; 4] = [Family::Recency, Family::Frequency, Family::Amount, Family::Breadth];

impl Forecaster {
    /// A base alone, without bounds.
    #[must_use]
    pub const fn of(base: Base) -> Self {
        Self { base, level: 0.0, learned: None, bounds: Bounds { floor: 0.0, ceiling: 1.0 } }
    }

    /// The step that serves.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self.learned {
            Some(_) => Step::Logistic,
            None => self.base.step(),
        }
    }

    /// Probability of no active day in the next `weeks` (> 0), within the bounds. Falls with `weeks`.
    #[must_use]
    pub fn p_silent(&self, features: &[f64; COUNT], weeks: f64) -> f64 {
        self.bounds.hold(self.unbounded(features, weeks))
    }

    fn unbounded(&self, features: &[f64; COUNT], weeks: f64) -> f64 {
        match &self.learned {
            Some(learned) => logistic_pair(learned.logit(&self.base, features, weeks)).0,
            None => moved(self.base.p_silent(&history(features), weeks), self.level),
        }
    }

    /// Where the client's own probability lies with 90 %, in a model of own rates alone that serves alone.
    #[must_use]
    pub fn range(&self, history: &History, weeks: f64) -> Option<(f64, f64)> {
        let rhythm = match (&self.learned, self.base) {
            (None, Base::Rhythm(rhythm)) => rhythm,
            (None, Base::Nbd(parameters)) => Rhythm { shape: parameters.r, scale: parameters.alpha },
            _ => return None,
        };
        let Silence { probability, low, high } = rhythm.silence(history, weeks);
        let [low, p, high] = [low, probability, high].map(|p| moved(p, self.level));
        let (nearly_never, nearly_ever) = self.bounds.beyond();
        // Where the data cannot follow the model to its end, they say how far from it the client may be.
        let low = if p > self.bounds.ceiling { low.min(nearly_ever) } else { low };
        let high = if p < self.bounds.floor { high.max(nearly_never) } else { high };
        Some((self.bounds.hold(low), self.bounds.hold(high)))
    }

    /// Probability that the client has not left, within the bounds; `None` where the base knows of no leaving.
    #[must_use]
    pub fn p_alive(&self, history: &History) -> Option<f64> {
        self.base.p_alive(history).map(|p| self.bounds.hold(p))
    }

    /// The probability taken apart; `None` if it is not a number.
    #[must_use]
    pub fn parts(&self, features: &[f64; COUNT], weeks: f64) -> Option<Parts> {
        let (base, mut terms) = match &self.learned {
            Some(learned) => self.learned_terms(learned, features, weeks)?,
            None => self.base_terms(features, weeks),
        };
        let unbounded = self.unbounded(features, weeks);
        let p = self.bounds.hold(unbounded);
        if p != unbounded {
            let sum = base + terms.iter().map(|(_, term)| term).sum::<f64>();
            terms.push((Term::DataLimit, logit(p) - sum));
        }
        let finite = !p.is_nan() && base.is_finite() && terms.iter().all(|(_, term)| term.is_finite());
        finite.then_some(Parts { p, base, terms })
    }

    fn learned_terms(&self, learned: &Learned, features: &[f64; COUNT], weeks: f64) -> Option<(f64, Vec<(Term, f64)>)> {
        let parts = learned.contributions(&self.base, features)?;
        let inputs = learned.inputs.features();
        let of = |family: Family| {
            let own = inputs.iter().zip(&parts.each).filter(|(input, _)| input.family == family);
            own.map(|(_, contribution)| contribution).sum::<f64>()
        };
        let present = FAMILIES.into_iter().filter(|family| inputs.iter().any(|input| input.family == *family));
        let mut terms: Vec<(Term, f64)> = present.map(|family| (Term::Family(family), of(family))).collect();
        if weeks != learned.weeks {
            terms.push((Term::Horizon, learned.moved(&self.base, features, weeks)));
        }
        Some((parts.base, terms))
    }

    /// Statistics replace those of a new client in this order, each term being the change of the log-odds:
    /// 1. base: `(0, 0, 0)`, any client of the book on the first active day;
    /// 2. own rhythm: `(x, t_x, t_x)`, this client on the last active day;
    /// 3. usual pause: `(x, t_x, t_x + min(silence, own mean gap))`; left out after a single active day;
    /// 4. overdue: `(x, t_x, T)`, silent beyond that.
    ///
    /// Each term starts where the one before ended, so they sum to the whole.
    fn base_terms(&self, features: &[f64; COUNT], weeks: f64) -> (f64, Vec<(Term, f64)>) {
        let now @ History { x, t_x, t } = history(features);
        let at = |history: History| logit(self.base.p_silent(&history, weeks));
        let base = at(History { x: 0, t_x: 0.0, t: 0.0 });
        let mut steps = vec![(Term::OwnRhythm, at(History { x, t_x, t: t_x }))];
        if x > 0 {
            let usual = (t_x / f64::from(x)).min(t - t_x);
            steps.push((Term::UsualPause, at(History { x, t_x, t: t_x + usual })));
        }
        steps.push((Term::Overdue, at(now)));
        if self.level != 0.0 {
            steps.push((Term::BookLevel, at(now) + self.level));
        }
        let mut before = base;
        let terms = steps.into_iter().map(|(term, logit)| (term, logit - std::mem::replace(&mut before, logit)));
        (base, terms.collect())
    }
}
