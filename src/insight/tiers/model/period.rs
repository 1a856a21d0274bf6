//! The record a client's tiers are derived from, and the periods that follow from it.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{CurrentTier, MonthlyAverage, TierInputs, TierPolicy, TierRule, TierStatus};
use book::clients::Tier;
use platform::kernel::decision::Reason;
use platform::kernel::ids::{BranchId, ClientId, StaffId, TierPolicyId};

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
    pub tier_policy_id: TierPolicyId,
    /// From 1.
    pub version: i32,
    pub status: PolicyStatus,
    pub rules: Json<TierPolicy>,
    pub created_at: DateTime<Utc>,
}

/// A policy and the first day it decides about.
#[derive(Clone, Debug)]
pub struct Ruling {
    pub from: NaiveDate,
    pub tier_policy_id: TierPolicyId,
    pub policy: TierPolicy,
}

/// The part of a client's record that tiers follow from. Days ascend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Net assets at the end of days that have a balance, money.
    pub balances: Vec<(NaiveDate, Decimal)>,
    /// Mean net assets of months that have a balance.
    pub months: Vec<MonthlyAverage>,
    /// Days on which the client traded.
    pub active_days: Vec<NaiveDate>,
}

/// A client's record as loaded, with what the client's profile says.
#[derive(Clone, Debug)]
pub struct ClientRecord {
    pub client_id: ClientId,
    pub record: Record,
    pub branch_id: BranchId,
    pub advisor_id: Option<StaffId>,
    /// The tier lists filter by.
    pub tier: Option<Tier>,
    /// Closed clients keep the tier they left with.
    pub is_closed: bool,
}

/// What a client is assigned; a new period begins when any of it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Code of the rung.
    pub rung: String,
    /// First day on that rung.
    pub since: NaiveDate,
    pub tier: Tier,
    /// The tier whose service the client gets.
    pub service_level: Tier,
    pub status: TierStatus,
}

/// What a client is assigned from a day on, until the next period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierPeriod {
    pub starts_on: NaiveDate,
    /// First day that no longer belongs to it; none for the last period.
    pub ends_on: Option<NaiveDate>,
    /// The policy that ruled on the first day.
    pub tier_policy_id: TierPolicyId,
    pub assigned: Assigned,
    /// The rule that decided on the first day.
    pub rule: TierRule,
}

impl TierPeriod {
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| day < end)
    }
}

impl From<&TierPeriod> for CurrentTier {
    fn from(period: &TierPeriod) -> Self {
        Self { rung: period.assigned.rung.clone(), since: period.assigned.since }
    }
}

/// A client moved to another tier, was given its first, or lost it with the last trade of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierMove {
    /// Who moved.
    pub client_id: ClientId,
    /// The tier lists filtered by until now; none for the first.
    pub from: Option<Tier>,
    /// The one they filter by from now on.
    pub to: Option<Tier>,
    /// The rule behind it; none without a tier.
    pub rule: Option<TierRule>,
}

/// A period, when it was recorded, and the decision of its first day.
#[derive(Clone, Debug)]
pub struct ExplainedPeriod {
    pub period: TierPeriod,
    /// The first instant of its first day.
    pub valid_from: DateTime<Utc>,
    /// The first instant of the next period; none while it holds.
    pub valid_to: Option<DateTime<Utc>>,
    pub recorded_at: DateTime<Utc>,
    /// Version of the policy that decided.
    pub policy_version: i32,
    /// What is measured at the end of the first day.
    pub inputs: TierInputs,
    pub reasons: Vec<Reason>,
}

/// The period a day belongs to, with what speaks for it at the end of that day.
#[derive(Clone, Debug)]
pub struct TierToday {
    /// The period.
    pub period: ExplainedPeriod,
    /// What is measured at the end of that day.
    pub inputs: TierInputs,
    /// What the policy in force says of that.
    pub reasons: Vec<Reason>,
}
