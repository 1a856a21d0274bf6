//! What every decision about a client returns beside its result: why.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
