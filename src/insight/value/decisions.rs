//! The value of a client as a decision: made on demand, concluded again from what was stored.

use serde_json::{Value, json};

use super::model::{ValueInputs, ValuePolicy, ValueScore};
use super::{rules, service};
use platform::db::Read;
use platform::decisions::{Conclusion, StoredDecision};
use platform::kernel::clock::AsOf;
use platform::kernel::decision::{Basis, Decision};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::policies;

/// As `/v1/clients/{client_id}/decisions?kind=` names it.
pub const KIND: &str = "value";
const POLICY: &str = "policy:value";

/// Grade and strategy at the end of today.
pub async fn decide(read: &mut Read, client_id: ClientId) -> Result<Decision<Value>, Error> {
    let today = AsOf::Day(read.today());
    let found = service::score(read, client_id, today).await?;
    let policy = Basis { kind: POLICY.to_owned(), id: None, version: found.policy_version };
    let model = found.forecaster.as_ref().map(|model| Basis {
        kind: "model:churn".to_owned(),
        id: Some(model.churn_model_id.0),
        version: model.version,
    });
    Ok(Decision {
        client_id,
        kind: KIND,
        result: result(&found.score),
        reasons: found.score.reasons,
        basis: [policy].into_iter().chain(model).collect(),
        as_of: found.as_of,
        inputs: json!(found.inputs),
    })
}

/// The same function of the same inputs, under the version of the policy that decided. What the model said is among the
/// inputs.
pub async fn replay(read: &mut Read, stored: &StoredDecision) -> Result<Conclusion, Error> {
    let version = stored.version_of(POLICY).ok_or_else(|| Error::internal("a value was decided by no policy"))?;
    let policy = policies::numbered::<ValuePolicy>(read, version).await?.rules;
    let inputs: ValueInputs = serde_json::from_value(stored.inputs.clone()).map_err(Error::internal)?;
    let score = rules::score(&policy, &inputs);
    Ok(Conclusion { result: result(&score), reasons: score.reasons })
}

/// The score itself moves every day; how a client is looked after does not.
fn result(score: &ValueScore) -> Value {
    json!({ "grade": score.grade, "strategy": score.strategy })
}
