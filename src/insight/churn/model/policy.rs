//! The policy of churn alerts, and what makes a policy valid.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::super::faults;
use super::Severity;
use crate::scoring::ModelSettings;
use platform::policies::unnumbered;

/// When alerts open, how urgent they are, how many there may be. Probabilities and shares are 0–1. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[validate(schema(function = lines_are_in_order), schema(function = alerts_can_clear))]
#[serde(deny_unknown_fields)]
pub struct ChurnPolicy {
    /// Version number, from 1; beside the rules where they are kept.
    #[serde(skip, default = "unnumbered")]
    pub version: i32,
    /// Days over which silence is forecast; an alert expires when they have gone by.
    #[schema(minimum = 1, maximum = 730)]
    pub horizon_days: u32,
    /// Only clients who traded within so many days are planned for: the long silent are lost already, and their
    /// probabilities near 1 would bury everybody else. An outflow from a high tier is alarming without trades too.
    #[schema(minimum = 1, maximum = 3650)]
    pub active_within_days: u32,
    /// Probability from which any alert may open.
    #[schema(minimum = 0, maximum = 1)]
    pub medium_probability: f64,
    /// Probability from which a client of a high tier is critical.
    #[schema(minimum = 0, maximum = 1)]
    pub critical_probability: f64,
    /// Outflow of 7 days over net assets from which a client of a high tier is critical.
    #[schema(minimum = 0, maximum = 1)]
    pub critical_outflow_7d: f64,
    /// Rise of the probability that makes an alert high.
    #[schema(minimum = 0, maximum = 1)]
    pub rise_probability: f64,
    /// Days over which the rise is taken.
    #[schema(minimum = 1, maximum = 3650)]
    pub rise_window_days: u32,
    /// Largest share of the population made high for a rise alone: after a holiday everybody's risk rises.
    #[schema(minimum = 0, maximum = 1)]
    pub rise_share: f64,
    /// Share of the population, by value at risk, made high.
    #[schema(minimum = 0, maximum = 1)]
    pub value_at_risk_share: f64,
    /// Largest share of the population with a medium alert.
    #[schema(minimum = 0, maximum = 1)]
    pub medium_share: f64,
    /// Probability whose crossing counts as beginning to decline.
    #[schema(minimum = 0, maximum = 1)]
    pub declining_probability: f64,
    /// Largest share of the population with a low alert.
    #[schema(minimum = 0, maximum = 1)]
    pub low_share: f64,
    /// Alerts an advisor can have at a time before medium ones wait. High and critical ones never wait.
    pub advisor_capacity: u32,
    /// The same for all clients without an advisor together.
    pub unassigned_capacity: u32,
    /// An alert clears when the probability is this far below `medium_probability`.
    pub clear_margin: f64,
    /// Days after the end of an alert in which none opens for the same client.
    #[schema(maximum = 3650)]
    pub cool_down_days: u32,
    /// Time to act.
    pub due: DueTimes,
    /// How models are fitted and judged.
    #[serde(default)]
    pub model: ModelSettings,
}

/// Time to act, by severity. (c1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DueTimes {
    /// Working days for critical.
    #[schema(minimum = 1, maximum = 3650)]
    pub critical_working_days: u32,
    /// Working days for high.
    #[schema(minimum = 1, maximum = 3650)]
    pub high_working_days: u32,
    /// Working days for medium.
    #[schema(minimum = 1, maximum = 3650)]
    pub medium_working_days: u32,
    /// Calendar days for low: the length of a campaign.
    #[schema(minimum = 1, maximum = 3650)]
    pub campaign_days: u32,
}

impl Default for ChurnPolicy {
    fn default() -> Self {
        Self {
            version: 1,
            horizon_days: 90,
            active_within_days: 180,
            medium_probability: 0.40,
            critical_probability: 0.60,
            critical_outflow_7d: 0.30,
            rise_probability: 0.15,
            rise_window_days: 28,
            rise_share: 0.05,
            value_at_risk_share: 0.02,
            medium_share: 0.05,
            declining_probability: 0.50,
            low_share: 0.05,
            advisor_capacity: 20,
            unassigned_capacity: 200,
            clear_margin: 0.15,
            cool_down_days: 14,
            due: DueTimes { critical_working_days: 1, high_working_days: 3, medium_working_days: 7, campaign_days: 30 },
            model: ModelSettings::default(),
        }
    }
}

impl ChurnPolicy {
    /// Probability below which an open alert clears.
    pub fn clear_probability(&self) -> f64 {
        self.medium_probability - self.clear_margin
    }

    /// Largest number of a population of `n` under a share; at least 1 in a small book, 0 for a share of 0.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is 0 to 1: within `n`")]
    pub fn head_count(share: f64, n: usize) -> usize {
        (share * n as f64).ceil() as usize
    }
}

impl DueTimes {
    /// Working days for a severity, or `None` where the time is a campaign.
    pub fn working_days(&self, severity: Severity) -> Option<u32> {
        match severity {
            Severity::Critical => Some(self.critical_working_days),
            Severity::High => Some(self.high_working_days),
            Severity::Medium => Some(self.medium_working_days),
            Severity::Low => None,
        }
    }
}

fn lines_are_in_order(policy: &ChurnPolicy) -> Result<(), ValidationError> {
    let lines = [
        ("critical_probability", policy.critical_probability),
        ("declining_probability", policy.declining_probability),
    ];
    let below = lines.iter().filter(|(_, line)| *line < policy.medium_probability);
    faults::BELOW_MEDIUM.at_each(&below.map(|(member, _)| *member).collect::<Vec<_>>())
}

fn alerts_can_clear(policy: &ChurnPolicy) -> Result<(), ValidationError> {
    let holds = 0.0 < policy.clear_margin && policy.clear_margin <= policy.medium_probability;
    faults::CLEAR_MARGIN.unless_at(holds, &["clear_margin"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starting_policy_is_valid_and_survives_json() -> Result<(), serde_json::Error> {
        let policy = ChurnPolicy::default();
        assert!(policy.validate().is_ok());
        assert_eq!(serde_json::from_str::<ChurnPolicy>(&serde_json::to_string(&policy)?)?, policy);
        Ok(())
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let policy = ChurnPolicy { medium_probability: 0.55, clear_margin: 0.6, ..ChurnPolicy::default() };
        let faults = platform::kernel::fault::faults(&policy.validate().expect_err("broken"));
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/clear_margin", "/declining_probability"]);
    }
}
