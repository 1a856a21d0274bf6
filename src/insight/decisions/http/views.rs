//! Decisions as they are asked for and shown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use platform::decisions::{self, Conclusion, StoredDecision};
use platform::http::{Language, ReasonView};
use platform::kernel::decision::Basis;
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, DecisionId};

/// Path of a decision.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct DecisionPath {
    /// The client.
    pub(super) client_id: ClientId,
    /// The decision.
    pub(super) decision_id: DecisionId,
}

/// Which decisions.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DecisionQuery {
    /// Of this kind: `tier`, `value`, `churn_risk`.
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$", example = "value")]
    #[serde(default)]
    pub(super) kind: Option<String>,
}

/// What is to be decided. (c1)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "value"}))]
pub struct MakeDecision {
    /// A kind that is decided on demand.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub(super) kind: String,
}

/// A decision about a client, as it was made. (c2)
#[derive(Serialize, ToSchema)]
#[schema(as = StoredDecision)]
pub struct DecisionView {
    decision_id: DecisionId,
    client_id: ClientId,
    /// What kind of decision.
    #[schema(example = "value")]
    kind: String,
    /// The same in words, in the caller's language.
    #[schema(example = "Value of a client")]
    title: String,
    /// What was concluded, as the kind says.
    #[schema(value_type = Object)]
    result: Value,
    /// Why, in the caller's language.
    reasons: Vec<ReasonView>,
    /// The policies and models that decided.
    basis: Vec<Basis>,
    /// The day it speaks of.
    as_of: NaiveDate,
    /// What it was decided from.
    #[schema(value_type = Object)]
    inputs: Value,
    decided_at: DateTime<Utc>,
}

impl DecisionView {
    /// A decision in a language.
    pub fn new(decision: StoredDecision, language: Language) -> Self {
        let title = decisions::find(&decision.kind).map(|kind| language.of(&kind.label()).to_owned());
        Self {
            decision_id: decision.decision_id,
            client_id: decision.client_id,
            title: title.unwrap_or_else(|| decision.kind.clone()),
            kind: decision.kind,
            result: decision.result,
            reasons: ReasonView::all(&decision.reasons, language),
            basis: decision.basis,
            as_of: decision.as_of,
            inputs: decision.inputs,
            decided_at: decision.decided_at,
        }
    }
}

/// One page of decisions. (c1)
#[derive(Serialize, ToSchema)]
#[schema(as = DecisionPage)]
pub struct DecisionList {
    pub(super) items: Vec<DecisionView>,
    /// For the next page; null on the last.
    pub(super) next_cursor: Option<String>,
}

/// A decision as stored and as concluded again. (c2)
#[derive(Serialize, ToSchema)]
pub struct DecisionReplayView {
    decision_id: DecisionId,
    /// Whether the two are the same to the byte.
    equal: bool,
    /// Result and reasons as stored.
    #[schema(value_type = Object)]
    stored: Value,
    /// Result and reasons as concluded again.
    #[schema(value_type = Object)]
    replayed: Value,
}

impl DecisionReplayView {
    /// Compares.
    pub fn new(stored: &StoredDecision, replayed: &Conclusion) -> Result<Self, Error> {
        let (then, again) = (stored.conclusion().bytes(), replayed.bytes());
        Ok(Self {
            decision_id: stored.decision_id,
            equal: then == again,
            stored: serde_json::from_str(&then).map_err(Error::internal)?,
            replayed: serde_json::from_str(&again).map_err(Error::internal)?,
        })
    }
}
