//! Kinds of decisions as slices register them. What is stored, and how it is shown and replayed, is
//! `insight::decisions`.
//!
//! A slice decides with a pure function of inputs and policy or model, and registers how the function is called again:
//! [`DecisionKind::replay`] takes a stored decision and gives result and reasons anew, from the stored inputs and the
//! stored basis alone. Replaying compares bytes.

use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::boxed::Boxed;
use crate::db::Read;
use crate::kernel::decision::{Basis, Decision, Reason, Text, canonical};
use crate::kernel::error::Error;
use crate::kernel::ids::{ClientId, DecisionId};

/// A decision as kept.
#[derive(Clone, Debug)]
pub struct StoredDecision {
    /// Id.
    pub decision_id: DecisionId,
    /// Whose.
    pub client_id: ClientId,
    /// As the slice registers it.
    pub kind: String,
    /// What was concluded.
    pub result: Value,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What it was decided by.
    pub basis: Vec<Basis>,
    /// The day it speaks of.
    pub as_of: NaiveDate,
    /// What the function was given.
    pub inputs: Value,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Its place in the order in which decisions were made.
    pub sequence: i64,
}

impl StoredDecision {
    /// The version of what decided, by kind of basis: `policy:value`.
    pub fn version_of(&self, kind: &str) -> Option<i32> {
        self.basis.iter().find(|basis| basis.kind == kind).map(|basis| basis.version)
    }

    /// What a replay must give again.
    pub fn conclusion(&self) -> Conclusion {
        Conclusion { result: self.result.clone(), reasons: self.reasons.clone() }
    }
}

/// What a decision concludes.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// What.
    pub result: Value,
    /// Why.
    pub reasons: Vec<Reason>,
}

impl Conclusion {
    /// Its one form.
    pub fn bytes(&self) -> String {
        canonical(&json!({ "result": self.result, "reasons": self.reasons }))
    }
}

/// Decides about a client within scope as of now.
pub type Decide = for<'a> fn(&'a mut Read, ClientId) -> Boxed<'a, Result<Decision<Value>, Error>>;

/// Concludes again, from what is stored alone.
pub type Replay = for<'a> fn(&'a mut Read, &'a StoredDecision) -> Boxed<'a, Result<Conclusion, Error>>;

/// A kind of decision as a manifest names it.
#[derive(Clone, Copy)]
pub struct DecisionKind {
    /// As `/v1/clients/{client_id}/decisions?kind=` names it.
    pub kind: &'static str,
    /// What people call it, in English …
    pub en: &'static str,
    /// … and in Chinese.
    pub zh: &'static str,
    /// Decides on demand; none where decisions are made on change alone.
    pub decide: Option<Decide>,
    /// Concludes again.
    pub replay: Replay,
}

impl DecisionKind {
    /// What people call it.
    pub fn label(&self) -> Text {
        Text::new(self.en, self.zh)
    }
}

static KINDS: OnceLock<Vec<DecisionKind>> = OnceLock::new();

/// Installs what the slices register; the first call wins, every call passes the same.
pub fn install(kinds: impl IntoIterator<Item = DecisionKind>) {
    KINDS.get_or_init(|| kinds.into_iter().collect());
}

/// Every kind.
pub fn all() -> &'static [DecisionKind] {
    KINDS.get().map_or(&[], Vec::as_slice)
}

/// A kind by name.
pub fn find(kind: &str) -> Option<&'static DecisionKind> {
    all().iter().find(|known| known.kind == kind)
}
