//! Approvals as they are shown and decided.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::super::kind;
use super::super::model::{ChangeAction, ChangeStatus, PendingChange};
use crate::db::Read;
use crate::http::Language;
use crate::kernel::error::Error;
use crate::kernel::ids::{ClientId, PendingChangeId};
use crate::kernel::lifecycle::{AllowedAction, allowed, block};

/// A change that waits for a second person, or has waited. (c1)
#[derive(Serialize, ToSchema)]
pub struct PendingChangeView {
    pending_change_id: PendingChangeId,
    /// What kind of change.
    #[schema(example = "policy")]
    kind: String,
    /// The same in words, in the caller's language.
    #[schema(example = "Put a policy into force")]
    title: String,
    /// What is to be changed.
    subject_id: Uuid,
    /// Whose it is; null for what belongs to no client.
    client_id: Option<ClientId>,
    status: ChangeStatus,
    /// What is to become of it, as the kind says; identifiers are masked. (c2)
    #[schema(value_type = Object)]
    change: Value,
    /// Who asked for it.
    #[schema(example = "staff:0192f0c1-2345-7abc-8def-0123456789ab")]
    maker: String,
    /// Who decided; null until somebody has.
    checker: Option<String>,
    /// Why it was asked for. (c2)
    comment: Option<String>,
    /// Why it was rejected. (c2)
    reason: Option<String>,
    created_at: DateTime<Utc>,
    /// Nobody can approve it from here on.
    expires_at: DateTime<Utc>,
    /// When it stopped waiting.
    decided_at: Option<DateTime<Utc>>,
    /// What leads on from here, and what is in the way.
    allowed_actions: Vec<AllowedAction>,
}

impl PendingChangeView {
    /// A change with what this caller may do about it.
    pub fn new(change: PendingChange, read: &Read, language: Language) -> Result<Self, Error> {
        let kind = kind::find(&change.kind)?;
        let caller = &read.caller().principal;
        let mut allowed_actions = allowed(change.status, caller);
        let own = change.maker == caller.name;
        for action in [ChangeAction::Approve, ChangeAction::Reject] {
            if !caller.scopes.contains(kind.permission) {
                block(&mut allowed_actions, action, kind.permission);
            }
            if own || !caller.is_person() {
                block(&mut allowed_actions, action, "takes_another_person");
            }
            if change.expires_at <= read.now() {
                block(&mut allowed_actions, action, "change_expired");
            }
        }
        if !own {
            block(&mut allowed_actions, ChangeAction::Withdraw, "not_the_maker");
        }
        Ok(Self {
            pending_change_id: change.pending_change_id,
            title: language.of(&kind.label()).to_owned(),
            kind: change.kind,
            subject_id: change.subject_id,
            client_id: change.client_id,
            status: change.status,
            change: (kind.shown)(change.payload),
            maker: change.maker,
            checker: change.checker,
            comment: change.comment,
            reason: change.reason,
            created_at: change.created_at,
            expires_at: change.expires_at,
            decided_at: change.decided_at,
            allowed_actions,
        })
    }
}

/// One page of changes. (c1)
#[derive(Serialize, ToSchema)]
pub struct PendingChangeList {
    pub(super) items: Vec<PendingChangeView>,
    /// For the next page; null on the last.
    pub(super) next_cursor: Option<String>,
}

/// Why a change is refused. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "与证件不符，请附上新的证件照片"}))]
pub struct RejectChange {
    /// For whoever asked for it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub(super) reason: String,
}
