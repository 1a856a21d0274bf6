//! Time passes: whose tier another period begins for.

use super::super::model::TierMove;
use super::super::store;
use super::derive::announce;
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
    Ok(moves)
}
