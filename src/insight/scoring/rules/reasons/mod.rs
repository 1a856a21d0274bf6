//! Why a probability of silence is what it is: an exact sum of log-odds, and what the model does not see.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::model::{ChurnStatistics, Explanation};
use super::words;
use platform::kernel::decision::Reason;

/// Reasons given at most.
const MAX_REASONS: usize = 3;
/// Changes smaller than this (log-odds, or the logarithm of a ratio) are not worth a reason.
const MIN_STRENGTH: f64 = 0.1;
/// Share of sales in turnover from which a client counts as selling out.
const SELLING_FROM: f64 = 0.65;
/// Only an exact 0 or 1 has no log-odds; they stand for the nearest numbers that do.
const LIKELIEST: f64 = 1.0 - f64::EPSILON / 2.0;

/// A reason and how much it says, in natural-log units.
struct Candidate {
    strength: f64,
    reason: Reason,
}

/// Explains `p_silent(x, t_x, T)` (weeks, over a fixed horizon) for one client, or `None` if the function answers
/// something that is not a number.
///
/// Statistics replace those of a new client in this order, each term being the change of the log-odds:
/// 1. base: `(0, 0, 0)`, any client of the book on the first active day;
/// 2. `own_rhythm`: `(x, t_x, t_x)`, this client on the last active day;
/// 3. `usual_pause`: `(x, t_x, t_x + min(silence, own mean gap))`, then silent as usual; 0 after a single active day;
/// 4. `overdue` (`one_trade_silence` after a single active day): `(x, t_x, T)`, then silent beyond that.
///
/// `base + Σ terms = logit` to rounding, because each term starts where the one before ended. Changes the model cannot
/// see (frequency, amount, outflow, selling) compete for the three reasons by their logarithm, without contribution.
pub fn explain(statistics: &ChurnStatistics, p_silent: &dyn Fn(f64, f64, f64) -> f64) -> Option<Explanation> {
    let (x, t_x, t) = (f64::from(statistics.x), statistics.t_x_weeks(), statistics.t_weeks());
    let usual = statistics.own_gap_days().unwrap_or(0.0).min(statistics.silent_days()) / 7.0;
    let p = p_silent(x, t_x, t);
    let base = logit(p_silent(0.0, 0.0, 0.0));
    let at_last_day = logit(p_silent(x, t_x, t_x));
    let after_usual_pause = logit(p_silent(x, t_x, t_x + usual));
    let now = logit(p);
    let silence = if statistics.x > 0 { "overdue" } else { "one_trade_silence" };
    let terms = vec![
        Reason::with_contribution("own_rhythm", words::own_rhythm(statistics), at_last_day - base),
        Reason::with_contribution("usual_pause", words::usual_pause(statistics), after_usual_pause - at_last_day),
        Reason::with_contribution(silence, words::overdue(statistics), now - after_usual_pause),
    ];
    let finite = [base, at_last_day, after_usual_pause, now].iter().all(|logit| logit.is_finite());
    finite.then(|| Explanation { p_silent: p, base, logit: now, reasons: strongest(statistics, &terms), terms })
}

fn logit(p: f64) -> f64 {
    let p = p.clamp(f64::MIN_POSITIVE, LIKELIEST);
    p.ln() - (-p).ln_1p()
}

fn strongest(statistics: &ChurnStatistics, terms: &[Reason]) -> Vec<Reason> {
    let terms = terms.iter().cloned();
    let terms = terms.map(|reason| Candidate { strength: reason.contribution.unwrap_or_default().abs(), reason });
    pick(terms.chain(changes(statistics)).collect())
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
