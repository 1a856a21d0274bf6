//! Codes and what they mean.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem;
use crate::kernel::decision::Text;
use crate::kernel::error::Code;
use crate::kernel::label::LabelSet;

/// Every code there is, with its meaning in both languages. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct Labels {
    /// Closed sets of codes.
    pub enums: Vec<EnumLabels>,
    /// Codes of problems.
    pub problems: Vec<ProblemLabel>,
    /// Codes of single faults of an input; `{…}` stands for a bound.
    pub faults: Vec<CodeLabel>,
    /// Permissions.
    pub permissions: Vec<CodeLabel>,
}

/// A closed set of codes. (c2)
#[derive(Clone, Serialize, ToSchema)]
pub struct EnumLabels {
    /// Its name.
    #[schema(example = "interaction_channel")]
    pub name: &'static str,
    /// What it tells. (c1)
    pub label: LabelText,
    /// Its codes, in the order people see. (c1)
    pub codes: Vec<CodeLabel>,
}

impl EnumLabels {
    pub(super) fn of(set: &LabelSet) -> Self {
        let codes = (set.codes)().into_iter().map(|(code, label)| CodeLabel::new(code, label)).collect();
        Self { name: set.name, label: (set.title)().into(), codes }
    }
}

/// A code and what it means. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct CodeLabel {
    /// Stable code for programs.
    #[schema(example = "call")]
    pub code: &'static str,
    /// What it means.
    pub label: LabelText,
}

impl CodeLabel {
    pub(super) fn new(code: &'static str, label: Text) -> Self {
        Self { code, label: label.into() }
    }
}

/// A code of a problem. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct ProblemLabel {
    /// Stable code for programs.
    #[schema(example = "version_mismatch")]
    pub code: &'static str,
    /// The HTTP status it comes with.
    #[schema(example = 412)]
    pub status: u16,
    /// Its title.
    pub label: LabelText,
}

impl ProblemLabel {
    pub(super) fn of(code: &Code) -> Self {
        let status = problem::status(code.kind).as_u16();
        Self { code: code.code, status, label: Text::new(code.en, code.zh).into() }
    }
}

/// The same in both languages. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct LabelText {
    /// English.
    #[schema(example = "Telephone")]
    pub en: String,
    /// Simplified Chinese.
    #[schema(example = "电话")]
    pub zh: String,
}

impl From<Text> for LabelText {
    fn from(text: Text) -> Self {
        Self { en: text.en, zh: text.zh }
    }
}
