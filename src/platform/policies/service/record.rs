//! Versions are written with what is recorded of them.

use super::super::events::PolicyReference;
use super::super::model::PolicyVersion;
use super::super::store;
use crate::db::Uow;
use crate::kernel::error::Error;
use crate::kernel::event::{Event, EventType};
use crate::kernel::ids::PolicyId;

/// Records what happened to a version.
pub(super) fn record<E: EventType>(
    uow: &mut Uow,
    happened: fn(PolicyReference) -> E,
    id: PolicyId,
    kind: &str,
    version: i32,
) {
    uow.record(Event::new(happened(PolicyReference { kind: kind.to_owned(), version }), id.0));
}

/// Writes a version as it is to be, and records what happened to it; false when somebody else wrote in between.
pub(super) async fn write<E: EventType>(
    uow: &mut Uow,
    before: &PolicyVersion,
    after: &PolicyVersion,
    happened: fn(PolicyReference) -> E,
) -> Result<bool, Error> {
    let now = uow.now();
    let written = store::update(uow.conn(), after, now).await?;
    if written {
        let reference = PolicyReference { kind: after.kind.clone(), version: after.version };
        uow.record(Event::new(happened(reference), after.policy_id.0).change(before, after));
    }
    Ok(written)
}
