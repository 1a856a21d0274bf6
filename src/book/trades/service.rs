//! Booking a batch (trades, reversals, days, statistics), and reading what was booked.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{Booked, Fate, LockedClient, NewReversal, NewTrade, SourceKey, Trade, TradeFilter, TradePlace};
use super::rules::{Days, Part};
use super::store;
use crate::clients;
use platform::db::{Read, Uow};
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
pub async fn book(
    uow: &mut Uow,
    locks: &ClientLocks,
    trades: &[NewTrade],
    reversals: &[NewReversal],
) -> Result<Booked, Error> {
    let mut days = Days::default();
    let trade_fates = book_trades(uow, trades, &mut days).await?;
    let reversal_fates = book_reversals(uow, reversals, &mut days).await?;
    let turned = move_days(uow, locks, &days).await?;
    Ok(Booked { trades: trade_fates, reversals: reversal_fates, turned })
}

async fn book_trades(uow: &mut Uow, trades: &[NewTrade], days: &mut Days) -> Result<Vec<Fate>, Error> {
    if trades.is_empty() {
        return Ok(Vec::new());
    }
    // Neighbours in the table's key are neighbours in its pages.
    let mut order: Vec<usize> = (0..trades.len()).collect();
    order.sort_by_key(|place| trades[*place].key.client_id);
    let sorted: Vec<&NewTrade> = order.iter().map(|place| &trades[*place]).collect();
    let ids: Vec<Uuid> = sorted.iter().map(|_| uow.id()).collect();
    let (now, currency) = (uow.now(), uow.db().currency().0.clone());
    let entered: HashMap<Uuid, bool> =
        store::insert_trades(uow.conn(), &sorted, &ids, now).await?.into_iter().collect();
    let mut fates = vec![Fate::IdTaken; trades.len()];
    let mut held_up = Vec::new();
    for (place, id) in order.into_iter().zip(ids) {
        let trade = &trades[place];
        let Some(reversed) = entered.get(&id) else {
            held_up.push(place);
            continue;
        };
        fates[place] = Fate::Booked(id);
        let part =
            Part { side: trade.side, currency: &trade.currency, amount: trade.amount, commission: trade.commission };
        days.add(trade.key.client_id, trade.trade_day, i32::from(!*reversed), part, &currency);
    }
    if !held_up.is_empty() {
        let keys: Vec<&SourceKey> = held_up.iter().map(|place| &trades[*place].key).collect();
        let existing = store::existing_trades(uow.conn(), &keys).await?;
        let existing: HashMap<SourceKey, (Uuid, NewTrade)> =
            existing.into_iter().map(|(id, trade)| (trade.key.clone(), (id, trade))).collect();
        for place in held_up {
            if let Some((id, _)) = existing.get(&trades[place].key).filter(|(_, known)| *known == trades[place]) {
                fates[place] = Fate::Known(*id);
            }
        }
    }
    Ok(fates)
}

async fn book_reversals(uow: &mut Uow, reversals: &[NewReversal], days: &mut Days) -> Result<Vec<Fate>, Error> {
    if reversals.is_empty() {
        return Ok(Vec::new());
    }
    let all: Vec<&NewReversal> = reversals.iter().collect();
    let ids: Vec<Uuid> = all.iter().map(|_| uow.id()).collect();
    let (now, currency) = (uow.now(), uow.db().currency().0.clone());
    let entered: HashSet<Uuid> = store::insert_reversals(uow.conn(), &all, &ids, now).await?.into_iter().collect();
    let fate = |id: &Uuid| if entered.contains(id) { Fate::Booked(*id) } else { Fate::AlreadyReversed };
    let mut fates: Vec<Fate> = ids.iter().map(fate).collect();
    let (booked, held_up): (Vec<usize>, Vec<usize>) =
        (0..fates.len()).partition(|place| matches!(fates[*place], Fate::Booked(_)));
    if !booked.is_empty() {
        let booked: Vec<&NewReversal> = booked.iter().map(|place| &reversals[*place]).collect();
        for trade in store::mark_reversed(uow.conn(), &booked).await? {
            let part = Part {
                side: trade.side,
                currency: &trade.currency,
                amount: trade.amount,
                commission: trade.commission,
            };
            days.add(trade.client_id, trade.trade_day, -1, part, &currency);
        }
    }
    if !held_up.is_empty() {
        let keys: Vec<&SourceKey> = held_up.iter().map(|place| &reversals[*place].key).collect();
        let existing = store::existing_reversals(uow.conn(), &keys).await?;
        let existing: HashMap<SourceKey, (Uuid, NewReversal)> =
            existing.into_iter().map(|(id, reversal)| (reversal.key.clone(), (id, reversal))).collect();
        for place in held_up {
            if let Some((id, known)) = existing.get(&reversals[place].key) {
                fates[place] = if *known == reversals[place] { Fate::Known(*id) } else { Fate::IdTaken };
            }
        }
    }
    Ok(fates)
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
