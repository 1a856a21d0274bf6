//! Balances and what was there before them: for plans that are committed later, and undone.

use std::collections::{HashMap, HashSet};

use super::super::model::BalanceInput;
use super::check;
use super::known::Promised;
use book::balances::{self, NewBalance};
use book::trades;
use insight::tiers;
use platform::db::{Read, Uow};
use platform::kernel::batch::Pending;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// A balance as it would be kept, and what is kept in its place.
#[derive(Debug)]
pub struct Beside {
    /// Its place in the batch.
    pub place: usize,
    /// As it would be kept.
    pub new: NewBalance,
    /// What is there.
    pub kept: Option<NewBalance>,
}

/// Good balances of a batch, each beside what is kept in its place. `promised` are clients by number that are not there
/// and count as if they were.
pub async fn beside(
    read: &mut Read,
    promised: &HashMap<String, Promised>,
    batch: Vec<BalanceInput>,
) -> Result<Vec<Beside>, Error> {
    let good = check::balances(read, promised, Pending::all(batch)).await?.good;
    let rows: Vec<&NewBalance> = good.iter().map(|pending| &pending.item).collect();
    let mut kept = balances::kept(read, &rows).await?;
    let beside = |Pending { place, item: new, .. }: Pending<NewBalance>| {
        let kept = kept.remove(&balances::key(&new));
        Beside { place, new, kept }
    };
    Ok(good.into_iter().map(beside).collect())
}

/// Those of these clients who have trades or balances.
pub async fn booked(read: &mut Read, clients: &[ClientId]) -> Result<HashSet<ClientId>, Error> {
    let traded = trades::with_trades(read, clients).await?;
    let kept = balances::with_balances(read, clients).await?;
    Ok(traded.into_iter().chain(kept).collect())
}

/// Locks clients before anything about them is looked at; who ingests for them afterwards locks them once more in vain.
pub async fn lock(uow: &mut Uow, clients: &[ClientId]) -> Result<(), Error> {
    trades::lock_clients(uow, clients.to_vec()).await.map(drop)
}

/// Puts back what was there before these balances, or nothing, and decides tiers anew. Their clients are locked here.
pub async fn put_back(uow: &mut Uow, written: &[(&NewBalance, Option<&NewBalance>)]) -> Result<(), Error> {
    let clients: HashSet<ClientId> = written.iter().map(|(written, _)| written.client_id).collect();
    let clients: Vec<ClientId> = clients.into_iter().collect();
    if clients.is_empty() {
        return Ok(());
    }
    let locks = trades::lock_clients(uow, clients).await?;
    balances::put_back(uow, &locks, written).await?;
    let changed: Vec<_> = written.iter().map(|(written, _)| (written.client_id, written.trade_day)).collect();
    tiers::reassess_after_balances(uow, &locks, &changed).await.map(drop)
}
