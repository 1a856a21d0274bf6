//! Approvals: changes that take a second person.
//!
//! A service that must not change something alone proposes the change with [`propose`] and answers 202 with it;
//! another person approves it, and only then the slice's `apply` runs, in the transaction of the approval. Batch,
//! import, command line and machines call the same service and meet the same pending change.
//!
//! Invariants: the checker is a person and not the maker (`pending_change_two_people`,
//! `pending_change_checker_is_a_person`); one subject waits for one change of a kind at a time; a subject that has
//! changed since makes the change `stale`, and nothing is applied; what is to be changed is sealed with the client's
//! key where it is a client's.
//!
//! | from | approve | reject | withdraw (maker) | expire (timer) | invalidate |
//! | --- | --- | --- | --- | --- | --- |
//! | pending | approved | rejected | withdrawn | expired | stale |
//! | approved, rejected, withdrawn, expired, stale | – | – | – | – | – |
//!
//! `invalidate` happens when somebody approves what has become stale, or proposes it anew for the subject as it is
//! now.

mod events;
mod http;
mod jobs;
mod kind;
mod model;
mod service;
mod store;
mod timer;

pub use http::{PendingChangeView, Proposed};
pub use kind::{ApprovalKind, install};
pub use model::{ChangeStatus, NewChange, PendingChange};
pub use service::{approve, expire_due, open, propose, reject, withdraw};

use crate::kernel::error::{Code, Kind};
use crate::kernel::label::LabelSet;
use crate::kernel::lifecycle::LifecycleInfo;
use crate::slice::Slice;
use crate::worker::JobKind;

/// What this mechanism brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("approvals", "Changes that take a second person 复核")],
    routes: http::routes,
    events: &[events::EVENTS],
    codes: &[&TAKES_ANOTHER_PERSON, &NOT_AN_APPROVER, &CHANGE_PENDING, &CHANGE_EXPIRED, &NOT_THE_MAKER],
    constraints: &[
        ("pending_change_two_people", &TAKES_ANOTHER_PERSON),
        ("pending_change_checker_is_a_person", &TAKES_ANOTHER_PERSON),
        ("pending_change_one_open", &CHANGE_PENDING),
        ("policy_another_approves", &TAKES_ANOTHER_PERSON),
    ],
    jobs: &[JobKind::short(timer::KIND, jobs::handle)],
    labels: &[LabelSet::of::<ChangeStatus>(&["pending_change.status"]), LabelSet::of::<model::ChangeAction>(&[])],
    lifecycles: &[LifecycleInfo::of::<ChangeStatus>("pending_change", "status")],
    views: &["client_pending_change"],
    ..Slice::named("platform/approvals")
};

/// The person who asked for a change, or a machine, tries to approve it.
pub static TAKES_ANOTHER_PERSON: Code = Code::new(
    "takes_another_person",
    Kind::Forbidden,
    "Another person than the one who asked for it decides this",
    "须由提出人以外的人员复核",
);
/// The subject waits for a change of this kind already.
pub static CHANGE_PENDING: Code = Code::new(
    "change_pending",
    Kind::Conflict,
    "A change of this kind is waiting for approval already",
    "已有同类变更待复核",
);
/// The caller lacks the permission that the kind of change asks for.
pub static NOT_AN_APPROVER: Code = Code::new(
    "not_an_approver",
    Kind::Forbidden,
    "It takes the permission that this kind of change asks for",
    "须具备该类变更的复核权限",
);
static CHANGE_EXPIRED: Code = Code::new(
    "change_expired",
    Kind::Conflict,
    "It has waited for too long: ask for it again",
    "该变更已过期，请重新提交",
);
static NOT_THE_MAKER: Code =
    Code::new("not_the_maker", Kind::Forbidden, "Whoever asked for it withdraws it", "仅提出人可以撤回");
