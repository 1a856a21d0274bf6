//! The jobs of tiers: the assessment of the day, and deriving every client's periods anew.

use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::slice::Boxed;
use platform::worker::{JobContext, JobResult, NewJob};
use serde_json::json;

use super::events::TiersDerived;
use super::service;
use book::{clients, trades};

/// Derives everybody: after the migration that brought the periods.
pub const DERIVE: &str = "tiers.derive";
/// Gives clients the tier of the period that holds today.
pub const ASSESS: &str = "tiers.assess";

/// Clients derived or decided about in one transaction.
const DERIVED: u32 = 500;
/// Clients moved in one transaction.
const MOVED: u32 = 5_000;

/// The job of the daily schedule.
pub fn assessment() -> NewJob {
    NewJob::of(ASSESS, json!({}))
}

/// Derives all clients, some at a time; a job that runs again finds nothing left to change.
pub fn derive(context: JobContext) -> Boxed<'static, JobResult> {
    Box::pin(async move {
        let (clients, moves) = derive_book(&context).await?;
        Ok(json!({ "clients": clients, "moves": moves }))
    })
}

/// What time alone moves: where a policy has begun to rule, everybody is derived by it first; then clients are given
/// the tier of the day, and what was decided is kept.
pub fn assess(context: JobContext) -> Boxed<'static, JobResult> {
    Box::pin(async move {
        let caller = &context.caller;
        let has_new_rules = service::has_new_rules(&mut context.db.read(caller).await?).await?;
        let (derived, mut moves) = if has_new_rules { derive_book(&context).await? } else { (0, 0) };
        loop {
            let mut uow = context.db.begin(caller).await?;
            let moved = service::assess(&mut uow, MOVED).await?.len();
            if moved == 0 {
                break;
            }
            uow.finish(()).await?;
            moves += moved;
        }
        Ok(json!({ "derived": derived, "moves": moves, "decisions": decide_begun(&context).await? }))
    })
}

async fn decide_begun(context: &JobContext) -> Result<u64, Error> {
    let (mut after, mut decisions) = (None, 0);
    loop {
        let mut uow = context.db.begin(&context.caller).await?;
        let Some((last, new)) = service::decide_begun(&mut uow, after, DERIVED).await? else { return Ok(decisions) };
        uow.finish_unrecorded("a stored decision is its own record", ()).await?;
        (after, decisions) = (Some(last), decisions + new);
    }
}

async fn derive_book(context: &JobContext) -> Result<(usize, usize), Error> {
    let (mut after, mut derived, mut moves) = (None, 0, 0);
    loop {
        let mut uow = context.db.begin(&context.caller).await?;
        let chunk = clients::ids_after(&mut uow, after, DERIVED).await?;
        let Some(last) = chunk.last().copied() else { return Ok((derived, moves)) };
        let locks = trades::lock_clients(&mut uow, chunk.clone()).await?;
        moves += service::derive_all(&mut uow, &locks, &chunk).await?.len();
        derived += chunk.len();
        uow.record(Event::new(TiersDerived { clients: chunk.len() }, None));
        uow.finish(()).await?;
        after = Some(last);
    }
}
