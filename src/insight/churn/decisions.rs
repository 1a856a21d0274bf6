//! The risk of a client as a decision: made on demand and when an alert opens or rises, concluded again from what was
//! stored.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::model::ChurnPolicy;
use super::rules;
use crate::scoring::{self, ChurnRisk, ChurnStatistics, DEFAULT_HORIZON_DAYS};
use platform::db::Read;
use platform::decisions::{Conclusion, StoredDecision};
use platform::kernel::clock::AsOf;
use platform::kernel::decision::{Basis, Decision};
use platform::kernel::error::Error;
use platform::kernel::ids::{ChurnModelId, ClientId};
use platform::policies::{self, Stored};

/// As `/v1/clients/{client_id}/decisions?kind=` names it.
pub const KIND: &str = "churn_risk";
const POLICY: &str = "policy:churn";
const MODEL: &str = "model:churn";

/// What a risk is concluded from, beside policy and model.
#[derive(Serialize, Deserialize)]
struct Inputs {
    /// Days over which silence is forecast.
    horizon_days: u32,
    /// What is known of the client's trading, up to the day they name.
    statistics: Option<ChurnStatistics>,
    /// Why there is no model, where there is none.
    no_model: Option<String>,
}

/// The band of the risk at the end of today.
pub async fn decide(read: &mut Read, client_id: ClientId) -> Result<Decision<Value>, Error> {
    let today = AsOf::Day(read.today());
    let risk = scoring::risk(read, client_id, today, DEFAULT_HORIZON_DAYS).await?;
    let policy = policies::now::<ChurnPolicy>(read).await?;
    Ok(decision(&policy, risk))
}

/// A risk as a decision under a policy.
pub fn decision(policy: &Stored<ChurnPolicy>, risk: ChurnRisk) -> Decision<Value> {
    let by_policy = Basis { kind: POLICY.to_owned(), id: None, version: policy.version };
    let by_model = risk.model.as_ref().map(|model| Basis {
        kind: MODEL.to_owned(),
        id: Some(model.churn_model_id.0),
        version: model.version,
    });
    let no_model = risk.forecast.as_ref().err().map(|none| none.code.clone()).filter(|_| risk.model.is_none());
    Decision {
        client_id: risk.client_id,
        kind: KIND,
        result: rules::conclusion(&policy.rules, &risk.forecast),
        reasons: risk.reasons,
        basis: [by_policy].into_iter().chain(by_model).collect(),
        as_of: risk.as_of,
        inputs: json!(Inputs { horizon_days: risk.horizon_days, statistics: risk.statistics, no_model }),
    }
}

/// The same functions of the same inputs, under the versions of policy and model that decided.
pub async fn replay(read: &mut Read, stored: &StoredDecision) -> Result<Conclusion, Error> {
    let version = stored.version_of(POLICY).ok_or_else(|| Error::internal("a risk was decided by no policy"))?;
    let policy = policies::numbered::<ChurnPolicy>(read, version).await?.rules;
    let inputs: Inputs = serde_json::from_value(stored.inputs.clone()).map_err(Error::internal)?;
    let model = match stored.basis.iter().find(|basis| basis.kind == MODEL).and_then(|basis| basis.id) {
        Some(id) => scoring::model(read, ChurnModelId(id)).await?,
        None => None,
    };
    let no_model = || scoring::no_risk(inputs.no_model.as_deref().unwrap_or("no_model"));
    let forecaster = model.as_ref().map(|model| &model.forecaster).ok_or_else(no_model);
    let (forecast, reasons) = scoring::assess(forecaster, inputs.statistics.as_ref(), inputs.horizon_days);
    Ok(Conclusion { result: rules::conclusion(&policy, &forecast), reasons })
}
