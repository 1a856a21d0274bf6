//! Keeping a batch of balances, and reading what was kept.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::events::BalanceCorrected;
use super::model::{Balance, BalanceFilter, BalancePlace, Kept, NewBalance};
use super::store::{self, BalanceKey};
use crate::clients;
use crate::trades::ClientLocks;
use platform::db::{Read, Uow};
use platform::kernel::batch::{Outcome, Pending, Settled};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::ClientId;
use platform::kernel::page::{Page, PageRequest};

/// Keeps balances of locked clients. Within a batch, too, the last word of a key wins, and saying the same again
/// changes nothing.
pub async fn keep(uow: &mut Uow, _locks: &ClientLocks, batch: Vec<Pending<NewBalance>>) -> Result<Kept, Error> {
    // One statement takes a key once. The first word is compared with the table, the others with the one before;
    // of those only the last is written.
    let mut sequences: BTreeMap<BalanceKey, Vec<Pending<NewBalance>>> = BTreeMap::new();
    for pending in batch {
        sequences.entry(key(&pending.item)).or_default().push(pending);
    }
    let now = uow.now();
    let first: Vec<&NewBalance> = sequences.values().filter_map(|words| Some(&words.first()?.item)).collect();
    let existing = store::existing(uow.conn(), &first).await?;
    let changed = store::keep(uow.conn(), &first, now).await?;
    let last = sequences.values().filter(|words| words.len() > 1);
    let last: Vec<&NewBalance> = last.filter_map(|words| Some(&words.last()?.item)).collect();
    let mut days = store::keep(uow.conn(), &last, now).await?;
    for before in existing {
        let Some(after) = sequences.get(&key(&before)).and_then(|words| words.last()) else { continue };
        let correction = Event::new(BalanceCorrected { trade_day: before.trade_day }, None).of_client(before.client_id);
        let correction = correction.change(&audited(&before), &audited(&after.item));
        if correction.has_change() {
            uow.record(correction);
        }
    }
    let mut settled = Vec::new();
    for (key, words) in &sequences {
        let mut before: Option<&NewBalance> = None;
        for Pending { place, item, .. } in words {
            let is_new = before.map_or_else(|| changed.contains(key), |before| before != item);
            let id = item.client_id.0;
            let outcome = if is_new { Outcome::Accepted(id) } else { Outcome::Duplicate(id) };
            settled.push(Settled::new(*place, outcome));
            before = Some(item);
        }
    }
    days.extend(changed);
    Ok(Kept { settled, changed: days.into_iter().map(|(client_id, day, _)| (client_id, day)).collect() })
}

/// A balance as the audit trail keeps it, under the client's key.
fn audited(balance: &NewBalance) -> Value {
    let plain = |amount: Decimal| amount.normalize().to_string();
    json!({
        "trade_day": balance.trade_day, "fund_account_no": balance.fund_account_no, "source": balance.source,
        "currency": balance.currency, "total_assets": plain(balance.total_assets), "net_assets": plain(balance.net_assets),
        "cash": balance.cash.map(plain), "market_value": balance.market_value.map(plain),
        "liabilities": balance.liabilities.map(plain),
    })
}

/// What identifies a balance.
pub fn key(balance: &NewBalance) -> BalanceKey {
    (balance.client_id, balance.trade_day, balance.fund_account_no.clone())
}

/// What is kept in the place of these balances.
pub async fn kept(read: &mut Read, balances: &[&NewBalance]) -> Result<HashMap<BalanceKey, NewBalance>, Error> {
    let found = store::existing(read.conn(), balances).await?;
    Ok(found.into_iter().map(|balance| (key(&balance), balance)).collect())
}

/// Puts back what was there before these balances of locked clients, or nothing.
pub async fn put_back(
    uow: &mut Uow,
    _locks: &ClientLocks,
    written: &[(&NewBalance, Option<&NewBalance>)],
) -> Result<(), Error> {
    let now = uow.now();
    let before: Vec<&NewBalance> = written.iter().filter_map(|(_, before)| *before).collect();
    store::keep(uow.conn(), &before, now).await?;
    let fresh: Vec<&NewBalance> =
        written.iter().filter(|(_, before)| before.is_none()).map(|(written, _)| *written).collect();
    store::remove(uow.conn(), &fresh).await?;
    for (written, before) in written {
        let correction =
            Event::new(BalanceCorrected { trade_day: written.trade_day }, None).of_client(written.client_id);
        uow.record(correction.change(&audited(written), &before.map(audited)));
    }
    Ok(())
}

/// Those of these clients of whom a balance is kept.
pub async fn with_balances(read: &mut Read, clients: &[ClientId]) -> Result<Vec<ClientId>, Error> {
    store::with_balances(read.conn(), clients).await
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
