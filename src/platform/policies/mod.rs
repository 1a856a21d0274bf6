//! Policies: rules as dated data, changed by two people, ruling over a period.
//!
//! A slice writes its rules as a type, says what makes them valid, and registers it: `policies:
//! &[PolicyKind::of::<TierPolicy>()]`. It reads them with [`at`]: what ruled at an instant, not what rules now.
//!
//! Invariants: at any instant at most one version of a kind rules (`policy_no_overlap`); whoever wrote or submitted
//! rules does not approve them (`policy_another_approves`); a version that was approved is never changed; no version
//! begins to rule in the past, except the one the house is born with, which has ruled since ever; a kind with a
//! starting policy is never without one that rules.
//!
//! | from | change | submit | approve | reject | activate (timer) | supersede (timer) | retire |
//! | --- | --- | --- | --- | --- | --- | --- | --- |
//! | draft | draft | submitted | – | – | – | – | – |
//! | submitted | – | – | approved | draft | – | – | – |
//! | approved | – | – | – | – | active | – | retired |
//! | active | – | – | – | – | – | retired | retired |
//! | retired | – | – | – | – | – | – | – |
//!
//! The period decides what rules; the status follows it. Submitting proposes a change (`approvals`), so a submitted
//! version can also be approved, rejected and withdrawn there.

mod events;
mod http;
mod jobs;
mod kind;
mod model;
mod service;
mod store;
mod timer;

pub use events::{PolicyActivated, PolicyReference};
pub use kind::{Policy, PolicyKind, Simulate, install, unnumbered};
pub use model::{PolicyStatus, Stored};
pub use service::{activate_due, active_on, at, now, numbered, seed, timeline};

use crate::approvals::ApprovalKind;
use crate::kernel::error::{Code, Kind};
use crate::kernel::label::LabelSet;
use crate::kernel::lifecycle::LifecycleInfo;
use crate::slice::Slice;
use crate::worker::JobKind;

/// What this mechanism brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("policies", "The rules decisions follow: drafted, approved by another person, dated 策略与规则")],
    routes: http::routes,
    events: &[events::EVENTS],
    codes: &[&UNKNOWN_POLICY_KIND, &NO_SIMULATION, &POLICY_PERIOD_TAKEN, &POLICY_MUST_RULE],
    constraints: &[("policy_no_overlap", &POLICY_PERIOD_TAKEN)],
    jobs: &[JobKind::short(timer::KIND, jobs::handle)],
    labels: &[LabelSet::of::<PolicyStatus>(&["policy.status"]), LabelSet::of::<model::PolicyAction>(&[])],
    lifecycles: &[LifecycleInfo::of::<PolicyStatus>("policy", "status")],
    approvals: &[ApprovalKind {
        kind: service::APPROVAL,
        en: "Put a policy into force",
        zh: "策略生效",
        permission: "policies:approve",
        version: |read, change| Box::pin(service::version_of(read, change)),
        apply: |uow, change| Box::pin(service::approved(uow, change)),
        dropped: |uow, change| Box::pin(service::dropped(uow, change)),
        shown: |payload| payload,
    }],
    views: &["tier_policy", "value_policy"],
    ..Slice::named("platform/policies")
};

static UNKNOWN_POLICY_KIND: Code =
    Code::new("unknown_policy_kind", Kind::Invalid, "There is no such kind of policy", "没有该类策略");
static NO_SIMULATION: Code = Code::new(
    "no_simulation",
    Kind::Conflict,
    "Policies of this kind cannot be tried out beforehand",
    "该类策略不支持模拟",
);
static POLICY_PERIOD_TAKEN: Code = Code::new(
    "policy_period_taken",
    Kind::Conflict,
    "Another version of this kind begins at the same time",
    "同类策略的另一版本已在同一时间生效",
);
static POLICY_MUST_RULE: Code = Code::new(
    "policy_must_rule",
    Kind::Conflict,
    "Something must rule: approve a successor instead",
    "必须有生效中的策略，请先批准后续版本",
);
