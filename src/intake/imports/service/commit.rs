//! Commits and undoes chunks of an import's plan.

use std::collections::HashMap;

use super::plan::{Write, opened};
use crate::imports::faults;
use crate::ingestion::{self, BalanceInput, Beside, TradeInput};
use book::balances::NewBalance;
use book::clients::{self, NewClient};
use platform::bulk::{BulkItem, BulkPlan, Done};
use platform::db::Uow;
use platform::kernel::batch::{Outcome, Pending, Settled};
use platform::kernel::error::{self, Error};
use platform::kernel::ids::ClientId;
use platform::kernel::lock::Lock;

/// The version of what a commit wrote, where the rows of a kind have none: any other content is another version.
const WRITTEN: i64 = 1;
const TAKEN_BACK: i64 = 2;

/// Writes what was planned; a balance only over what was there when it was.
pub async fn commit(uow: &mut Uow, plan: &BulkPlan, items: &[BulkItem]) -> Result<Vec<Done>, Error> {
    lock(uow, items).await?;
    let mut done = vec![Done::CHANGED_SINCE; items.len()];
    let (mut fresh, mut trades) = (Vec::new(), Vec::<Pending<TradeInput>>::new());
    let mut balances: Vec<(usize, BalanceInput, Option<NewBalance>)> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        match opened(uow.db(), plan, item)? {
            (Write::Client(body), _) => fresh.push(Pending::new(place, (item.client_id, client(body)?))),
            (Write::Trade(trade), _) => trades.push(Pending::new(place, trade)),
            (Write::Balance(balance), before) => balances.push((place, balance, before)),
        }
    }
    if !fresh.is_empty() {
        settle(&mut done, clients::open_as(uow, fresh).await?, WRITTEN);
    }
    if !trades.is_empty() {
        settle(&mut done, ingestion::ingest_trades(uow, trades).await?, WRITTEN);
    }
    if !balances.is_empty() {
        let inputs = balances.iter().map(|(_, input, _)| input.clone()).collect();
        let there = ingestion::beside(uow, &HashMap::new(), inputs).await?;
        let as_planned = |beside: Beside| {
            let (place, input, before) = &balances[beside.place];
            (*before == beside.kept).then(|| Pending::new(*place, input.clone()))
        };
        let good: Vec<Pending<BalanceInput>> = there.into_iter().filter_map(as_planned).collect();
        settle(&mut done, ingestion::ingest_balances(uow, good).await?, WRITTEN);
    }
    Ok(done)
}

/// Takes back what was written, where it is still that: trades are reversed, balances give way to what was there
/// before, clients nobody touched are closed.
pub async fn undo(uow: &mut Uow, plan: &BulkPlan, items: &[BulkItem]) -> Result<Vec<Done>, Error> {
    lock(uow, items).await?;
    let mut done = vec![Done::CHANGED_SINCE; items.len()];
    let (mut back, mut inputs, mut balances, mut opened_here) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (place, item) in items.iter().enumerate() {
        match opened(uow.db(), plan, item)? {
            (Write::Client(body), _) => opened_here.push((place, client(body)?.client_no)),
            (Write::Trade(trade), _) if trade.reverses.is_some() => {
                done[place] = Done::Left(faults::NOT_REVERSIBLE.code);
            }
            (Write::Trade(trade), _) => back.push(Pending::new(place, reversal(plan, item, trade))),
            (Write::Balance(input), before) => {
                inputs.push(input);
                balances.push((place, before));
            }
        }
    }
    if !back.is_empty() {
        settle(&mut done, ingestion::ingest_trades(uow, back).await?, TAKEN_BACK);
    }
    let there = ingestion::beside(uow, &HashMap::new(), inputs).await?;
    let ours: Vec<&Beside> = there.iter().filter(|beside| beside.kept.as_ref() == Some(&beside.new)).collect();
    let written: Vec<_> = ours.iter().map(|beside| (&beside.new, balances[beside.place].1.as_ref())).collect();
    ingestion::put_back(uow, &written).await?;
    for beside in ours {
        done[balances[beside.place].0] = Done::Written(TAKEN_BACK);
    }
    // Last, when nothing of the plan is left to them.
    close(uow, items, opened_here, &mut done).await?;
    Ok(done)
}

/// Everybody a chunk concerns, before anything is looked at. Clients to be made are nobody yet.
async fn lock(uow: &mut Uow, items: &[BulkItem]) -> Result<(), Error> {
    let ids: Vec<ClientId> = items.iter().map(|item| item.client_id).collect();
    let there = clients::resolve(uow, &[], &ids).await?;
    let there: Vec<ClientId> = there.into_iter().map(|client| client.client_id).collect();
    if there.is_empty() { Ok(()) } else { ingestion::lock(uow, &there).await }
}

fn client(body: serde_json::Value) -> Result<NewClient, Error> {
    clients::from_json(body).map_err(|_| Error::internal("a planned client does not fit any more"))
}

fn settle(done: &mut [Done], settled: Vec<Settled>, version: i64) {
    for Settled { place, outcome, .. } in settled {
        done[place] = match outcome {
            Outcome::Accepted(_) => Done::Written(version),
            // A worker that was killed is followed by one that finds its chunk undone: the same is never there by
            // itself.
            Outcome::Duplicate(_) | Outcome::ReversedBefore(_) => Done::CHANGED_SINCE,
            Outcome::Rejected(faults) => faults.first().map_or(Done::CHANGED_SINCE, |fault| Done::Left(fault.code)),
        };
    }
}

/// The reversal of a planned trade; its id follows from the item.
fn reversal(plan: &BulkPlan, item: &BulkItem, trade: TradeInput) -> TradeInput {
    TradeInput {
        client_no: trade.client_no,
        client_id: trade.client_id,
        source: trade.source,
        external_id: Some(format!("undo-{}-{}", plan.bulk_plan_id, item.item_no)),
        reverses: trade.external_id,
        ..TradeInput::default()
    }
}

/// Closes clients that the plan opened, each if nobody changed it and nothing is booked for it.
async fn close(
    uow: &mut Uow,
    items: &[BulkItem],
    opened: Vec<(usize, String)>,
    done: &mut [Done],
) -> Result<(), Error> {
    if opened.is_empty() {
        return Ok(());
    }
    let numbers: Vec<String> = opened.iter().map(|(_, number)| number.clone()).collect();
    let found = clients::resolve(uow, &numbers, &[]).await?;
    let ids: Vec<ClientId> = found.iter().map(|client| client.client_id).collect();
    let booked = ingestion::booked(uow, &ids).await?;
    for (place, number) in opened {
        let client = found.iter().find(|client| client.client_no == number);
        done[place] = match client {
            None => Done::OUT_OF_SCOPE,
            Some(client) if booked.contains(&client.client_id) => Done::CHANGED_SINCE,
            Some(client) => close_one(uow, client.client_id, items[place].version_after.unwrap_or(WRITTEN)).await?,
        };
    }
    Ok(())
}

async fn close_one(uow: &mut Uow, id: ClientId, version: i64) -> Result<Done, Error> {
    match clients::close(uow, id, None, "import undone", Lock::version(version)).await {
        Ok(closed) => Ok(Done::Written(closed.row_version)),
        Err(refused) if refused.is(&error::VERSION_MISMATCH) => Ok(Done::CHANGED_SINCE),
        Err(Error::Refused(refusal)) => Ok(Done::Left(refusal.code.code)),
        Err(failed) => Err(failed),
    }
}
