//! One chunk into the book, inside one unit of work.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::clients::{self, Promised};
use super::directory::Directory;
use super::feed::{Batch, Chunk};
use super::outcome::Applied;
use crate::imports::model::{Options, Origin};
use crate::ingestion::{self, BalanceInput, TradeInput};
use platform::db::Uow;
use platform::kernel::batch::Pending;
use platform::kernel::clock::TradingCalendar;
use platform::kernel::error::Error;

/// Applies a chunk. `directory` knows the branches and advisors of the file so far.
pub async fn apply(
    uow: &mut Uow,
    options: &Options,
    directory: &mut Directory,
    chunk: Chunk,
) -> Result<Applied, Error> {
    let mut applied = Applied { rejected: chunk.rejected, ..Applied::default() };
    match chunk.batch {
        Batch::Clients(rows) => {
            directory.look_up(uow, &rows).await?;
            clients::enter(uow, options.on_existing, directory, &mut Promised::default(), rows, &mut applied).await?;
        }
        Batch::Trades(rows) => trades(uow, options, rows, &mut applied).await?,
        Batch::Balances(rows) => balances(uow, options, rows, &mut applied).await?,
    }
    Ok(applied.of(chunk.read, chunk.closing_lines))
}

async fn trades(
    uow: &mut Uow,
    options: &Options,
    mut rows: Vec<Pending<TradeInput, Origin>>,
    applied: &mut Applied,
) -> Result<(), Error> {
    if options.create_clients {
        let calendar = *uow.calendar();
        let first_day = |trade: &TradeInput| first_day_of_trade(trade, &calendar);
        (rows, _) = clients::create_missing(uow, &HashMap::new(), rows, first_day, applied).await?;
    }
    if !rows.is_empty() {
        applied.count(ingestion::ingest_trades(uow, rows).await?, options.create_clients);
    }
    Ok(())
}

async fn balances(
    uow: &mut Uow,
    options: &Options,
    mut rows: Vec<Pending<BalanceInput, Origin>>,
    applied: &mut Applied,
) -> Result<(), Error> {
    if options.create_clients {
        (rows, _) = clients::create_missing(uow, &HashMap::new(), rows, first_day_of_balance, applied).await?;
    }
    if !rows.is_empty() {
        applied.count(ingestion::ingest_balances(uow, rows).await?, options.create_clients);
    }
    Ok(())
}

/// A client is made only for a row that says all a trade must say.
pub fn first_day_of_trade(trade: &TradeInput, calendar: &TradingCalendar) -> Option<NaiveDate> {
    let is_whole = trade.reverses.is_none() && trade.side.is_some() && trade.instrument.is_some();
    trade.executed_at.filter(|_| is_whole).map(|at| calendar.day_of(at))
}

/// The same of a balance.
pub fn first_day_of_balance(balance: &BalanceInput) -> Option<NaiveDate> {
    balance.trade_day.filter(|_| balance.total_assets.is_some())
}
