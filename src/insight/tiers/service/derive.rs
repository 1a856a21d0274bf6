//! Periods follow the record: recomputed for clients whose record changed, from the first day that did.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::events::ClientTierChanged;
use super::super::model::*;
use super::super::rules;
use super::super::store::{self, Changes};
use super::decided::decided_by;
use super::policies::{reach, rulings};
use crate::decisions;
use book::clients;
use book::trades::ClientLocks;
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::ClientId;

/// No record begins before.
pub(super) const BEGINNING: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("a date");

/// Derives anew after balances of these days changed.
pub async fn reassess_after_balances(
    uow: &mut Uow,
    locks: &ClientLocks,
    changed: &[(ClientId, NaiveDate)],
) -> Result<Vec<TierMove>, Error> {
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let rulings = rulings(uow).await?;
    let firsts = firsts(changed).into_iter().map(|(client_id, day, _)| (client_id, day)).collect();
    derive(uow, locks, &rulings, firsts).await
}

/// Derives anew after these days became active or inactive.
pub async fn reassess_after_trades(
    uow: &mut Uow,
    locks: &ClientLocks,
    turned: &[(ClientId, NaiveDate)],
) -> Result<Vec<TierMove>, Error> {
    if turned.is_empty() {
        return Ok(Vec::new());
    }
    let rulings = rulings(uow).await?;
    let min_active_days = rulings.iter().map(|ruling| ruling.policy.frequency.min_active_days).min().unwrap_or(0);
    let concerned = store::concerned_by_trades(uow.conn(), &firsts(turned), min_active_days).await?;
    derive(uow, locks, &rulings, concerned).await
}

/// Derives the periods of these clients from the whole of their record.
pub async fn derive_all(uow: &mut Uow, locks: &ClientLocks, clients: &[ClientId]) -> Result<Vec<TierMove>, Error> {
    let rulings = rulings(uow).await?;
    derive(uow, locks, &rulings, clients.iter().map(|client_id| (*client_id, BEGINNING)).collect()).await
}

/// Of each client the first day, and how many there are.
fn firsts(days: &[(ClientId, NaiveDate)]) -> Vec<(ClientId, NaiveDate, i32)> {
    let mut firsts: HashMap<ClientId, (NaiveDate, i32)> = HashMap::new();
    for (client_id, day) in days {
        let (first, count) = firsts.entry(*client_id).or_insert((*day, 0));
        *first = (*first).min(*day);
        *count += 1;
    }
    firsts.into_iter().map(|(client_id, (first, count))| (client_id, first, count)).collect()
}

async fn derive(
    uow: &mut Uow,
    _locks: &ClientLocks,
    rulings: &[Ruling],
    mut from: Vec<(ClientId, NaiveDate)>,
) -> Result<Vec<TierMove>, Error> {
    if from.is_empty() {
        return Ok(Vec::new());
    }
    // In one order for everybody who writes about several clients.
    from.sort_unstable();
    let mut kept: HashMap<ClientId, Vec<TierPeriod>> = HashMap::new();
    for (client_id, period) in store::periods_from(uow.conn(), &from).await? {
        kept.entry(client_id).or_default().push(period);
    }
    // Who has no periods yet is derived whole.
    from.iter_mut().filter(|(client_id, _)| !kept.contains_key(client_id)).for_each(|(_, day)| *day = BEGINNING);
    let days: HashMap<ClientId, NaiveDate> = from.iter().copied().collect();
    let mut records = store::records(uow.conn(), &from, reach(rulings, None)).await?;
    records.sort_unstable_by_key(|record| record.client_id);
    let today = uow.today();
    let (mut changes, mut moves, mut decided) = (Changes::default(), Vec::new(), Vec::new());
    for record in records {
        let Some(from) = days.get(&record.client_id) else { continue };
        let kept = kept.remove(&record.client_id).unwrap_or_default();
        let periods = derived(rulings, &record.record, *from, &kept);
        moves.extend(tier_move(&record, &periods, today));
        if !record.is_closed && assigned_on(&kept, today) != assigned_on(&periods, today) {
            decided.push(record.client_id);
        }
        compare(record.client_id, kept, periods, &mut changes);
    }
    let now = uow.now();
    store::apply(uow.conn(), &changes, now).await?;
    announce(uow, &moves).await?;
    let decided = decided_by(uow, rulings, &decided).await?;
    decisions::store(uow, decided).await?;
    Ok(moves)
}

fn assigned_on(periods: &[TierPeriod], day: NaiveDate) -> Option<&Assigned> {
    periods.iter().find(|period| period.covers(day)).map(|period| &period.assigned)
}

/// The periods from the one on that holds the day before `from`.
fn derived(rulings: &[Ruling], record: &Record, from: NaiveDate, kept: &[TierPeriod]) -> Vec<TierPeriod> {
    let before = kept.first().filter(|period| period.starts_on < from);
    let later = rules::fold(rulings, record, from, before.map(|period| period.assigned.clone()));
    let ends_on = later.first().map(|period| period.starts_on);
    before.map(|period| TierPeriod { ends_on, ..period.clone() }).into_iter().chain(later).collect()
}

/// What has to be done so that what is kept is what was derived.
fn compare(client_id: ClientId, kept: Vec<TierPeriod>, derived: Vec<TierPeriod>, changes: &mut Changes) {
    let mut kept: HashMap<NaiveDate, TierPeriod> = kept.into_iter().map(|period| (period.starts_on, period)).collect();
    for period in derived {
        match kept.remove(&period.starts_on) {
            Some(old) if old == period => {}
            Some(old) if (TierPeriod { ends_on: period.ends_on, ..old.clone() }) == period => {
                changes.ends.push((client_id, period.starts_on, period.ends_on));
            }
            Some(_) => {
                changes.gone.push((client_id, period.starts_on));
                changes.new.push((client_id, period));
            }
            None => changes.new.push((client_id, period)),
        }
    }
    changes.gone.extend(kept.into_keys().map(|day| (client_id, day)));
}

/// Whether lists are to filter by another tier. Who left keeps the tier they left with.
fn tier_move(record: &ClientRecord, periods: &[TierPeriod], today: NaiveDate) -> Option<TierMove> {
    let period = periods.iter().find(|period| period.covers(today));
    let (from, to) = (record.tier, period.map(|period| period.assigned.tier));
    let moves = !record.is_closed && from != to;
    moves.then_some(TierMove { client_id: record.client_id, from, to, rule: period.map(|period| period.rule) })
}

/// Moves the column that lists filter by, and says so.
pub(super) async fn announce(uow: &mut Uow, moves: &[TierMove]) -> Result<(), Error> {
    let columns: Vec<(ClientId, Option<Tier>)> = moves.iter().map(|step| (step.client_id, step.to)).collect();
    clients::set_tiers(uow, &columns).await?;
    for step in moves {
        let TierMove { client_id, from, to, rule } = *step;
        uow.record(Event::new(ClientTierChanged { from, to, rule }, client_id.0).of_client(client_id));
    }
    Ok(())
}
