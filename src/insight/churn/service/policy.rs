//! The policy of alerts.

use serde_json::json;

use super::super::model::ChurnPolicy;
use super::super::store;
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::ChurnPolicyId;

/// The policy a book starts with, if it has none.
pub async fn seed(uow: &mut Uow) -> Result<(), Error> {
    if store::policies::has_policy(uow.conn()).await? {
        return Ok(());
    }
    let policy = ChurnPolicy::default();
    policy.check().map_err(|faults| Error::internal(format!("the starting policy is not valid: {faults:?}")))?;
    let (id, now): (ChurnPolicyId, _) = (uow.id(), uow.now());
    if store::policies::insert_policy(uow.conn(), id, &policy, now).await? {
        let event = Event::new("churn_policy.activated", "churn_policy", id.0);
        uow.record(event.data(json!({ "version": policy.version })));
    }
    Ok(())
}
