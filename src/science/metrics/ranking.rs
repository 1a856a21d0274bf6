//! Figures that only the order of the scores decides.

use super::ascending;

/// Area under the ROC curve: the chance that an event outscores a non-event, ties counting half (Mann–Whitney).
#[must_use]
pub fn auc(happened: &[bool], score: &[f64]) -> Option<f64> {
    let curve = Curve::new(happened, score)?;
    let mut below = curve.others;
    let mut wins = 0.0;
    for group in &curve.groups {
        below -= group.others;
        wins += group.events * (below + group.others / 2.0);
    }
    Some(wins / (curve.events * curve.others))
}

/// Area under the precision–recall curve as average precision: Σ precision × gain in recall, tied scores as one step.
#[must_use]
pub fn average_precision(happened: &[bool], score: &[f64]) -> Option<f64> {
    let curve = Curve::new(happened, score)?;
    let (mut events, mut rows, mut area) = (0.0, 0.0, 0.0);
    for group in &curve.groups {
        events += group.events;
        rows += group.events + group.others;
        area += group.events * events / rows;
    }
    Some(area / curve.events)
}

/// Kolmogorov–Smirnov: the largest distance between the score distributions of events and non-events.
#[must_use]
pub fn kolmogorov_smirnov(happened: &[bool], score: &[f64]) -> Option<f64> {
    let curve = Curve::new(happened, score)?;
    let (mut events, mut others, mut farthest) = (0.0, 0.0, 0.0_f64);
    for group in &curve.groups {
        events += group.events;
        others += group.others;
        farthest = farthest.max((events / curve.events - others / curve.others).abs());
    }
    Some(farthest)
}

/// Event rate among the highest `share` (0 < share ≤ 1, at least one row) over the event rate of all. Rows tied at the
/// cut share the seats left, so the order of the input does not matter.
#[must_use]
pub fn lift(happened: &[bool], score: &[f64], share: f64) -> Option<f64> {
    let curve = Curve::new(happened, score)?;
    if !(share > 0.0 && share <= 1.0) {
        return None;
    }
    let rows = curve.events + curve.others;
    let seats = (share * rows).round().max(1.0);
    let (mut left, mut events) = (seats, 0.0);
    for group in &curve.groups {
        let size = group.events + group.others;
        let taken = size.min(left);
        events += group.events * taken / size;
        left -= taken;
    }
    Some(events / seats / (curve.events / rows))
}

/// Outcomes by distinct score, highest first.
struct Curve {
    groups: Vec<Group>,
    events: f64,
    others: f64,
}

/// Rows that share one score.
struct Group {
    score: f64,
    events: f64,
    others: f64,
}

impl Curve {
    fn new(happened: &[bool], score: &[f64]) -> Option<Self> {
        let mut groups: Vec<Group> = Vec::new();
        for i in ascending(happened, score)?.into_iter().rev() {
            if groups.last().is_none_or(|group| group.score != score[i]) {
                groups.push(Group { score: score[i], events: 0.0, others: 0.0 });
            }
            if let Some(group) = groups.last_mut() {
                if happened[i] { group.events += 1.0 } else { group.others += 1.0 }
            }
        }
        let events = groups.iter().map(|group| group.events).sum();
        let others = groups.iter().map(|group| group.others).sum();
        (events > 0.0 && others > 0.0).then_some(Self { groups, events, others })
    }
}
