//! Booking a batch (trades, reversals, days, statistics), and reading what was booked.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{
    Booked, Entry, LockedClient, NewReversal, NewTrade, Numbered, SourceKey, Trade, TradeFilter, TradePlace,
};
use super::rules::{self, Days, Part};
use super::store::{self, Reversed};
use crate::clients;
use platform::db::{Read, Uow};
use platform::kernel::batch::{Outcome, Pending, Settled};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::page::{Page, PageRequest};

/// The clients of a batch, held until the unit of work ends: nobody else books, rebalances or re-tiers them meanwhile.
pub struct ClientLocks(HashMap<ClientId, LockedClient>);

/// Locks these clients; once a unit of work, before anything else is asked or written about them. Locking twice would
/// break the order that keeps batches from waiting for each other in a circle.
pub async fn lock_clients(uow: &mut Uow, mut clients: Vec<ClientId>) -> Result<ClientLocks, Error> {
    clients.sort_unstable();
    clients.dedup();
    let locked = store::lock_clients(uow.conn(), &clients).await?;
    Ok(ClientLocks(locked.into_iter().map(|client| (client.client_id, client)).collect()))
}

/// Books trades and reversals of locked clients. Whatever the order in which they come, in however many
/// batches, days and statistics end up the same.
pub async fn book(uow: &mut Uow, locks: &ClientLocks, batch: Vec<Pending<Entry>>) -> Result<Booked, Error> {
    let (mut trades, mut reversals) = (Vec::new(), Vec::new());
    for Pending { place, item, .. } in batch {
        let id = uow.id();
        match item {
            Entry::Trade(new) => trades.push(Numbered { place, id, new }),
            Entry::Reversal(new) => reversals.push(Numbered { place, id, new }),
        }
    }
    let (mut days, mut settled) = (Days::default(), Vec::new());
    if !trades.is_empty() {
        settled.extend(book_trades(uow, trades, &mut days).await?);
    }
    if !reversals.is_empty() {
        settled.extend(book_reversals(uow, reversals, &mut days).await?);
    }
    let turned = move_days(uow, locks, &days).await?;
    Ok(Booked { settled, turned })
}

async fn book_trades(
    uow: &mut Uow,
    mut trades: Vec<Numbered<NewTrade>>,
    days: &mut Days,
) -> Result<Vec<Settled>, Error> {
    // Neighbours in the table's key are neighbours in its pages.
    trades.sort_by_key(|trade| trade.new.key.client_id);
    let (now, currency) = (uow.now(), uow.db().currency().0.clone());
    let entered: HashMap<Uuid, bool> = store::insert_trades(uow.conn(), &trades, now).await?.into_iter().collect();
    let mut settled = Vec::with_capacity(trades.len());
    let mut held_up = Vec::new();
    for trade in trades {
        let Some(reversed) = entered.get(&trade.id) else {
            held_up.push(trade);
            continue;
        };
        settled.push(trade.settle(Outcome::Accepted(trade.id)));
        let NewTrade { key, trade_day, side, currency: of, amount, commission, .. } = &trade.new;
        let part = Part { side: *side, currency: of, amount: *amount, commission: *commission };
        let counts = !*reversed && !trade.new.is_nothing();
        days.add(key.client_id, *trade_day, i32::from(counts), part, &currency);
    }
    let keys: Vec<&SourceKey> = held_up.iter().map(|trade| &trade.new.key).collect();
    let known = if keys.is_empty() { HashMap::new() } else { store::existing_trades(uow.conn(), &keys).await? };
    let again = |trade: &Numbered<NewTrade>| rules::trade_again(known.get(&trade.new.key), &trade.new);
    settled.extend(held_up.iter().map(|trade| trade.settle(again(trade))));
    Ok(settled)
}

async fn book_reversals(
    uow: &mut Uow,
    reversals: Vec<Numbered<NewReversal>>,
    days: &mut Days,
) -> Result<Vec<Settled>, Error> {
    let (now, currency) = (uow.now(), uow.db().currency().0.clone());
    let entered: HashSet<Uuid> = store::insert_reversals(uow.conn(), &reversals, now).await?.into_iter().collect();
    let (booked, held_up): (Vec<_>, Vec<_>) =
        reversals.into_iter().partition(|reversal| entered.contains(&reversal.id));
    if !booked.is_empty() {
        for trade in store::mark_reversed(uow.conn(), &booked).await? {
            let Reversed { client_id, trade_day, side, currency: of, amount, commission, is_nothing } = &trade;
            let part = Part { side: *side, currency: of, amount: *amount, commission: *commission };
            days.add(*client_id, *trade_day, -i32::from(!is_nothing), part, &currency);
        }
    }
    let keys: Vec<&SourceKey> = held_up.iter().map(|reversal| &reversal.new.key).collect();
    let known = if keys.is_empty() { HashMap::new() } else { store::existing_reversals(uow.conn(), &keys).await? };
    let mut settled: Vec<Settled> =
        booked.iter().map(|reversal| reversal.settle(Outcome::Accepted(reversal.id))).collect();
    settled.extend(held_up.iter().map(|reversal| {
        let key = &reversal.new.key;
        let taken_back = || Outcome::Rejected(vec![rules::already_reversed()]);
        let outcome =
            if known.contains_key(key) { rules::same_or_reused(&known, key, &reversal.new) } else { taken_back() };
        reversal.settle(outcome)
    }));
    Ok(settled)
}

/// Writes what the batch adds to days and statistics; gives the days that turned active or inactive.
async fn move_days(uow: &mut Uow, locks: &ClientLocks, days: &Days) -> Result<Vec<(ClientId, NaiveDate)>, Error> {
    let (losing, others) = days.split();
    let mut counts = Vec::new();
    if !others.is_empty() {
        counts = store::add_to_days(uow.conn(), &others).await?;
    }
    if !losing.is_empty() {
        counts.extend(store::take_from_days(uow.conn(), &losing).await?);
    }
    let turned: Vec<(ClientId, NaiveDate, bool)> = counts
        .into_iter()
        .filter_map(|(client_id, day, count)| {
            let (was, is) = (count > days.gained(client_id, day), count > 0);
            (was != is).then_some((client_id, day, is))
        })
        .collect();
    let (mut changes, unsure) = days.statistics(&locks.0, &turned);
    if !unsure.is_empty() {
        let bounds = store::active_bounds(uow.conn(), &unsure).await?;
        let bounds: HashMap<ClientId, _> = bounds.into_iter().map(|(id, first, last)| (id, (first, last))).collect();
        for change in &mut changes {
            if let Some((first, last)) = bounds.get(&change.client_id) {
                (change.first_day, change.last_day) = (*first, *last);
            }
        }
    }
    if !changes.is_empty() {
        store::move_statistics(uow.conn(), &changes).await?;
    }
    Ok(turned.into_iter().map(|(client_id, day, _)| (client_id, day)).collect())
}

/// A client's trades, newest first.
pub async fn list(
    read: &mut Read,
    client_id: ClientId,
    filter: &TradeFilter,
    page: &PageRequest<TradePlace>,
) -> Result<Page<Trade, TradePlace>, Error> {
    clients::visible(read, client_id).await?;
    let (conn, scope) = read.scoped();
    store::list(conn, scope, client_id, filter, page).await
}

/// Those of these clients who have a trade that was not taken back.
pub async fn with_trades(read: &mut Read, clients: &[ClientId]) -> Result<Vec<ClientId>, Error> {
    store::with_trades(read.conn(), clients).await
}
