//! Tier policies as data, the record tiers are derived from, and the periods and decisions that follow.

mod decision;
mod kind;
mod period;
mod policy;
mod simulation;

pub use self::decision::{CurrentTier, MonthlyAverage, TierDecision, TierInputs, TierRule, TierStatus};
pub use self::period::{
    Assigned, ClientRecord, ExplainedPeriod, PolicyStatus, Record, Ruling, StoredPolicy, TierMove, TierPeriod,
    TierToday,
};
pub use self::policy::{Rung, TierPolicy};
pub use self::simulation::{AdvisorLoad, BranchLoad, Load, SimulatedMove, TierCount, TierSimulation};
pub use book::clients::Tier;
