//! A resource as callers see it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::glossary;
use super::labels::CodeLabel;

/// The names of all resources. (c1)
#[derive(Serialize, ToSchema)]
pub struct ResourceNames {
    /// In the order of the alphabet.
    pub items: Vec<ResourceName>,
}

/// A resource and whether the caller may read it. (c1)
#[derive(Serialize, ToSchema)]
pub struct ResourceName {
    /// The last word of its path.
    #[schema(example = "interactions")]
    pub name: String,
    /// Whether the caller's permissions suffice.
    pub readable: bool,
}

/// What there is to know about a resource before one is seen. (c1)
#[derive(Clone, Default, Serialize, ToSchema)]
pub struct Resource {
    /// The last word of its path.
    #[schema(example = "interactions")]
    pub name: String,
    /// What it is.
    pub label: FieldLabel,
    /// Its fields, in the order of its answers.
    pub fields: Vec<Field>,
    /// What its list can be narrowed by.
    pub filters: Vec<Filter>,
    /// What its list can be sorted by; `-` before a name reverses the order.
    #[schema(example = json!(["-score"]))]
    pub sorts: Vec<String>,
    /// Its life cycle; null when it has none.
    pub states: Option<States>,
}

/// A field of a resource. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct Field {
    /// As in the answers.
    #[schema(example = "channel")]
    pub name: String,
    /// What it holds.
    pub label: FieldLabel,
    /// JSON type of a value: `string`, `integer`, `number`, `boolean` or `object`.
    #[schema(example = "string")]
    pub r#type: String,
    /// What a text or number stands for: `date`, `date-time`, `uuid`, `decimal` …
    #[schema(example = "date")]
    pub format: Option<String>,
    /// Whether it holds several such values.
    pub list: bool,
    /// Whether it can be null.
    pub nullable: bool,
    /// JSON Schema keywords that bound a value.
    #[schema(example = json!({"maxLength": 500}))]
    pub bounds: BTreeMap<String, Value>,
    /// Name of the closed set the value is from, as in `GET /v1/labels`.
    #[schema(example = "interaction_channel")]
    pub labels: Option<String>,
    /// The codes of that set.
    pub options: Vec<CodeLabel>,
    /// How sensitive it is: c1, c2 or c3.
    #[schema(example = "c2")]
    pub data_class: String,
    /// Whether the caller may read it.
    pub readable: bool,
    /// Whether the caller may give it when one is created.
    pub creatable: bool,
    /// Whether the caller may change it.
    pub writable: bool,
}

/// A filter of a list. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct Filter {
    /// The query parameter.
    #[schema(example = "channel")]
    pub name: String,
    /// What it asks for.
    pub label: FieldLabel,
    /// JSON type of a value.
    #[schema(example = "string")]
    pub r#type: String,
    /// What a text or number stands for.
    #[schema(example = "date-time")]
    pub format: Option<String>,
    /// Whether it can be given several times, for any of several.
    pub repeated: bool,
    /// JSON Schema keywords that bound a value.
    #[schema(example = json!({"maxLength": 64}))]
    pub bounds: BTreeMap<String, Value>,
    /// The codes it can ask for.
    pub options: Vec<CodeLabel>,
}

/// A life cycle. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct States {
    /// The field that holds the state; its options are the states.
    #[schema(example = "status")]
    pub field: String,
    /// The steps between them.
    pub steps: Vec<StepView>,
}

/// A step of a life cycle. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct StepView {
    /// What is done.
    #[schema(example = "acknowledge")]
    pub action: &'static str,
    /// The states it can be done in.
    #[schema(example = json!(["open"]))]
    pub from: Vec<&'static str>,
    /// The state it leads to.
    #[schema(example = "acknowledged")]
    pub to: &'static str,
    /// The permission it takes; null when the system does it.
    #[schema(example = "churn:write")]
    pub permission: Option<&'static str>,
}

/// A description in the two languages, as far as it is written in both. (c1)
#[derive(Clone, Default, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldLabel {
    /// English.
    #[schema(example = "What comes next")]
    pub en: String,
    /// Simplified Chinese; null where nobody has written it.
    #[schema(example = "下一步")]
    pub zh: Option<String>,
}

impl FieldLabel {
    /// Of a comment such as `What comes next 下一步.`: its first sentence, the Chinese at its end apart.
    pub fn of(comment: &str) -> Self {
        let line = comment.lines().next().unwrap_or_default().trim();
        let sentence = line.split(['.', ';']).next().unwrap_or_default().trim();
        let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        match sentence.find(chinese) {
            Some(at) => Self { en: sentence[..at].trim().to_owned(), zh: Some(sentence[at..].trim().to_owned()) },
            None => Self { en: sentence.to_owned(), zh: None },
        }
    }
}

impl FieldLabel {
    /// The same, with the field's name where nothing is said, and the house's word for it where no Chinese is.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        let en = if self.en.is_empty() { name.replace('_', " ") } else { self.en };
        Self { en, zh: self.zh.or_else(|| glossary::chinese(name).map(str::to_owned)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_says_it_in_two_languages_or_one() {
        let label = |en: &str, zh: Option<&str>| FieldLabel { en: en.to_owned(), zh: zh.map(str::to_owned) };
        assert_eq!(
            FieldLabel::of("The firm's own number 客户号; unique. More."),
            label("The firm's own number", Some("客户号"))
        );
        assert_eq!(FieldLabel::of("By when; not before 1970."), label("By when", None));
        assert_eq!(FieldLabel::of("What for 沟通目的\n\n- `care`: Care 关怀"), label("What for", Some("沟通目的")));
    }
}
