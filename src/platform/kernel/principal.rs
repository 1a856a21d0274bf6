//! Who acts, what they may do, and whose clients they may see.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use uuid::Uuid;

use super::ids::{BranchId, SessionId, StaffId};

/// Which clients a caller may see. Bound into every statement about clients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visibility {
    /// The whole firm.
    pub firm: bool,
    /// Clients of these branches.
    pub branch_ids: Vec<Uuid>,
    /// Clients whose advisor this is.
    pub advisor_id: Option<Uuid>,
}

impl Visibility {
    /// Every client of the firm.
    pub fn firm() -> Self {
        Self { firm: true, ..Self::default() }
    }

    /// Whether a client of that branch and advisor is in scope: the same predicate as the statements'.
    pub fn covers(&self, branch_id: BranchId, advisor_id: Option<StaffId>) -> bool {
        self.firm
            || self.branch_ids.contains(&branch_id.0)
            || (self.advisor_id.is_some() && self.advisor_id == advisor_id.map(|id| id.0))
    }
}

/// A person or a part of the system that acts.
#[derive(Clone, Debug)]
pub struct Principal {
    /// `staff:<id>` or `system:<name>`: what the audit trail names.
    pub name: String,
    /// The member of staff, unless it is the system.
    pub staff_id: Option<StaffId>,
    /// The session of the token used.
    pub session_id: Option<SessionId>,
    /// Permissions held, by scope name.
    pub scopes: Arc<BTreeSet<&'static str>>,
    /// Clients in scope.
    pub visibility: Visibility,
    /// Home branch: where what they create belongs.
    pub branch_id: BranchId,
}

impl Principal {
    /// A named part of the system: sees the whole firm.
    pub fn system(name: &str) -> Self {
        Self {
            name: format!("system:{name}"),
            staff_id: None,
            session_id: None,
            scopes: Arc::default(),
            visibility: Visibility::firm(),
            branch_id: BranchId::ROOT,
        }
    }

    /// A person, not a partner's machine or a part of the system: only people decide what others asked for.
    pub fn is_person(&self) -> bool {
        self.name.starts_with("staff:")
    }
}

/// One request, or one run of a job: who, under which request id, and how it is recognised when sent again.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who acts.
    pub principal: Arc<Principal>,
    /// Given by the caller or made by us; in every log line and audit row.
    pub request_id: String,
    /// Where the connection comes from, if there is one.
    pub address: Option<String>,
    /// The key of a retry, if one was sent.
    pub idempotency_key: Option<String>,
    /// Method, path and query: part of what the key is bound to.
    pub target: String,
    /// SHA-256 of the body, set by whoever reads it.
    pub body_hash: Arc<OnceLock<[u8; 32]>>,
}

impl Caller {
    /// A named part of the system.
    pub fn system(name: &str, request_id: impl Into<String>) -> Self {
        Self {
            principal: Arc::new(Principal::system(name)),
            request_id: request_id.into(),
            address: None,
            idempotency_key: None,
            target: String::new(),
            body_hash: Arc::default(),
        }
    }

    /// Clients in scope.
    pub fn visibility(&self) -> &Visibility {
        &self.principal.visibility
    }
}
