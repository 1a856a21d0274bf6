//! Kinds of events and what they carry.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::labels::LabelText;
use crate::kernel::decision::Text;
use crate::kernel::event::EventInfo;

/// Every kind of event there is. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct EventTypes {
    /// In the order of the document's tags.
    pub items: Vec<EventTypeView>,
}

/// A kind of event. (c1)
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = EventType)]
pub struct EventTypeView {
    /// What happened: `subject.verb`. The audit trail calls it action.
    #[schema(example = "client.opened")]
    pub kind: &'static str,
    /// The kind of thing it happens to.
    #[schema(example = "client")]
    pub subject_kind: &'static str,
    /// Whether it is published; what is not is in the audit trail alone.
    pub published: bool,
    /// What happened, for people.
    pub label: LabelText,
    /// Name of the schema of what it carries, among the document's.
    #[schema(example = "ClientOpened")]
    pub schema_name: &'static str,
    /// JSON Schema of what it carries: ids, codes and counts, each with its data class.
    #[schema(value_type = Object)]
    pub schema: Value,
}

impl EventTypeView {
    pub(super) fn of(event: &EventInfo, document: &Value) -> Self {
        let mut schema = document["components"]["schemas"][event.name].clone();
        inline(document, &mut schema);
        Self {
            kind: event.kind,
            subject_kind: event.subject_kind,
            published: event.published,
            label: Text::new(event.en, event.zh).into(),
            schema_name: event.name,
            schema,
        }
    }
}

/// Puts in place of each reference what it refers to, so that the schema stands alone. What is said beside a reference
/// goes before what is said behind it. No event carries a schema that refers to itself.
fn inline(document: &Value, schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(to)) = members.shift_remove("$ref")
                && let Some(Value::Object(target)) = document.pointer(to.trim_start_matches('#'))
            {
                for (name, value) in target {
                    members.entry(name.clone()).or_insert_with(|| value.clone());
                }
                return inline(document, schema);
            }
            members.values_mut().for_each(|member| inline(document, member));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| inline(document, item)),
        _ => {}
    }
}
