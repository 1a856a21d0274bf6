//! Which tier a client is in, and why.
//!
//! Invariants: periods are business days `[from, to)` that never overlap; they follow from balances, active days and
//! policies alone (`rules`), so that any order of arrival, in any cut of batches, leaves the same rows; a new one begins
//! only when rung, tier, service level or status change; what speaks for a period is measured on read; the tier on the
//! client is that of the period that holds today, moved with the record and, when time alone moves it, by [`assess`].

mod http;
mod jobs;
mod model;
mod rules;
mod service;
mod store;

pub use http::CurrentTierView;
pub use model::{TierMove, TierPolicy, TierSimulation, TierToday};
pub use service::{assess, current, derive_all, reassess_after_balances, reassess_after_trades, simulate};

use platform::kernel::calendar::{Recurrence, TimeOfDay};
use platform::kernel::error;
use platform::kernel::label::LabelSet;
use platform::policies::PolicyKind;
use platform::slice::{ClientTable, Slice};
use platform::worker::{JobKind, Schedule};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("tiers", "Which tier a client is in, and why 客户分层")],
    routes: http::routes,
    labels: &[
        LabelSet::of::<model::TierStatus>(&["tier_period.status", "tier_assignment.standing"]),
        LabelSet::of::<model::TierRule>(&["tier_period.rule", "tier_assignment.rule"]),
    ],
    constraints: &[("tier_period_no_overlap", &error::CONFLICT)],
    jobs: &[JobKind::long(jobs::DERIVE, jobs::derive), JobKind::long(jobs::ASSESS, jobs::assess)],
    schedules: &[Schedule {
        code: "tier_assessment",
        en: "Assess tiers",
        zh: "客户分层评估",
        job: jobs::assessment,
        when: Recurrence::daily(TimeOfDay::minutes(20)),
        enabled: true,
    }],
    policies: &[PolicyKind::of::<TierPolicy>().simulated(|read, rules| Box::pin(service::simulate_rules(read, rules)))],
    verify: Some(|read, clients| Box::pin(service::verify(read, clients))),
    client_tables: &[ClientTable::new("tier_period"), ClientTable::new("tier_assignment")],
    ..Slice::named("insight/tiers")
};
