//! A run over the present also lets time pass for tiers: a client who does nothing is downgraded by the calendar alone.

use chrono::NaiveDate;
use serde_json::json;

use super::super::store;
use crate::tiers;
use platform::db::Db;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::ClientId;
use platform::kernel::principal::Caller;

/// Clients decided about in one transaction.
const CHUNK: usize = 5_000;

/// Decides every client's tier anew as of today, when `as_of` is today or the day before it; the past stays as it was.
/// In transactions of their own: a run that is tried again finds nothing left to move.
pub(super) async fn keep_up(db: &Db, caller: &Caller, as_of: NaiveDate) -> Result<(), Error> {
    let today = db.calendar().day_of(db.now());
    if (today - as_of).num_days() > 1 {
        return Ok(());
    }
    let clients = store::clients::all(&mut *db.connection().await?).await?;
    for chunk in clients.chunks(CHUNK) {
        let chunk: Vec<ClientId> = chunk.iter().copied().map(ClientId).collect();
        let mut uow = db.begin(caller).await?;
        let moves = tiers::reassess(&mut uow, &chunk, today).await?;
        let data = json!({ "as_of": today, "clients": chunk.len(), "moves": moves.len() });
        uow.record(Event::access("tiers.reassessed", "tier_policy", None).data(data));
        uow.finish(()).await?;
    }
    Ok(())
}
