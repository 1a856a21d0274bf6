//! Which tier a client is in, and why.
//!
//! Invariants: periods are business days `[from, to)` that never overlap; they follow from balances, active days and
//! policies alone (`rules`), so that any order of arrival, in any cut of batches, leaves the same rows; a new one
//! begins only when rung, tier, service level or status change; what speaks for a period is measured on read; the tier
//! on the client is that of the period that holds today, moved with the record and, when time alone moves it, by
//! [`assess`]; what was decided at the time, and from what, stays as a decision.

mod decisions;
mod events;
mod http;
mod jobs;
mod model;
mod rules;
mod service;
mod store;
mod subscribers;

pub use http::CurrentTierView;
pub use model::{TierMove, TierPolicy, TierSimulation, TierToday};
pub use service::{assess, current, derive_all, reassess_after_balances, reassess_after_trades, simulate};

use platform::decisions::DecisionKind;
use platform::kernel::calendar::{Recurrence, TimeOfDay};
use platform::kernel::error::{self, Code, Kind};
use platform::kernel::label::LabelSet;
use platform::policies::PolicyKind;
use platform::slice::{ClientTable, Slice};
use platform::worker::{JobKind, Schedule};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("tiers", "Which tier a client is in, and why 客户分层")],
    routes: http::routes,
    codes: &[&ANOTHER_CURRENCY],
    faults: faults::FAULTS,
    events: &[events::EVENTS],
    labels: &[
        LabelSet::of::<model::Tier>(&["client.tier", "tier_period.tier", "tier_period.service_level"]),
        LabelSet::of::<model::TierStatus>(&["tier_period.status"]),
        LabelSet::of::<model::TierRule>(&["tier_period.rule"]),
    ],
    decisions: &[DecisionKind {
        kind: rules::KIND,
        en: "Tier of a client",
        zh: "客户分层",
        decide: Some(|read, client_id| Box::pin(decisions::decide(read, client_id))),
        replay: |read, stored| Box::pin(decisions::replay(read, stored)),
    }],
    constraints: &[("tier_period_no_overlap", &error::CONFLICT)],
    jobs: &[JobKind::long(jobs::DERIVE, jobs::derive), JobKind::long(jobs::ASSESS, jobs::assess)],
    subscribers: &[subscribers::NEW_POLICY],
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
    client_tables: &[ClientTable::new("tier_period")],
    ..Slice::named("insight/tiers")
};

static ANOTHER_CURRENCY: Code = Code::new(
    "policy_in_another_currency",
    Kind::Conflict,
    "The policy is in another currency than the book",
    "策略币种与账本币种不一致",
);

/// What can be wrong with a tier policy.
mod faults {
    platform::faults! {
        RUNG_REPEATED = "repeated" "Another rung has this code" "档位代码重复";
        NOT_RISING = "not_rising" "Must be above the bound of the rung below, the first at least 0" "下限须高于前一档，首档不低于 0";
        TIER_FALLS = "falling" "Must not be below the tier of the rung below" "分层不得低于前一档";
        WINDOW_TOO_SHORT = "fewer_than_active_days" "At least as many days as have to be active" "不得少于所需的活跃天数";
        NOT_AFTER_WATCH = "not_after_watch" "Must be more months than lead to the watch" "须大于列入观察的月数";
    }
}
