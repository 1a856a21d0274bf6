//! A batch through everything it moves: clients, book, roll-ups, tiers, and one event.

mod check;
mod foresee;
mod known;
mod restore;

use std::collections::{HashMap, HashSet};

use self::check::Checked;
use super::events::{BalancesIngested, Ingested, TradesIngested};
use super::model::{BalanceInput, TradeInput};
use book::{balances, trades};
use insight::tiers;
use platform::db::Uow;
use platform::kernel::batch::{Outcomes, Pending, Settled, Tally};
use platform::kernel::error::Error;
use platform::kernel::event::{Event, EventType};
use platform::kernel::ids::ClientId;

pub use self::foresee::{Foresight, foresee_balances, foresee_trades};
pub use self::known::Promised;
pub use self::restore::{Beside, beside, booked, lock, put_back};

/// Books trades and reversals in one go; answers each, in their order. A refused item refuses nothing but itself.
/// Meant once per unit of work, for up to 5 000 items: the clients are locked here.
pub async fn ingest_trades<P>(uow: &mut Uow, batch: Vec<Pending<TradeInput, P>>) -> Result<Vec<Settled<P>>, Error> {
    let Checked { mut outcomes, good } = check::trades(uow, &HashMap::new(), batch).await?;
    let touched: HashSet<ClientId> = good.iter().map(|entry| entry.item.key().client_id).collect();
    if !touched.is_empty() {
        let locks = trades::lock_clients(uow, touched.iter().copied().collect()).await?;
        let booked = trades::book(uow, &locks, good).await?;
        outcomes.settle(booked.settled);
        tiers::reassess_after_trades(uow, &locks, &booked.turned).await?;
    }
    Ok(recorded(uow, TradesIngested, touched.len(), outcomes))
}

/// Keeps balances in one go; answers each, in their order. Meant once per unit of work, for up to 5 000 items.
pub async fn ingest_balances<P>(uow: &mut Uow, batch: Vec<Pending<BalanceInput, P>>) -> Result<Vec<Settled<P>>, Error> {
    let Checked { mut outcomes, good } = check::balances(uow, &HashMap::new(), batch).await?;
    let touched: HashSet<ClientId> = good.iter().map(|row| row.item.client_id).collect();
    let touched: Vec<ClientId> = touched.into_iter().collect();
    if !good.is_empty() {
        let locks = trades::lock_clients(uow, touched.clone()).await?;
        let kept = balances::keep(uow, &locks, good).await?;
        outcomes.settle(kept.settled);
        tiers::reassess_after_balances(uow, &locks, &kept.changed).await?;
    }
    Ok(recorded(uow, BalancesIngested, touched.len(), outcomes))
}

/// One event for the whole batch. A batch that changed nothing is audited and not published.
fn recorded<P, E: EventType>(
    uow: &mut Uow,
    event: fn(Ingested) -> E,
    clients: usize,
    outcomes: Outcomes<P>,
) -> Vec<Settled<P>> {
    let settled = outcomes.finish();
    let Tally { accepted, duplicates, rejected, .. } = Tally::of(&settled);
    let event = Event::new(event(Ingested { clients, accepted, duplicates, rejected }), None);
    uow.record(if accepted > 0 { event } else { event.unpublished() });
    settled
}
