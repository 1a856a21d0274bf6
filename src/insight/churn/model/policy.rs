//! The policy of churn alerts, and what makes a policy valid.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::Severity;
use super::kind::unnumbered;
use crate::scoring::HORIZON_DAYS;

/// When alerts open, how urgent they are, how many there may be. Probabilities and shares are 0–1. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ChurnPolicy {
    /// Version number, from 1; beside the rules where they are kept.
    #[serde(skip, default = "unnumbered")]
    pub version: i32,
    /// Days over which silence is forecast; an alert expires when they have gone by.
    pub horizon_days: u32,
    /// Only clients who traded within so many days are planned for: the long silent are lost already, and their
    /// probabilities near 1 would bury everybody else. An outflow from a high tier is alarming without trades too.
    pub active_within_days: u32,
    /// Probability from which any alert may open.
    pub medium_probability: f64,
    /// Probability from which a client of a high tier is critical.
    pub critical_probability: f64,
    /// Outflow of 7 days over net assets from which a client of a high tier is critical.
    pub critical_outflow_7d: f64,
    /// Rise of the probability that makes an alert high.
    pub rise_probability: f64,
    /// Days over which the rise is taken.
    pub rise_window_days: u32,
    /// Largest share of the population made high for a rise alone: after a holiday everybody's risk rises.
    pub rise_share: f64,
    /// Share of the population, by value at risk, made high.
    pub value_at_risk_share: f64,
    /// Largest share of the population with a medium alert.
    pub medium_share: f64,
    /// Probability whose crossing counts as beginning to decline.
    pub declining_probability: f64,
    /// Largest share of the population with a low alert.
    pub low_share: f64,
    /// Alerts an advisor can have at a time before medium ones wait. High and critical ones never wait.
    pub advisor_capacity: u32,
    /// The same for all clients without an advisor together.
    pub unassigned_capacity: u32,
    /// An alert clears when the probability is this far below `medium_probability`.
    pub clear_margin: f64,
    /// Days after the end of an alert in which none opens for the same client.
    pub cool_down_days: u32,
    /// Time to act.
    pub due: DueTimes,
}

/// Time to act, by severity. (c1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DueTimes {
    /// Working days for critical.
    pub critical_working_days: u32,
    /// Working days for high.
    pub high_working_days: u32,
    /// Working days for medium.
    pub medium_working_days: u32,
    /// Calendar days for low: the length of a campaign.
    pub campaign_days: u32,
}

/// A setting of a policy that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyFault {
    /// JSON pointer to the setting.
    pub pointer: &'static str,
    /// What is wrong with it.
    pub message: &'static str,
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

    /// Every fault of the policy at once; an active policy has none.
    pub fn check(&self) -> Result<(), Vec<PolicyFault>> {
        let mut faults = Vec::new();
        let mut require = |holds: bool, pointer, message| {
            if !holds {
                faults.push(PolicyFault { pointer, message });
            }
        };
        for (pointer, share) in self.shares() {
            require((0.0..=1.0).contains(&share), pointer, "must be 0 to 1");
        }
        for (pointer, days) in self.day_counts() {
            require((1..=3650).contains(&days), pointer, "must be 1 to 3650");
        }
        require(HORIZON_DAYS.contains(&self.horizon_days), "/horizon_days", "must be 1 to 730");
        require(self.version >= 1, "/version", "must be at least 1");
        require(self.cool_down_days <= 3650, "/cool_down_days", "must be 0 to 3650");
        require(
            self.critical_probability >= self.medium_probability,
            "/critical_probability",
            "must not be below medium_probability",
        );
        require(
            self.declining_probability >= self.medium_probability,
            "/declining_probability",
            "must not be below medium_probability, or alerts would open and clear in turn",
        );
        require(
            0.0 < self.clear_margin && self.clear_margin <= self.medium_probability,
            "/clear_margin",
            "must be above 0 and at most medium_probability",
        );
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn shares(&self) -> [(&'static str, f64); 8] {
        [
            ("/medium_probability", self.medium_probability),
            ("/critical_probability", self.critical_probability),
            ("/critical_outflow_7d", self.critical_outflow_7d),
            ("/rise_probability", self.rise_probability),
            ("/rise_share", self.rise_share),
            ("/value_at_risk_share", self.value_at_risk_share),
            ("/medium_share", self.medium_share),
            ("/low_share", self.low_share),
        ]
    }

    fn day_counts(&self) -> [(&'static str, u32); 6] {
        [
            ("/active_within_days", self.active_within_days),
            ("/rise_window_days", self.rise_window_days),
            ("/due/critical_working_days", self.due.critical_working_days),
            ("/due/high_working_days", self.due.high_working_days),
            ("/due/medium_working_days", self.due.medium_working_days),
            ("/due/campaign_days", self.due.campaign_days),
        ]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starting_policy_is_valid_and_survives_json() -> Result<(), serde_json::Error> {
        let policy = ChurnPolicy::default();
        assert_eq!(policy.check(), Ok(()));
        assert_eq!(serde_json::from_str::<ChurnPolicy>(&serde_json::to_string(&policy)?)?, policy);
        Ok(())
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let policy = ChurnPolicy { horizon_days: 0, rise_share: f64::NAN, clear_margin: 0.0, ..ChurnPolicy::default() };
        let pointers: Vec<_> = policy.check().err().into_iter().flatten().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/rise_share", "/horizon_days", "/clear_margin"]);
    }
}
