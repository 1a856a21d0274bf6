//! A change of meaning, recorded once and written twice: to the audit trail and to the outbox.

mod kind;

pub use kind::{EventInfo, EventType};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::ids::ClientId;

/// What happened, to what: an event of a declared kind, and what the audit trail keeps beside it.
#[derive(Clone, Debug)]
pub struct Event {
    pub(crate) kind: &'static str,
    pub(crate) subject_kind: &'static str,
    pub(crate) subject_id: Option<Uuid>,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) purpose: Option<String>,
    /// References, codes, counts; never personal data in the clear.
    pub(crate) data: Value,
    /// What was there before and after; for the audit trail only, where it is sealed.
    pub(crate) change: Option<Change>,
    pub(crate) published: bool,
}

impl Event {
    /// `event` happened to the thing `subject_id`; none for things of many (a batch).
    pub fn new<E: EventType>(event: E, subject_id: impl Into<Option<Uuid>>) -> Self {
        Self {
            kind: E::KIND,
            subject_kind: E::SUBJECT,
            subject_id: subject_id.into(),
            client_id: None,
            purpose: None,
            // What cannot be written as JSON is none of our events.
            data: serde_json::to_value(event).unwrap_or_default(),
            change: None,
            published: E::PUBLISHED,
        }
    }

    /// For the audit trail alone, though its kind is published: where nothing came of it.
    #[must_use]
    pub fn unpublished(mut self) -> Self {
        self.published = false;
        self
    }

    /// The client it belongs to.
    #[must_use]
    pub fn of_client(mut self, client_id: ClientId) -> Self {
        self.client_id = Some(client_id);
        self
    }

    /// What was there before and after. Only the members that differ are kept; they may be personal.
    #[must_use]
    pub fn change(mut self, before: &impl Serialize, after: &impl Serialize) -> Self {
        self.change = Change::between(before, after);
        self
    }

    /// Whether anything differs between before and after.
    pub fn has_change(&self) -> bool {
        self.change.is_some()
    }

    /// Why the actor did it.
    #[must_use]
    pub fn purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }
}

/// Member → what it was and what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Change(pub BTreeMap<String, Changed>);

/// What a member was and what it is; null where there was or is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Changed {
    /// What it was. (c2)
    #[schema(example = json!("old"))]
    pub before: Value,
    /// What it is. (c2)
    #[schema(example = json!("new"))]
    pub after: Value,
}

impl Change {
    /// The members that differ; none when all are equal.
    pub fn between(before: &impl Serialize, after: &impl Serialize) -> Option<Self> {
        let members = |value: Value| match value {
            Value::Object(members) => members.into_iter().collect::<BTreeMap<_, _>>(),
            Value::Null => BTreeMap::new(),
            other => BTreeMap::from([("value".to_owned(), other)]),
        };
        // What cannot be written as JSON is none of our entities.
        let mut before = members(serde_json::to_value(before).unwrap_or_default());
        let after = members(serde_json::to_value(after).unwrap_or_default());
        let mut changed: BTreeMap<String, Changed> = BTreeMap::new();
        for (name, after) in after {
            let before = before.remove(&name).unwrap_or_default();
            if before != after {
                changed.insert(name, Changed { before, after });
            }
        }
        let gone = before.into_iter().filter(|(_, value)| !value.is_null());
        changed.extend(gone.map(|(name, before)| (name, Changed { before, after: Value::Null })));
        (!changed.is_empty()).then_some(Self(changed))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_kept() {
        let change = Change::between(&json!({ "a": 1, "b": 2, "c": null }), &json!({ "a": 1, "b": 3, "d": 4 }));
        let change = serde_json::to_value(change).expect("json");
        let kept = json!({ "b": { "before": 2, "after": 3 }, "d": { "before": null, "after": 4 } });
        assert_eq!(change, kept);
        assert_eq!(Change::between(&json!({ "a": 1 }), &json!({ "a": 1 })), None);
    }
}
