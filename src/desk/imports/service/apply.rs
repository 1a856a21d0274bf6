//! One chunk into the book, inside one unit of work.

use super::clients;
use super::feed::{Batch, Chunk, Placed};
use crate::book::ingestion::{self, BalanceItem, ClientKey, Item, Outcome};
use crate::desk::imports::model::{Counts, Options, Rejection};
use crate::platform::db::Uow;
use crate::platform::kernel::error::{Error, Fault};

/// What became of a chunk.
#[derive(Debug, Default)]
pub struct Applied {
    /// Its counts.
    pub counts: Counts,
    /// Rows refused, in the order of their lines.
    pub rejected: Vec<Rejection>,
}

impl Applied {
    /// One more row refused.
    pub fn reject<T>(&mut self, row: Placed<T>, fault: Fault) {
        self.rejected.push(Rejection { line: row.line, fault, raw: row.raw });
    }
}

/// Applies a chunk.
pub async fn apply(uow: &mut Uow, options: &Options, chunk: Chunk) -> Result<Applied, Error> {
    let mut applied = Applied { rejected: chunk.rejected, ..Applied::default() };
    match chunk.batch {
        Batch::Clients(rows) => clients::enter(uow, rows, &mut applied).await?,
        Batch::Trades(rows) => trades(uow, options, rows, &mut applied).await?,
        Batch::Balances(rows) => balances(uow, options, rows, &mut applied).await?,
    }
    applied.rejected.sort_by_key(|rejection| rejection.line);
    applied.counts.read = chunk.read;
    applied.counts.rejected = applied.rejected.len() as u64;
    Ok(applied)
}

async fn trades(
    uow: &mut Uow,
    options: &Options,
    mut rows: Vec<Placed<Item>>,
    applied: &mut Applied,
) -> Result<(), Error> {
    if options.create_clients {
        let calendar = *uow.db().calendar();
        let first = |item: &Item| match item {
            Item::Trade(trade) => Some((trade.client.clone(), calendar.day_of(trade.executed_at))),
            Item::Reversal(_) => None,
        };
        rows = clients::create_missing(uow, rows, first, applied).await?;
    }
    let (places, items): (Vec<_>, Vec<_>) = rows.into_iter().map(apart).unzip();
    if !items.is_empty() {
        let outcomes = ingestion::ingest_trades(uow, items).await?;
        count(places, outcomes, applied);
    }
    Ok(())
}

async fn balances(
    uow: &mut Uow,
    options: &Options,
    mut rows: Vec<Placed<BalanceItem>>,
    applied: &mut Applied,
) -> Result<(), Error> {
    if options.create_clients {
        let first = |item: &BalanceItem| Some((item.client.clone(), item.trade_day));
        rows = clients::create_missing(uow, rows, first, applied).await?;
    }
    let (places, items): (Vec<_>, Vec<_>) = rows.into_iter().map(apart).unzip();
    if !items.is_empty() {
        let outcomes = ingestion::ingest_balances(uow, items).await?;
        count(places, outcomes, applied);
    }
    Ok(())
}

fn apart<T>(row: Placed<T>) -> (Placed<()>, T) {
    (Placed { line: row.line, raw: row.raw, item: () }, row.item)
}

fn count(places: Vec<Placed<()>>, outcomes: Vec<Outcome>, applied: &mut Applied) {
    for (place, outcome) in places.into_iter().zip(outcomes) {
        match outcome {
            Outcome::Accepted { .. } => applied.counts.accepted += 1,
            Outcome::Duplicate { .. } => applied.counts.duplicate += 1,
            Outcome::Rejected(fault) => applied.reject(place, *fault),
        }
    }
}

/// The number a client is known by, if it is one of the firm's.
pub fn number(key: &ClientKey) -> Option<&String> {
    match key {
        ClientKey::No(number) => Some(number),
        ClientKey::Id(_) => None,
    }
}
