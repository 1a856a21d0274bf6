//! Kinds of changes as slices register them.

use std::sync::OnceLock;

use serde_json::Value;

use super::model::PendingChange;
use crate::boxed::Boxed;
use crate::db::{Read, Uow};
use crate::kernel::decision::Text;
use crate::kernel::error::Error;

/// What a slice does for a change that was approved, or was not.
pub type Apply = for<'a> fn(&'a mut Uow, &'a PendingChange) -> Boxed<'a, Result<(), Error>>;

/// The subject's row version now; none when it is gone.
pub type Version = for<'a> fn(&'a mut Read, &'a PendingChange) -> Boxed<'a, Result<Option<i64>, Error>>;

/// A kind of change that takes a second person.
#[derive(Clone, Copy)]
pub struct ApprovalKind {
    /// As `/v1/approvals?kind=` names it.
    pub kind: &'static str,
    /// What people call it, in English …
    pub en: &'static str,
    /// … and in Chinese.
    pub zh: &'static str,
    /// The permission whoever decides must hold beside `approvals:write`.
    pub permission: &'static str,
    /// What the change's row version is compared with.
    pub version: Version,
    /// Does the change; it runs as the checker, in the transaction of the approval.
    pub apply: Apply,
    /// What follows when the change is rejected, withdrawn or expires.
    pub dropped: Apply,
    /// The payload as it is shown: identifiers masked.
    pub shown: fn(Value) -> Value,
}

impl ApprovalKind {
    /// What people call it.
    pub fn label(&self) -> Text {
        Text::new(self.en, self.zh)
    }

    /// For [`ApprovalKind::dropped`] where nothing follows.
    pub fn nothing<'a>(_: &'a mut Uow, _: &'a PendingChange) -> Boxed<'a, Result<(), Error>> {
        Box::pin(async { Ok(()) })
    }
}

static KINDS: OnceLock<Vec<ApprovalKind>> = OnceLock::new();

/// Installs what the slices register; the first call wins, every call passes the same.
pub fn install(kinds: impl IntoIterator<Item = ApprovalKind>) {
    KINDS.get_or_init(|| kinds.into_iter().collect());
}

/// A kind by name.
pub(super) fn find(kind: &str) -> Result<&'static ApprovalKind, Error> {
    let found = KINDS.get().into_iter().flatten().find(|known| known.kind == kind);
    found.ok_or_else(|| Error::internal(format!("no slice registers approvals of {kind}")))
}
