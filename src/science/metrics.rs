//! How good a score is. Inputs are parallel: `happened[i]` is the outcome whose score or probability is `p[i]`.
//!
//! Every figure is `None` where it has no meaning: no rows, unequal lengths, a score that is not a number, or, for
//! figures that compare the two outcomes, only one of them present.

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

/// Brier score: mean squared distance of probability and outcome.
#[must_use]
pub fn brier(happened: &[bool], p: &[f64]) -> Option<f64> {
    mean(happened, p, |happened, p| (p - f64::from(happened)).powi(2))
}

/// Mean negative log-likelihood. Probabilities are kept 1e-15 from 0 and 1, so one certain error stays finite.
#[must_use]
pub fn log_loss(happened: &[bool], p: &[f64]) -> Option<f64> {
    const EDGE: f64 = 1e-15;
    mean(happened, p, |happened, p| {
        let p = p.clamp(EDGE, 1.0 - EDGE);
        if happened { -p.ln() } else { -(-p).ln_1p() }
    })
}

/// Expected calibration error: rows by ascending probability in `bins` of equal count; the mean over rows of
/// |event rate − mean probability| of their bin. Tied probabilities keep the order of the input.
#[must_use]
pub fn calibration_error(happened: &[bool], p: &[f64], bins: usize) -> Option<f64> {
    let order = ascending(happened, p)?;
    if bins == 0 {
        return None;
    }
    let rows = order.len();
    let excess = |bin: usize| -> f64 {
        let members = &order[bin * rows / bins..(bin + 1) * rows / bins];
        members.iter().map(|&i| f64::from(happened[i]) - p[i]).sum::<f64>().abs()
    };
    Some((0..bins).map(excess).sum::<f64>() / rows as f64)
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

/// Row numbers by ascending score, ties in the order of the input.
fn ascending(happened: &[bool], score: &[f64]) -> Option<Vec<usize>> {
    check(happened, score)?;
    let mut order: Vec<usize> = (0..score.len()).collect();
    order.sort_by(|&i, &j| score[i].total_cmp(&score[j]));
    Some(order)
}

fn mean(happened: &[bool], p: &[f64], loss: impl Fn(bool, f64) -> f64) -> Option<f64> {
    check(happened, p)?;
    Some(happened.iter().zip(p).map(|(&happened, &p)| loss(happened, p)).sum::<f64>() / p.len() as f64)
}

fn check(happened: &[bool], score: &[f64]) -> Option<()> {
    let sound = !score.is_empty() && happened.len() == score.len() && score.iter().all(|s| !s.is_nan());
    sound.then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn figures_agree_with_the_reference() {
        let gold: Value = serde_json::from_str(include_str!("../../tests/fixtures/science/gold_metrics.json"))
            .expect("the fixture is JSON");
        let numbers = |key: &str| -> Vec<f64> {
            gold[key].as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
        };
        let happened: Vec<bool> = numbers("y").into_iter().map(|y| y == 1.0).collect();
        let p = numbers("p");
        let figures = [
            ("auc", auc(&happened, &p)),
            ("prauc", average_precision(&happened, &p)),
            ("brier", brier(&happened, &p)),
            ("logloss", log_loss(&happened, &p)),
            ("ece10", calibration_error(&happened, &p, 10)),
            ("ks", kolmogorov_smirnov(&happened, &p)),
            ("lift10", lift(&happened, &p, 0.1)),
        ];
        for (name, figure) in figures {
            let (got, want) = (figure.expect(name), gold["metrics"][name].as_f64().expect(name));
            assert!((got - want).abs() < 1e-9, "{name}: {got}, not {want}");
        }
    }

    #[test]
    fn ties_have_no_order() {
        let happened = [true, false, false, true, false, false];
        let p = [0.5; 6];
        assert_eq!(auc(&happened, &p), Some(0.5));
        assert_eq!(average_precision(&happened, &p), Some(1.0 / 3.0));
        assert_eq!(kolmogorov_smirnov(&happened, &p), Some(0.0));
        assert_eq!(lift(&happened, &p, 0.5), Some(1.0));
    }

    #[test]
    fn a_perfect_score_is_perfect() {
        let (happened, p) = ([false, true, false, true], [0.0, 1.0, 0.0, 1.0]);
        assert_eq!(auc(&happened, &p), Some(1.0));
        assert_eq!(average_precision(&happened, &p), Some(1.0));
        assert_eq!(kolmogorov_smirnov(&happened, &p), Some(1.0));
        assert_eq!(lift(&happened, &p, 0.5), Some(2.0));
        assert_eq!(brier(&happened, &p), Some(0.0));
        assert_eq!(calibration_error(&happened, &p, 2), Some(0.0));
        assert!(log_loss(&happened, &p).is_some_and(|loss| loss < 1e-14));
    }

    #[test]
    fn what_has_no_meaning_has_no_figure() {
        assert_eq!(auc(&[], &[]), None);
        assert_eq!(auc(&[true, true], &[0.1, 0.2]), None);
        assert_eq!(brier(&[true], &[0.1, 0.2]), None);
        assert_eq!(brier(&[true], &[f64::NAN]), None);
        assert_eq!(lift(&[true, false], &[0.1, 0.2], 0.0), None);
        assert_eq!(calibration_error(&[true], &[0.1], 0), None);
        assert!(log_loss(&[true], &[0.0]).is_some_and(f64::is_finite));
    }
}
