//! A change of meaning, told once and written twice: to the audit trail and to the outbox.

use serde_json::{Value, json};
use uuid::Uuid;

use super::ids::ClientId;

/// What happened, to what. `data` holds references and codes, never personal data in the clear.
#[derive(Clone, Debug)]
pub struct Event {
    /// `subject.verb` in the past tense, as `client.opened`.
    pub kind: &'static str,
    /// The kind of thing it happened to.
    pub subject_kind: &'static str,
    /// Its id; none for things of many (a batch).
    pub subject_id: Option<Uuid>,
    /// The client it belongs to.
    pub client_id: Option<ClientId>,
    /// Why the actor did it, where a purpose is asked for.
    pub purpose: Option<String>,
    /// References, codes, counts.
    pub data: Value,
    /// Whether others are told: an access is audited and told to nobody.
    pub published: bool,
}

impl Event {
    /// `kind` happened to the thing `subject_id`.
    pub fn new(kind: &'static str, subject_kind: &'static str, subject_id: impl Into<Option<Uuid>>) -> Self {
        let subject_id = subject_id.into();
        Self { kind, subject_kind, subject_id, client_id: None, purpose: None, data: json!({}), published: true }
    }

    /// An access to be audited but not told to others.
    pub fn access(kind: &'static str, subject_kind: &'static str, subject_id: impl Into<Option<Uuid>>) -> Self {
        Self { published: false, ..Self::new(kind, subject_kind, subject_id) }
    }

    /// The client it belongs to.
    #[must_use]
    pub fn of_client(mut self, client_id: ClientId) -> Self {
        self.client_id = Some(client_id);
        self
    }

    /// References, codes, counts.
    #[must_use]
    pub fn data(mut self, data: Value) -> Self {
        self.data = data;
        self
    }

    /// Why the actor did it.
    #[must_use]
    pub fn purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }
}
