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

/// Writes a version as it is now, and records what happened to it; false when somebody else wrote in between.
pub(super) async fn write<E: EventType>(
    uow: &mut Uow,
    version: &PolicyVersion,
    happened: fn(PolicyReference) -> E,
) -> Result<bool, Error> {
    let now = uow.now();
    let written = store::update(uow.conn(), version, now).await?;
    if written {
        record(uow, happened, version.policy_id, &version.kind, version.version);
    }
    Ok(written)
}
