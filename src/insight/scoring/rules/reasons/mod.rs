//! Why a probability of silence is what it is: an exact sum of log-odds, and what the model does not see.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::model::{ChurnStatistics, Explanation};
use super::words;
use platform::kernel::decision::{Reason, Text};
use science::features::Family;
use science::ladder::{Parts, Term};

/// Reasons given at most.
const MAX_REASONS: usize = 3;
/// Changes smaller than this (log-odds, or the logarithm of a ratio) are not worth a reason.
const MIN_STRENGTH: f64 = 0.1;
/// Share of sales in turnover from which a client counts as selling out.
const SELLING_FROM: f64 = 0.65;

/// A reason and how much it says, in natural-log units.
struct Candidate {
    strength: f64,
    reason: Reason,
}

/// Puts the terms of a probability over a horizon into words, and picks what says most. Changes that the model does
/// not see compete by their logarithm, without contribution.
pub fn explain(statistics: &ChurnStatistics, parts: &Parts, horizon_days: u32) -> Explanation {
    let reason = |&(term, contribution): &(Term, f64)| {
        let (code, text) = wording(term, statistics, horizon_days);
        (of_client(term), Reason::with_contribution(code, text, contribution))
    };
    let worded: Vec<(bool, Reason)> = parts.terms.iter().map(reason).collect();
    let own = worded.iter().filter(|(own, _)| *own).map(|(_, reason)| Candidate {
        strength: reason.contribution.unwrap_or_default().abs(),
        reason: reason.clone(),
    });
    let is_learned = parts.terms.iter().any(|(term, _)| matches!(term, Term::Family(_)));
    let unseen = changes(statistics).filter(|change| !is_learned || change.reason.code == "net_outflow");
    let reasons = pick(own.chain(unseen).collect());
    Explanation {
        p_silent: parts.p,
        base: parts.base,
        terms: worded.into_iter().map(|(_, reason)| reason).collect(),
        reasons,
    }
}

/// Whether a term speaks of the client; the others of the book, the horizon and the data.
fn of_client(term: Term) -> bool {
    !matches!(term, Term::BookLevel | Term::Horizon | Term::DataLimit)
}

fn wording(term: Term, statistics: &ChurnStatistics, horizon_days: u32) -> (&'static str, Text) {
    let silence = if statistics.x > 0 { "overdue" } else { "one_trade_silence" };
    match term {
        Term::OwnRhythm => ("own_rhythm", words::own_rhythm(statistics)),
        Term::UsualPause => ("usual_pause", words::usual_pause(statistics)),
        Term::Overdue => (silence, words::overdue(statistics)),
        Term::BookLevel => ("book_level", words::book_level()),
        Term::Family(Family::Recency) => ("recency", words::overdue(statistics)),
        Term::Family(Family::Frequency) => ("frequency", words::frequency(statistics)),
        Term::Family(Family::Amount) => ("amount", words::amount(statistics)),
        Term::Family(Family::Breadth) => ("breadth", words::breadth(statistics)),
        Term::Horizon => ("horizon", words::horizon(horizon_days)),
        Term::DataLimit => ("data_limit", words::data_limit()),
    }
}

/// The (up to) three largest changes in the client's own statistics, strongest first: what can be said without a model.
pub fn observed_changes(statistics: &ChurnStatistics) -> Vec<Reason> {
    let silent = statistics.silent_days();
    let overdue = statistics.own_gap_days().filter(|gap| silent > *gap && *gap > 0.0);
    let overdue = overdue.map(|gap| Candidate {
        strength: (silent / gap).ln(),
        reason: Reason::new("overdue", words::overdue(statistics)),
    });
    pick(overdue.into_iter().chain(changes(statistics)).collect())
}

fn pick(mut candidates: Vec<Candidate>) -> Vec<Reason> {
    candidates.retain(|candidate| candidate.strength >= MIN_STRENGTH);
    candidates.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    candidates.into_iter().take(MAX_REASONS).map(|candidate| candidate.reason).collect()
}

fn changes(statistics: &ChurnStatistics) -> impl Iterator<Item = Candidate> {
    [frequency_falling(statistics), amount_falling(statistics), outflow(statistics), selling(statistics)]
        .into_iter()
        .flatten()
}

/// One day is added to both counts, so that few days do not weigh like many.
fn frequency_falling(statistics: &ChurnStatistics) -> Option<Candidate> {
    let (now, before) = (f64::from(statistics.active_days_90), f64::from(statistics.active_days_prev_90));
    (now < before).then(|| Candidate {
        strength: ((before + 1.0) / (now + 1.0)).ln(),
        reason: Reason::new("frequency_falling", words::frequency_falling(statistics)),
    })
}

/// Only of a client who still trades: turnover that ended shows as silence.
fn amount_falling(statistics: &ChurnStatistics) -> Option<Candidate> {
    let (now, before) = (statistics.amount_90, statistics.amount_prev_90);
    if statistics.active_days_90 == 0 || now <= Decimal::ZERO || now >= before {
        return None;
    }
    let ratio = before.to_f64()? / now.to_f64()?;
    Some(Candidate { strength: ratio.ln(), reason: Reason::new("amount_falling", words::amount_falling(statistics)) })
}

/// As strong as the logarithm of the assets before over those after.
fn outflow(statistics: &ChurnStatistics) -> Option<Candidate> {
    let share = statistics.net_outflow_share_90.filter(|share| *share > 0.0)?;
    let strength = -(-share.min(0.99)).ln_1p();
    Some(Candidate { strength, reason: Reason::new("net_outflow", words::outflow(share)) })
}

/// As strong as the logarithm of the share over an even one.
fn selling(statistics: &ChurnStatistics) -> Option<Candidate> {
    let share = statistics.sell_share_90.filter(|share| *share >= SELLING_FROM)?;
    Some(Candidate { strength: (share / 0.5).ln(), reason: Reason::new("mostly_selling", words::selling(share)) })
}

#[cfg(test)]
mod tests;
