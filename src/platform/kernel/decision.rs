//! What every decision about a client is: a result and why, from which inputs, by which rules.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ids::ClientId;

/// A sentence in the two languages of the house. (c1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese (zh-CN).
    pub zh: String,
}

impl Text {
    /// Both wordings of one sentence.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// One reason for a decision: a stable code for programs, plain words for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable, snake_case; one per kind of reason, never per client.
    pub code: String,
    /// The same in words, with the raw values that speak for it.
    pub text: Text,
    /// Signed share in the result where the decision is a sum, in the unit of that sum.
    pub contribution: Option<f64>,
}

impl Reason {
    /// A reason without a numeric share.
    pub fn new(code: &str, text: Text) -> Self {
        Self { code: code.to_owned(), text, contribution: None }
    }

    /// A reason that is one term of a sum.
    pub fn with_contribution(code: &str, text: Text, contribution: f64) -> Self {
        Self { code: code.to_owned(), text, contribution: Some(contribution) }
    }
}

/// A decision as a pure function gives it. It is stored when its result changes.
#[derive(Clone, Debug)]
pub struct Decision<R> {
    /// Whose.
    pub client_id: ClientId,
    /// As the slice registers it: `tier`, `value`, `churn_risk`.
    pub kind: &'static str,
    /// What was concluded; without figures that move every day, or every day is a change.
    pub result: R,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What it was decided by.
    pub basis: Vec<Basis>,
    /// The day it speaks of.
    pub as_of: NaiveDate,
    /// Everything the function was given beside the basis, with how fresh it was.
    pub inputs: Value,
}

/// A policy or model that decided. (c1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DecisionBasis)]
pub struct Basis {
    /// `policy` or `model`, and which: `policy:value`.
    #[schema(example = "policy:value")]
    pub kind: String,
    /// Its id, where it has one.
    pub id: Option<Uuid>,
    /// Its version.
    #[schema(example = 1)]
    pub version: i32,
}

/// JSON in one form: members in the order of their names, no spaces. Equal values are equal bytes.
pub fn canonical(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut names: Vec<&String> = members.keys().collect();
                names.sort();
                Value::Object(names.into_iter().map(|name| (name.clone(), sorted(&members[name]))).collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            plain => plain.clone(),
        }
    }
    sorted(value).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_values_have_one_form() {
        let (a, b) =
            (json!({ "b": [{ "y": 1, "x": 0.1 }], "a": "中" }), json!({ "a": "中", "b": [{ "x": 0.1, "y": 1 }] }));
        assert_eq!(canonical(&a), r#"{"a":"中","b":[{"x":0.1,"y":1}]}"#);
        assert_eq!(canonical(&a), canonical(&b));
        let read: Value = serde_json::from_str(&canonical(&a)).expect("json");
        assert_eq!(canonical(&read), canonical(&a));
    }
}
