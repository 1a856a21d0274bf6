//! Policies as they are sent and shown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::kind;
use super::super::model::{PolicyAction, PolicyStatus, PolicyVersion};
use super::super::service;
use crate::db::Read;
use crate::kernel::ids::PolicyId;
use crate::kernel::lifecycle::{AllowedAction, allowed, block};
use crate::kernel::patch::Patch;

/// Which versions.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PolicyQuery {
    /// Of this kind: `tier`, `value`, `churn` …
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$", example = "tier")]
    #[serde(default)]
    pub(super) kind: Option<String>,
    /// In this status.
    #[param(inline)]
    #[serde(default)]
    pub(super) status: Option<PolicyStatus>,
}

/// Path of a policy.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PolicyPath {
    /// The version.
    pub(super) policy_id: PolicyId,
}

/// One page of policies. (c1)
#[derive(Serialize, ToSchema)]
pub struct PolicyList {
    pub(super) items: Vec<PolicyView>,
    /// For the next page; null on the last.
    pub(super) next_cursor: Option<String>,
}

/// A version to be drafted. (c1)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "tier",
    "rules": {
        "currency": "CNY", "window_trading_days": 20,
        "rungs": [
            {"code": "zero", "lower_bound": "0", "tier": "ordinary"},
            {"code": "500k_to_6m", "lower_bound": "500000", "tier": "middle"},
            {"code": "6m_and_above", "lower_bound": "6000000", "tier": "high_net_worth"}
        ],
        "frequency": {"min_active_days": 20, "days": 90, "max_notches": 1},
        "watch_after_months": 3, "downgrade_after_months": 6
    },
    "note": "三档分层，简化阶梯"
}))]
pub struct CreatePolicy {
    /// What kind: `tier`, `value`, `churn` …
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub kind: String,
    /// The rules, as the kind wants them.
    #[schema(value_type = Object)]
    pub rules: Value,
    /// Why.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    #[serde(default)]
    pub note: Option<String>,
    /// The trading day from whose beginning it is to rule, today or later; as soon as it is approved when absent.
    #[serde(default)]
    pub effective_on: Option<NaiveDate>,
}

/// Changes to a draft (RFC 7396): absent stays, null clears. (c1)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"effective_on": "2199-01-04"}))]
pub struct ChangePolicy {
    /// The rules as a whole, as the kind wants them.
    #[schema(value_type = Object, nullable = false)]
    #[serde(default)]
    pub rules: Option<Value>,
    /// Why.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000, pattern = r"\S")]
    #[serde(default)]
    pub note: Patch<String>,
    /// The trading day from whose beginning it is to rule, today or later.
    #[schema(value_type = Option<NaiveDate>)]
    #[serde(default)]
    pub effective_on: Patch<NaiveDate>,
}

/// Why a version is not approved. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "中端客户门槛过高，请先模拟影响"}))]
pub struct RejectPolicy {
    /// For whoever wrote it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// One version of the rules of a kind. (c1)
#[derive(Serialize, ToSchema)]
pub struct PolicyView {
    policy_id: PolicyId,
    /// What it decides.
    #[schema(example = "tier")]
    kind: String,
    /// From 1, a kind.
    #[schema(example = 2)]
    version: i32,
    status: PolicyStatus,
    /// The rules, as the kind wants them.
    #[schema(value_type = Object)]
    rules: Value,
    /// Why.
    note: Option<String>,
    /// The trading day asked for; null: as soon as it is approved.
    effective_on: Option<NaiveDate>,
    /// Rules from this instant on; null before it is approved, and of the first version, which has ruled since ever.
    valid_from: Option<DateTime<Utc>>,
    /// Until this instant; null while no successor is approved.
    valid_to: Option<DateTime<Utc>>,
    /// Who last wrote the rules.
    #[schema(example = "staff:0192f0c1-2345-7abc-8def-0123456789ab")]
    drafted_by: String,
    submitted_by: Option<String>,
    approved_by: Option<String>,
    created_at: DateTime<Utc>,
    /// What leads on from here, and what is in the way.
    allowed_actions: Vec<AllowedAction>,
}

impl PolicyView {
    /// A version with what this caller may do about it.
    pub fn new(version: PolicyVersion, read: &Read) -> Self {
        let caller = &read.caller().principal;
        let mut allowed_actions = allowed(version.status, caller);
        if version.drafted_by == caller.name || version.submitted_by.as_deref() == Some(&*caller.name) {
            block(&mut allowed_actions, PolicyAction::Approve, "takes_another_person");
            block(&mut allowed_actions, PolicyAction::Reject, "takes_another_person");
        }
        if kind::find(&version.kind).is_none() {
            block(&mut allowed_actions, PolicyAction::Change, "unknown_policy_kind");
        }
        if version.status == PolicyStatus::Active && service::must_rule(&version.kind, read) {
            block(&mut allowed_actions, PolicyAction::Retire, "policy_must_rule");
        }
        Self {
            policy_id: version.policy_id,
            kind: version.kind,
            version: version.version,
            status: version.status,
            rules: version.rules,
            note: version.note,
            effective_on: version.effective_on,
            valid_from: version.valid_from,
            valid_to: version.valid_to,
            drafted_by: version.drafted_by,
            submitted_by: version.submitted_by,
            approved_by: version.approved_by,
            created_at: version.created_at,
            allowed_actions,
        }
    }
}

/// What a version would change. (c1)
#[derive(Serialize, ToSchema)]
pub struct PolicySimulationView {
    policy_id: PolicyId,
    #[schema(example = "tier")]
    kind: String,
    #[schema(example = 2)]
    version: i32,
    /// As the kind documents it.
    #[schema(value_type = Object)]
    result: Value,
}

impl PolicySimulationView {
    /// The answer of the kind's simulation.
    pub fn new(version: PolicyVersion, result: Value) -> Self {
        Self { policy_id: version.policy_id, kind: version.kind, version: version.version, result }
    }
}
