//! What a batch would give, without taking it in: for dry runs. Reads what is committed, locks nobody, and remembers
//! what the batches before it in the same run would have left.

use std::collections::HashMap;

use super::super::model::{BalanceInput, TradeInput};
use super::check::{self, Checked};
use super::known::Promised;
use book::{balances, trades};
use platform::db::Read;
use platform::kernel::batch::{Pending, Settled};
use platform::kernel::error::Error;

/// What a run would have left so far.
#[derive(Default)]
pub struct Foresight {
    /// Clients that would be there, by number, each under an id of its own.
    pub promised: HashMap<String, Promised>,
    trades: trades::Foresight,
    balances: balances::Foresight,
}

/// What [`super::ingest_trades`] would give.
pub async fn foresee_trades<P>(
    read: &mut Read,
    before: &mut Foresight,
    batch: Vec<Pending<TradeInput, P>>,
) -> Result<Vec<Settled<P>>, Error> {
    let Checked { mut outcomes, good, .. } = check::trades(read, &before.promised, batch).await?;
    outcomes.settle(trades::foresee(read, &mut before.trades, good).await?);
    Ok(outcomes.finish())
}

/// What [`super::ingest_balances`] would give.
pub async fn foresee_balances<P>(
    read: &mut Read,
    before: &mut Foresight,
    batch: Vec<Pending<BalanceInput, P>>,
) -> Result<Vec<Settled<P>>, Error> {
    let Checked { mut outcomes, good, .. } = check::balances(read, &before.promised, batch).await?;
    outcomes.settle(balances::foresee(read, &mut before.balances, good).await?);
    Ok(outcomes.finish())
}
