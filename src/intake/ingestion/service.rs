//! A batch through everything it moves: clients, book, roll-ups, tiers, and one event.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::model::{BalanceInput, KEY_MAX, OfClient, TradeInput};
use super::rules::{self, Terms};
use book::balances;
use book::clients;
use book::trades::{self, Entry};
use insight::tiers;
use platform::db::Uow;
use platform::kernel::batch::{Outcomes, Pending, Settled, Tally};
use platform::kernel::error::{Error, Fault};
use platform::kernel::event::Event;
use platform::kernel::ids::ClientId;

/// Books trades and reversals in one go; answers each, in their order. A refused item refuses nothing but itself.
/// Meant once per unit of work, for up to 5 000 items: the clients are locked here.
pub async fn ingest_trades<P>(uow: &mut Uow, batch: Vec<Pending<TradeInput, P>>) -> Result<Vec<Settled<P>>, Error> {
    let known = Known::resolve(uow, &batch).await?;
    let terms = terms(uow);
    let (mut outcomes, mut entries) = (Outcomes::default(), Vec::new());
    for Pending { place, item, faults } in batch {
        let client_id = known.find(&item);
        let checked = rules::entry(item, faults, client_id, &terms);
        match checked.and_then(|entry| known.still_open(entry)) {
            Ok(entry) => entries.push(Pending::new(outcomes.expect(place), entry)),
            Err(faults) => outcomes.reject(place, faults),
        }
    }
    let touched: HashSet<ClientId> = entries.iter().map(|entry| entry.item.key().client_id).collect();
    if !touched.is_empty() {
        let locks = trades::lock_clients(uow, touched.iter().copied().collect()).await?;
        let booked = trades::book(uow, &locks, entries).await?;
        outcomes.settle(booked.settled);
        let unassigned: Vec<ClientId> = known.unassigned.iter().filter(|id| touched.contains(id)).copied().collect();
        let turned: Vec<_> = booked.turned.into_iter().filter(|(id, _)| !known.closed.contains_key(id)).collect();
        tiers::reassess_after_trades(uow, &locks, unassigned, &turned).await?;
    }
    Ok(recorded(uow, "trades.ingested", "trade", touched.len(), outcomes))
}

/// Keeps balances in one go; answers each, in their order. Meant once per unit of work, for up to 5 000 items.
pub async fn ingest_balances<P>(uow: &mut Uow, batch: Vec<Pending<BalanceInput, P>>) -> Result<Vec<Settled<P>>, Error> {
    let known = Known::resolve(uow, &batch).await?;
    let terms = terms(uow);
    let (mut outcomes, mut rows) = (Outcomes::default(), Vec::new());
    for Pending { place, item, faults } in batch {
        let client_id = known.find(&item);
        let checked = rules::balance(item, faults, client_id, &terms);
        let is_open = |client_id, day| known.is_open(client_id, day);
        match checked.and_then(|row| rules::of_open_client(is_open(row.client_id, row.trade_day), "/trade_day", row)) {
            Ok(row) => rows.push(Pending::new(outcomes.expect(place), row)),
            Err(faults) => outcomes.reject(place, faults),
        }
    }
    let touched: HashSet<ClientId> = rows.iter().map(|row| row.item.client_id).collect();
    let touched: Vec<ClientId> = touched.into_iter().collect();
    if !rows.is_empty() {
        let locks = trades::lock_clients(uow, touched.clone()).await?;
        outcomes.settle(balances::keep(uow, &locks, rows).await?);
        let open: Vec<ClientId> = touched.iter().filter(|id| !known.closed.contains_key(id)).copied().collect();
        tiers::reassess_in_turn(uow, &locks, &open, terms.today()).await?;
    }
    Ok(recorded(uow, "balances.ingested", "balance", touched.len(), outcomes))
}

fn terms(uow: &Uow) -> Terms {
    Terms { now: uow.now(), calendar: *uow.calendar(), currency: uow.db().currency().clone() }
}

/// One event for the whole batch. A batch that changed nothing is audited and told to nobody.
fn recorded<P>(
    uow: &mut Uow,
    kind: &'static str,
    subject_kind: &'static str,
    clients: usize,
    outcomes: Outcomes<P>,
) -> Vec<Settled<P>> {
    let settled = outcomes.finish();
    let tally = Tally::of(&settled);
    let event = if tally.accepted > 0 {
        Event::new(kind, subject_kind, None::<Uuid>)
    } else {
        Event::access(kind, subject_kind, None::<Uuid>)
    };
    let Tally { accepted, duplicates, rejected } = tally;
    uow.record(event.data(json!({
        "clients": clients, "accepted": accepted, "duplicates": duplicates, "rejected": rejected
    })));
    settled
}

/// The clients a batch names, as far as the caller sees them.
struct Known {
    numbers: HashMap<String, ClientId>,
    ids: HashSet<ClientId>,
    /// Those without a tier.
    unassigned: Vec<ClientId>,
    /// Those who left, and on which day: what happened before may still come in, and moves no tier.
    closed: HashMap<ClientId, NaiveDate>,
}

impl Known {
    async fn resolve<T: OfClient, P>(uow: &mut Uow, batch: &[Pending<T, P>]) -> Result<Self, Error> {
        let items = || batch.iter().map(|pending| &pending.item);
        // No number is that long; a megabyte of text is not worth the way to the database.
        let is_number = |number: &&str| number.len() <= KEY_MAX && !number.contains('\0');
        let numbers: HashSet<&str> = items().filter_map(OfClient::client_no).filter(is_number).collect();
        let ids: HashSet<ClientId> = items().filter_map(OfClient::client_id).collect();
        let numbers: Vec<String> = numbers.into_iter().map(str::to_owned).collect();
        let ids: Vec<ClientId> = ids.into_iter().collect();
        let found = clients::resolve(uow, &numbers, &ids).await?;
        Ok(Self {
            unassigned: found
                .iter()
                .filter(|client| client.tier.is_none() && client.closed_on.is_none())
                .map(|client| client.client_id)
                .collect(),
            closed: found.iter().filter_map(|client| Some((client.client_id, client.closed_on?))).collect(),
            ids: found.iter().map(|client| client.client_id).collect(),
            numbers: found.into_iter().map(|client| (client.client_no, client.client_id)).collect(),
        })
    }

    fn find(&self, item: &impl OfClient) -> Option<ClientId> {
        match item.client_id() {
            Some(id) => self.ids.get(&id).copied(),
            None => self.numbers.get(item.client_no()?).copied(),
        }
    }

    fn is_open(&self, client_id: ClientId, day: NaiveDate) -> bool {
        self.closed.get(&client_id).is_none_or(|closed_on| day <= *closed_on)
    }

    /// A trade of a day on which its client was still there. What was booked may be taken back at any time.
    fn still_open(&self, entry: Entry) -> Result<Entry, Vec<Fault>> {
        let is_open = match &entry {
            Entry::Trade(trade) => self.is_open(trade.key.client_id, trade.trade_day),
            Entry::Reversal(_) => true,
        };
        rules::of_open_client(is_open, "/executed_at", entry)
    }
}
