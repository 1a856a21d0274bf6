//! One chunk into the book, inside one unit of work.

use super::clients;
use super::feed::{Batch, Chunk, Placed};
use crate::imports::model::{Counts, Options, Rejection};
use crate::ingestion::{self, BalanceItem, ClientKey, Item, Outcome, Sent};
use platform::db::Uow;
use platform::kernel::error::{Error, Fault};

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
    pub fn reject<T>(&mut self, row: Placed<T>, faults: Vec<Fault>) {
        self.rejected.push(Rejection { line: row.line, faults, raw: row.raw });
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
    mut rows: Vec<Placed<Sent<Item>>>,
    applied: &mut Applied,
) -> Result<(), Error> {
    if options.create_clients {
        let calendar = *uow.db().calendar();
        let first = |sent: &Sent<Item>| match &sent.item {
            Item::Trade(trade) if sent.faults.is_empty() => {
                Some((trade.client.clone(), calendar.day_of(trade.executed_at)))
            }
            _ => None,
        };
        rows = clients::create_missing(uow, rows, first, applied).await?;
    }
    let (places, items): (Vec<_>, Vec<_>) = rows.into_iter().map(apart).unzip();
    if !items.is_empty() {
        let outcomes = ingestion::ingest_trades(uow, items).await?;
        count(places, outcomes, options.create_clients, applied);
    }
    Ok(())
}

async fn balances(
    uow: &mut Uow,
    options: &Options,
    mut rows: Vec<Placed<Sent<BalanceItem>>>,
    applied: &mut Applied,
) -> Result<(), Error> {
    if options.create_clients {
        let first =
            |sent: &Sent<BalanceItem>| sent.faults.is_empty().then(|| (sent.item.client.clone(), sent.item.trade_day));
        rows = clients::create_missing(uow, rows, first, applied).await?;
    }
    let (places, items): (Vec<_>, Vec<_>) = rows.into_iter().map(apart).unzip();
    if !items.is_empty() {
        let outcomes = ingestion::ingest_balances(uow, items).await?;
        count(places, outcomes, options.create_clients, applied);
    }
    Ok(())
}

fn apart<T>(row: Placed<T>) -> (Placed<()>, T) {
    (Placed { line: row.line, raw: row.raw, item: () }, row.item)
}

fn count(places: Vec<Placed<()>>, outcomes: Vec<Outcome>, creates_clients: bool, applied: &mut Applied) {
    for (place, outcome) in places.into_iter().zip(outcomes) {
        match outcome {
            Outcome::Accepted { .. } => applied.counts.accepted += 1,
            Outcome::Duplicate { .. } => applied.counts.duplicate += 1,
            Outcome::Rejected(mut faults) => {
                // No client is made for a row that is wrong otherwise; put right, the row would have one.
                if creates_clients && faults.len() > 1 {
                    faults.retain(|fault| fault.code != "unknown_client");
                }
                applied.reject(place, faults);
            }
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
