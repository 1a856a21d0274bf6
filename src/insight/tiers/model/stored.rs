//! Policies and assignments as they are kept.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{Tier, TierDecision, TierInputs, TierPolicy, TierRule, TierStatus};
use platform::kernel::decision::Reason;
use platform::kernel::ids::{ClientId, TierAssignmentId, TierPolicyId};

/// Whether a policy decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PolicyStatus {
    /// It decides.
    Active,
    /// It did once.
    Retired,
}

/// A version of the policy as kept.
#[derive(Clone, Debug)]
pub struct StoredPolicy {
    /// Id.
    pub tier_policy_id: TierPolicyId,
    /// From 1.
    pub version: i32,
    /// Whether it decides.
    pub status: PolicyStatus,
    /// The rules.
    pub rules: Json<TierPolicy>,
    /// Since when it is kept.
    pub created_at: DateTime<Utc>,
}

/// A client's assignment that is open.
#[derive(Clone, Debug)]
pub struct Current {
    /// Its id.
    pub tier_assignment_id: TierAssignmentId,
    /// The rung.
    pub rung: String,
    /// First day on that rung.
    pub since: NaiveDate,
    /// The tier.
    pub tier: Tier,
    /// The tier whose service the client gets.
    pub service_level: Tier,
    /// How firm it is.
    pub standing: TierStatus,
    /// Since when exactly this holds.
    pub valid_from: DateTime<Utc>,
}

/// A client as measured for a decision.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Whose.
    pub client_id: ClientId,
    /// What decides.
    pub inputs: TierInputs,
    /// The assignment that is open.
    pub current: Option<Current>,
}

/// A period to be opened.
#[derive(Clone, Debug)]
pub struct NewPeriod {
    /// Whose.
    pub client_id: ClientId,
    /// Its id.
    pub tier_assignment_id: TierAssignmentId,
    /// The period it ends.
    pub replaces: Option<TierAssignmentId>,
    /// The tier before, if there was one.
    pub from: Option<Tier>,
    /// First day on the rung.
    pub rung_since: NaiveDate,
    /// From this instant on.
    pub valid_from: DateTime<Utc>,
    /// What decided.
    pub inputs: TierInputs,
    /// What was decided.
    pub decision: TierDecision,
}

/// A client moved to another tier, or was given its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierMove {
    /// Who.
    pub client_id: ClientId,
    /// From where; none for the first.
    pub from: Option<Tier>,
    /// To where.
    pub to: Tier,
}

/// A client's assignment during a period, with what decided it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TierStanding {
    /// Id.
    pub tier_assignment_id: TierAssignmentId,
    /// Code of the rung.
    pub rung: String,
    /// First day on that rung.
    #[sqlx(rename = "rung_since")]
    pub since: NaiveDate,
    /// The tier.
    pub tier: Tier,
    /// The tier whose service the client gets.
    pub service_level: Tier,
    /// How firm it is.
    pub standing: TierStatus,
    /// Version of the policy that decided.
    pub policy_version: i32,
    /// The rule that decided.
    pub rule: TierRule,
    /// What was measured then.
    #[sqlx(json)]
    pub inputs: TierInputs,
    /// Why.
    #[sqlx(json)]
    pub reasons: Vec<Reason>,
    /// Since when exactly this holds.
    pub valid_from: DateTime<Utc>,
    /// Until when; none while it does.
    pub valid_to: Option<DateTime<Utc>>,
}

/// The assignment that holds, with what speaks for it at the end of a day.
#[derive(Clone, Debug)]
pub struct TierToday {
    /// The assignment.
    pub standing: TierStanding,
    /// What is measured at the end of that day.
    pub inputs: TierInputs,
    /// What the policy in force says of that.
    pub reasons: Vec<Reason>,
}
