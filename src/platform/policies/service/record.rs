//! What is told of a version.

use serde_json::json;

use crate::db::Uow;
use crate::kernel::event::Event;
use crate::kernel::ids::PolicyId;

/// Records what happened to a version.
pub(super) fn record(uow: &mut Uow, happened: &'static str, id: PolicyId, kind: &str, version: i32) {
    uow.record(Event::new(happened, "policy", id.0).data(json!({ "kind": kind, "version": version })));
}
