//! Bulk plans: a change of many is looked at before it is done, done exactly so, and taken back where that is still
//! possible.
//!
//! | action     | from       | to         |
//! |------------|------------|------------|
//! | commit     | draft      | committing |
//! | end_commit | committing | committed  |
//! | undo       | committed  | undoing    |
//! | end_undo   | undoing    | undone     |
//! | expire     | draft      | expired    |
//!
//! | item      | means                                                                |
//! |-----------|----------------------------------------------------------------------|
//! | planned   | not looked at yet                                                    |
//! | committed | written, and `version_after` is what we wrote                        |
//! | skipped   | not written: changed since the plan was made, or refused; `reason`   |
//! | undone    | taken back                                                           |
//! | kept      | not taken back: somebody has changed it since; `reason`              |
//!
//! Invariants: a chunk's items and their outcomes are one transaction, so a job that is killed anywhere goes on where
//! it was; the plan's row is locked while a chunk is written, so two workers never write one item; who commits or
//! undoes needs the kind's own permission, and the job touches only what is in their scope.

mod events;
mod faults;
mod http;
mod jobs;
mod model;
mod service;
mod store;

pub use model::{BulkItem, BulkItemStatus, BulkPlan, BulkPlanAction, BulkPlanStatus, Done, NewItem, NewPlan};
pub use service::{MOST_ITEMS, commit, get, plan, undo, within};

use std::sync::OnceLock;

use serde_json::Value;

use crate::boxed::Boxed;
use crate::db::Uow;
use crate::kernel::error::{Code, Error, Kind};
use crate::kernel::label::LabelSet;
use crate::kernel::lifecycle::LifecycleInfo;
use crate::slice::{ClientTable, Slice};
use crate::worker::JobKind;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("bulk-plans", "Changes of many: previewed, committed, undone 批量变更")],
    routes: http::routes,
    events: &[events::EVENTS],
    codes: &[&TOO_MANY_ITEMS, &UNKNOWN_KIND, &PLAN_EXPIRED],
    faults: faults::FAULTS,
    labels: &[
        LabelSet::of::<BulkPlanStatus>(&["bulk_plan.status"]),
        LabelSet::of::<BulkPlanAction>(&[]),
        LabelSet::of::<BulkItemStatus>(&["bulk_item.status"]),
    ],
    lifecycles: &[LifecycleInfo::of::<BulkPlanStatus>("bulk_plan", "status")],
    jobs: &[
        JobKind::long(model::COMMIT_JOB, |context| Box::pin(jobs::commit(context))),
        JobKind::long(model::UNDO_JOB, |context| Box::pin(jobs::undo(context))),
        JobKind::short(model::EXPIRY_JOB, |context| Box::pin(jobs::expire(context))),
    ],
    tables: &["bulk_plan"],
    client_tables: &[ClientTable::new("bulk_item")],
    ..Slice::named("platform/bulk")
};

/// Looks for what a filter finds in the caller's scope and what it is now; nothing is written.
pub type Preview = for<'a> fn(&'a mut Uow, &'a Value, &'a Value) -> Boxed<'a, Result<Vec<NewItem>, Error>>;

/// Writes (or takes back) some items of a plan; one outcome an item, in their order.
pub type Apply = for<'a> fn(&'a mut Uow, &'a BulkPlan, &'a [BulkItem]) -> Boxed<'a, Result<Vec<Done>, Error>>;

/// One kind of bulk change, registered in its slice's manifest.
#[derive(Clone, Copy)]
pub struct BulkKind {
    /// As plans name it.
    pub kind: &'static str,
    /// In words: English and Chinese.
    pub label: (&'static str, &'static str),
    /// What planning, committing and undoing it takes, beside the permission for bulk plans.
    pub permission: &'static str,
    /// What a filter and a change would touch. None for kinds that are planned another way (an uploaded file).
    pub preview: Option<Preview>,
    /// Commits a chunk: what is still at `version_before` is written and gets a new version, the rest is skipped.
    pub commit: Apply,
    /// Undoes a chunk: what is still at `version_after` gets back what was `before`, the rest is kept.
    pub undo: Apply,
}

static KINDS: OnceLock<Vec<BulkKind>> = OnceLock::new();

/// Installs the kinds of all slices; the first call wins, every call passes the same.
pub fn install(kinds: impl IntoIterator<Item = BulkKind>) {
    KINDS.get_or_init(|| kinds.into_iter().collect());
}

/// The kind of that name.
fn kind(name: &str) -> Result<&'static BulkKind, Error> {
    let known = KINDS.get().into_iter().flatten().find(|known| known.kind == name);
    known.ok_or_else(|| Error::code(&UNKNOWN_KIND))
}

/// A plan of more items than one takes.
pub static TOO_MANY_ITEMS: Code = Code::new(
    "bulk_plan_too_large",
    Kind::Invalid,
    "A plan takes 20 000 items at the most: narrow the filter, or split the file",
    "单个批量计划最多 20000 项，请缩小筛选范围或拆分文件",
);
static UNKNOWN_KIND: Code =
    Code::new("unknown_bulk_kind", Kind::Invalid, "There is no such kind of bulk change", "未知的批量变更类型");
static PLAN_EXPIRED: Code = Code::new(
    "bulk_plan_expired",
    Kind::Conflict,
    "The plan has waited for too long: make it again",
    "批量计划已过期，请重新生成",
);
