//! A batch through everything it moves: clients, book, roll-ups, tiers, and one event.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::model::{BalanceItem, ClientKey, Item, Outcome, Sent};
use super::rules::{self, Terms};
use book::balances::{self, NewBalance};
use book::clients;
use book::trades::{self, Fate, NewTrade};
use insight::tiers;
use platform::db::Uow;
use platform::kernel::error::{Error, Fault};
use platform::kernel::event::Event;
use platform::kernel::ids::ClientId;

/// Books trades and reversals in one go; answers each in its place. A refused item refuses nothing but itself.
/// Meant once per unit of work, for up to 5 000 items: the clients' turns are taken here.
pub async fn ingest_trades<S: Into<Sent<Item>>>(uow: &mut Uow, items: Vec<S>) -> Result<Vec<Outcome>, Error> {
    let items: Vec<Sent<Item>> = items.into_iter().map(Into::into).collect();
    let known = Known::resolve(uow, items.iter().map(|sent| sent.item.client())).await?;
    let terms = terms(uow);
    let mut outcomes = Outcomes::new(items.len());
    let (mut trade_places, mut new_trades) = (Vec::new(), Vec::new());
    let (mut reversal_places, mut new_reversals) = (Vec::new(), Vec::new());
    for (place, Sent { item, faults }) in items.into_iter().enumerate() {
        let client_id = known.find(item.client());
        let checked = match item {
            Item::Trade(item) => {
                let checked = rules::trade(Sent { item, faults }, client_id, &terms);
                let open = |trade: &NewTrade| known.is_open(trade.key.client_id, trade.trade_day);
                checked.and_then(|trade| rules::of_open_client(open(&trade), "/executed_at", trade)).map(|trade| {
                    trade_places.push(place);
                    new_trades.push(trade);
                })
            }
            Item::Reversal(item) => rules::reversal(Sent { item, faults }, client_id).map(|reversal| {
                reversal_places.push(place);
                new_reversals.push(reversal);
            }),
        };
        if let Err(faults) = checked {
            outcomes.reject(place, faults);
        }
    }
    let keys = new_trades.iter().map(|trade| &trade.key).chain(new_reversals.iter().map(|reversal| &reversal.key));
    let touched: HashSet<ClientId> = keys.map(|key| key.client_id).collect();
    if !touched.is_empty() {
        let turns = trades::lock_clients(uow, touched.iter().copied().collect()).await?;
        let booked = trades::book(uow, &turns, &new_trades, &new_reversals).await?;
        outcomes.settle_all(trade_places, &booked.trades);
        outcomes.settle_all(reversal_places, &booked.reversals);
        let unassigned: Vec<ClientId> = known.unassigned.iter().filter(|id| touched.contains(id)).copied().collect();
        let turned: Vec<_> = booked.turned.into_iter().filter(|(id, _)| !known.closed.contains_key(id)).collect();
        tiers::reassess_after_trades(uow, &turns, unassigned, &turned).await?;
    }
    Ok(outcomes.recorded(uow, "trades.ingested", "trade", touched.len()))
}

/// Keeps balances in one go; answers each in its place. Meant once per unit of work, for up to 5 000 items.
pub async fn ingest_balances<S: Into<Sent<BalanceItem>>>(uow: &mut Uow, items: Vec<S>) -> Result<Vec<Outcome>, Error> {
    let items: Vec<Sent<BalanceItem>> = items.into_iter().map(Into::into).collect();
    let known = Known::resolve(uow, items.iter().map(|sent| &sent.item.client)).await?;
    let terms = terms(uow);
    let mut outcomes = Outcomes::new(items.len());
    let (mut places, mut rows) = (Vec::new(), Vec::new());
    for (place, sent) in items.into_iter().enumerate() {
        let client_id = known.find(&sent.item.client);
        let checked = rules::balance(sent, client_id, &terms);
        let open = |row: &NewBalance| known.is_open(row.client_id, row.trade_day);
        match checked.and_then(|row| rules::of_open_client(open(&row), "/trade_day", row)) {
            Ok(row) => {
                places.push(place);
                rows.push(row);
            }
            Err(faults) => outcomes.reject(place, faults),
        }
    }
    let touched: HashSet<ClientId> = rows.iter().map(|row| row.client_id).collect();
    let touched: Vec<ClientId> = touched.into_iter().collect();
    if !rows.is_empty() {
        let turns = trades::lock_clients(uow, touched.clone()).await?;
        let changed = balances::keep(uow, &turns, &rows).await?;
        let fate = |(row, changed): (&NewBalance, bool)| {
            if changed { Fate::Booked(row.client_id.0) } else { Fate::Known(row.client_id.0) }
        };
        let fates: Vec<Fate> = rows.iter().zip(changed).map(fate).collect();
        outcomes.settle_all(places, &fates);
        let open: Vec<ClientId> = touched.iter().filter(|id| !known.closed.contains_key(id)).copied().collect();
        tiers::reassess_in_turn(uow, &turns, &open, terms.today()).await?;
    }
    Ok(outcomes.recorded(uow, "balances.ingested", "balance", touched.len()))
}

fn terms(uow: &Uow) -> Terms {
    Terms { now: uow.now(), calendar: *uow.db().calendar(), currency: uow.db().currency().clone() }
}

impl Terms {
    fn today(&self) -> NaiveDate {
        self.calendar.day_of(self.now)
    }
}

impl Item {
    fn client(&self) -> &ClientKey {
        match self {
            Self::Trade(trade) => &trade.client,
            Self::Reversal(reversal) => &reversal.client,
        }
    }
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
    async fn resolve(uow: &mut Uow, keys: impl Iterator<Item = &ClientKey>) -> Result<Self, Error> {
        let (mut numbers, mut ids) = (HashSet::new(), HashSet::new());
        for key in keys {
            match key {
                ClientKey::Id(id) => ids.insert(*id),
                // No number is that long; a megabyte of text is not worth the way to the database.
                ClientKey::No(number) if number.len() > rules::KEY_MAX || number.contains('\0') => false,
                ClientKey::No(number) => numbers.insert(number.as_str()),
            };
        }
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

    fn is_open(&self, client_id: ClientId, day: NaiveDate) -> bool {
        self.closed.get(&client_id).is_none_or(|closed_on| day <= *closed_on)
    }

    fn find(&self, key: &ClientKey) -> Option<ClientId> {
        match key {
            ClientKey::Id(id) => self.ids.get(id).copied(),
            ClientKey::No(number) => self.numbers.get(number).copied(),
        }
    }
}

/// What became of each item so far.
struct Outcomes(Vec<Option<Outcome>>);

impl Outcomes {
    fn new(items: usize) -> Self {
        Self(vec![None; items])
    }

    fn reject(&mut self, place: usize, faults: Vec<Fault>) {
        self.0[place] = Some(Outcome::Rejected(faults));
    }

    fn settle_all(&mut self, places: Vec<usize>, fates: &[Fate]) {
        for (place, fate) in places.into_iter().zip(fates) {
            self.0[place] = Some(match *fate {
                Fate::Booked(id) => Outcome::Accepted { id },
                Fate::Known(id) => Outcome::Duplicate { id: Some(id) },
                Fate::IdTaken => Outcome::Rejected(vec![rules::id_reused()]),
                Fate::AlreadyReversed => Outcome::Rejected(vec![rules::already_reversed()]),
            });
        }
    }

    /// One event for the whole batch. A batch that changed nothing is audited and told to nobody.
    fn recorded(self, uow: &mut Uow, kind: &'static str, subject_kind: &'static str, clients: usize) -> Vec<Outcome> {
        let outcomes: Vec<Outcome> = self.0.into_iter().flatten().collect();
        let count = |fits: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| fits(outcome)).count();
        let accepted = count(|outcome| matches!(outcome, Outcome::Accepted { .. }));
        let duplicates = count(|outcome| matches!(outcome, Outcome::Duplicate { .. }));
        let rejected = count(|outcome| matches!(outcome, Outcome::Rejected(_)));
        let event = if accepted > 0 {
            Event::new(kind, subject_kind, None::<Uuid>)
        } else {
            Event::access(kind, subject_kind, None::<Uuid>)
        };
        uow.record(event.data(json!({
            "clients": clients, "accepted": accepted, "duplicates": duplicates, "rejected": rejected
        })));
        outcomes
    }
}
