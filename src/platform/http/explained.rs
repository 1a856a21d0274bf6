//! Reasons as the caller reads them: a code for programs, words in the caller's language.

use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Language;
use crate::kernel::decision::Reason;

/// One reason for a decision. (c2)
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReasonView {
    /// Stable code for programs. (c1)
    #[schema(example = "overdue")]
    pub code: String,
    /// The same in words, in the caller's language, with the raw values that speak for it.
    #[schema(example = "Silent for 47 days, 6.1 times the own rhythm of 7.7 days")]
    pub text: String,
    /// Signed share in the result where the decision is a sum, in the unit of that sum.
    #[schema(example = 1.37)]
    pub contribution: Option<f64>,
}

impl ReasonView {
    /// A reason in a language.
    pub fn new(reason: &Reason, language: Language) -> Self {
        let text = language.of(&reason.text).to_owned();
        Self { code: reason.code.clone(), text, contribution: reason.contribution }
    }

    /// Reasons in a language.
    pub fn all(reasons: &[Reason], language: Language) -> Vec<Self> {
        reasons.iter().map(|reason| Self::new(reason, language)).collect()
    }
}
