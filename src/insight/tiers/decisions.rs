//! The tier of a client as a decision: made when what a client is assigned today changes and on demand, concluded again
//! from what was stored. It speaks of the first day of the period that holds, the day on which a rule decided.

use serde_json::Value;

use super::model::{TierInputs, TierPolicy};
use super::{rules, service};
use platform::db::Read;
use platform::decisions::{Conclusion, StoredDecision};
use platform::kernel::decision::Decision;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::policies;

/// The decision behind the tier of today.
pub async fn decide(read: &mut Read, client_id: ClientId) -> Result<Decision<Value>, Error> {
    service::decided(read, &[client_id]).await?.pop().ok_or_else(Error::not_found)
}

/// The same function of the same inputs, under the version of the policy that decided.
pub async fn replay(read: &mut Read, stored: &StoredDecision) -> Result<Conclusion, Error> {
    let version = stored.version_of(rules::POLICY).ok_or_else(|| Error::internal("a tier was decided by no policy"))?;
    let policy = policies::numbered::<TierPolicy>(read, version).await?.rules;
    let inputs: TierInputs = serde_json::from_value(stored.inputs.clone()).map_err(Error::internal)?;
    let (result, reasons) = rules::conclusion(&policy, &inputs);
    Ok(Conclusion { result, reasons })
}
