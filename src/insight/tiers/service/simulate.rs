//! Another policy tried on the book, without writing anything.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::super::ANOTHER_CURRENCY;
use super::super::model::*;
use super::super::rules::Simulation;
use super::super::store;
use super::policies::reach;
use book::clients;
use platform::db::Read;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Clients decided about at a time.
const CHUNK: u32 = 2_000;

/// What the policy would change today if it ruled from today on: the clients in scope in one pass, each decided about
/// as on the day of an activation.
///
/// # Errors
/// `policy_in_another_currency`: bounds in one currency say nothing of balances in another.
pub async fn simulate(read: &mut Read, policy: TierPolicy) -> Result<TierSimulation, Error> {
    let book = read.db().currency();
    if policy.currency != book.0 {
        let (en, zh) = (format!("The book is in {}.", book.0), format!("账本币种为{}。", book.0));
        return Err(Error::detailed(&ANOTHER_CURRENCY, en, zh));
    }
    let today = read.today();
    let tomorrow = today.succ_opt().unwrap_or(today);
    let rulings = [Ruling { from: NaiveDate::MIN, tier_policy_id: uuid::Uuid::nil().into(), policy }];
    let reach = reach(&rulings, Some(today));
    let (mut simulation, mut after) = (Simulation::new(&rulings[0].policy, today), None);
    loop {
        let chunk = clients::ids_after(read, after, CHUNK).await?;
        let Some(last) = chunk.last().copied() else { return Ok(simulation.finish()) };
        let days = |day: NaiveDate| chunk.iter().map(|client_id| (*client_id, day)).collect::<Vec<_>>();
        let kept = store::periods_from(read.conn(), &days(tomorrow)).await?;
        let held: HashMap<ClientId, Assigned> = kept
            .into_iter()
            .filter(|(_, period)| period.covers(today))
            .map(|(id, period)| (id, period.assigned))
            .collect();
        let mut records = store::records(read.conn(), &days(today), reach).await?;
        records.sort_unstable_by_key(|record| record.client_id);
        records.iter().for_each(|record| simulation.decide(record, held.get(&record.client_id)));
        after = Some(last);
    }
}

/// The same for rules as they are kept.
pub async fn simulate_rules(read: &mut Read, rules: Value) -> Result<Value, Error> {
    let policy: TierPolicy = serde_json::from_value(rules).map_err(Error::internal)?;
    serde_json::to_value(simulate(read, policy).await?).map_err(Error::internal)
}
