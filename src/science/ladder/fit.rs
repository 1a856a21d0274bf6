//! Which step of the ladder a book supports.

use super::lessons::{Lessons, cells};
use super::{Base, Forecaster, Learning, NotLearned, Past};
use crate::btyd::{FitPolicy, Fitted, NotIdentified};
use crate::features::COUNT;
use crate::rhythm::Bounds;

/// What a fit is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// What a book must show before a model with dropout is believed.
    pub policy: FitPolicy,
    /// Weeks over which silence is forecast.
    pub weeks: f64,
    /// Days within which a client counts as active: models are compared on the active.
    pub active_days: f64,
}

/// What came of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The step that serves; none for a book that saw no time.
    pub forecaster: Option<Forecaster>,
    /// The fit with dropout, or why there is none.
    pub lifetime: Result<Fitted, NotIdentified>,
    /// The comparison, where there was one.
    pub learning: Option<Learning>,
    /// Why nothing learned serves.
    pub not_learned: Option<NotLearned>,
}

/// Climbs the ladder for a book of clients as they are `now`. Clients come in any order: they are put into one.
#[must_use]
pub fn fit(now: &[[f64; COUNT]], past: Option<Past>, settings: &Settings) -> Outcome {
    let cells = cells(now.iter());
    let (base, lifetime) = Base::of_book(&cells, &settings.policy);
    let Some(base) = base else {
        return Outcome { forecaster: None, lifetime, learning: None, not_learned: Some(NotLearned::BookTooShort) };
    };
    let past = past.map(|past| Lessons::new(past, &settings.policy, settings.active_days));
    let taught = past.as_ref().ok_or((NotLearned::BookTooShort, None)).and_then(Lessons::learn);
    let (learned, learning, not_learned) = match taught {
        Ok((learned, learning)) => (Some(learned), Some(learning), None),
        Err((why, learning)) => (None, learning, Some(why)),
    };
    let level = match (&learned, base) {
        (None, Base::Nbd(_) | Base::Rhythm(_)) => past.as_ref().and_then(Lessons::level).unwrap_or_default(),
        _ => 0.0,
    };
    let seen = past.as_ref().and_then(Lessons::bounds);
    let bounds = seen.unwrap_or_else(|| Bounds::of_book(&cells, settings.weeks));
    Outcome { forecaster: Some(Forecaster { base, level, learned, bounds }), lifetime, learning, not_learned }
}
