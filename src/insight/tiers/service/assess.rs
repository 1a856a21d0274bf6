//! Time passes: whose tier another period begins for.

use chrono::Days;

use super::super::model::TierMove;
use super::super::store;
use super::decided::decided;
use super::derive::announce;
use super::policies::NEW_FOR;
use crate::decisions;
use book::trades;
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Gives clients the tier of the period that holds today, at most `limit` of them; none are left when it gives none.
/// Looks first, locks those that seem to move only, and looks again. Not to be called by whoever holds locks already.
pub async fn assess(uow: &mut Uow, limit: u32) -> Result<Vec<TierMove>, Error> {
    let today = uow.today();
    let due = store::due(uow.conn(), today, None, limit.into()).await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let clients: Vec<ClientId> = due.into_iter().map(|step| step.client_id).collect();
    let _locks = trades::lock_clients(uow, clients.clone()).await?;
    let moves = store::due(uow.conn(), today, Some(&clients), limit.into()).await?;
    announce(uow, &moves).await?;
    let decided = decided(uow, &clients).await?;
    decisions::store(uow, decided).await?;
    Ok(moves)
}

/// Keeps the decisions of clients whose period of today began in the last nights, after a client, at most `limit` of
/// them: a service level or a status moves with time as tiers do. How many decisions are new, and the last client, if
/// there was one.
pub async fn decide_begun(
    uow: &mut Uow,
    after: Option<ClientId>,
    limit: u32,
) -> Result<Option<(ClientId, u64)>, Error> {
    let today = uow.today();
    let begun = store::begun(uow.conn(), today - Days::new(NEW_FOR), today, after, limit.into()).await?;
    let Some(last) = begun.last().copied() else { return Ok(None) };
    let _locks = trades::lock_clients(uow, begun.clone()).await?;
    let decided = decided(uow, &begun).await?;
    Ok(Some((last, decisions::store(uow, decided).await?)))
}
