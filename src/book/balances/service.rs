//! Keeping a batch of balances, and reading what was kept.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::model::{Balance, BalanceFilter, BalancePlace, NewBalance};
use super::store::{self, BalanceKey};
use crate::clients;
use crate::trades::ClientLocks;
use platform::db::{Read, Uow};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::page::{Page, PageRequest};

/// Keeps balances of locked clients; says of each whether it changed anything. Within a batch, too, the
/// last word of a key wins, and saying the same again changes nothing.
pub async fn keep(uow: &mut Uow, _locks: &ClientLocks, balances: &[NewBalance]) -> Result<Vec<bool>, Error> {
    if balances.is_empty() {
        return Ok(Vec::new());
    }
    let mut sequences: HashMap<(ClientId, NaiveDate, &str), Vec<usize>> = HashMap::new();
    for (place, balance) in balances.iter().enumerate() {
        let key = (balance.client_id, balance.trade_day, balance.fund_account_no.as_str());
        sequences.entry(key).or_default().push(place);
    }
    // One statement takes a key once. The first word is compared with the table, the others with the one before;
    // of those only the last is written.
    let first: Vec<usize> = sequences.values().map(|places| places[0]).collect();
    let last = sequences.values().filter(|places| places.len() > 1).filter_map(|places| places.last().copied());
    let last: Vec<usize> = last.collect();
    let mut changed = vec![false; balances.len()];
    let written = write(uow, balances, first.clone()).await?;
    for place in first {
        let balance = &balances[place];
        changed[place] = written.contains(&(balance.client_id, balance.trade_day, balance.fund_account_no.clone()));
    }
    for places in sequences.values() {
        places.windows(2).for_each(|pair| changed[pair[1]] = balances[pair[0]] != balances[pair[1]]);
    }
    if !last.is_empty() {
        write(uow, balances, last).await?;
    }
    Ok(changed)
}

async fn write(uow: &mut Uow, balances: &[NewBalance], mut places: Vec<usize>) -> Result<HashSet<BalanceKey>, Error> {
    // Neighbours in the table's key are neighbours in its pages.
    places.sort_by_key(|place| (balances[*place].client_id, balances[*place].trade_day));
    let rows: Vec<&NewBalance> = places.iter().map(|place| &balances[*place]).collect();
    let now = uow.now();
    Ok(store::keep(uow.conn(), &rows, now).await?.into_iter().collect())
}

/// A client's balances, newest day first.
pub async fn list(
    read: &mut Read,
    client_id: ClientId,
    filter: &BalanceFilter,
    page: &PageRequest<BalancePlace>,
) -> Result<Page<Balance, BalancePlace>, Error> {
    clients::visible(read, client_id).await?;
    let (conn, scope) = read.scoped();
    store::list(conn, scope, client_id, filter, page).await
}
