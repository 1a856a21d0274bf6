//! What tiers do when something happens elsewhere.

use serde_json::json;

use super::jobs;
use super::model::TierPolicy;
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::event::EventType;
use platform::policies::{Policy, PolicyActivated};
use platform::worker::{self, NewJob, PublishedEvent, Subscriber};

/// Assesses the book as soon as a version of the tier policy rules, instead of on the next night.
pub const NEW_POLICY: Subscriber = Subscriber {
    consumer: "tiers_new_policy",
    kinds: &[PolicyActivated::KIND],
    handle: |uow, event| Box::pin(assess_by(uow, event)),
};

/// One job a version: one that is under way may have passed clients by before this version ruled.
async fn assess_by(uow: &mut Uow, event: &PublishedEvent) -> Result<(), Error> {
    let Some(PolicyActivated(policy)) = event.read()? else { return Ok(()) };
    if policy.kind == TierPolicy::KIND {
        let job = NewJob::of(jobs::ASSESS, json!({})).key(format!("policy:{}", policy.version));
        worker::enqueue(uow, job).await?;
    }
    Ok(())
}
