//! Items judged by the rules; those that are good go on.

use std::collections::HashMap;

use super::super::model::{BalanceInput, TradeInput};
use super::super::rules::{self, Terms};
use super::known::Known;
use book::balances::NewBalance;
use book::trades::Entry;
use platform::db::Read;
use platform::kernel::batch::{Outcomes, Pending};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// A batch after the rules have spoken.
pub struct Checked<T, P> {
    /// Outcomes of those that are refused; the others are expected.
    pub outcomes: Outcomes<P>,
    /// Those that are good.
    pub good: Vec<Pending<T>>,
}

/// Trades and reversals. A trade must be of a day on which its client was still there; what was booked may be taken
/// back at any time. `promised` are clients by number that are not there and count as if they were.
pub async fn trades<P>(
    read: &mut Read,
    promised: &HashMap<String, ClientId>,
    batch: Vec<Pending<TradeInput, P>>,
) -> Result<Checked<Entry, P>, Error> {
    let known = Known::resolve(read, promised, &batch).await?;
    let terms = terms(read);
    let (mut outcomes, mut good) = (Outcomes::default(), Vec::new());
    for Pending { place, item, faults } in batch {
        let client_id = known.find(&item);
        let checked = rules::entry(item, faults, client_id, &terms).and_then(|entry| {
            let is_open = match &entry {
                Entry::Trade(trade) => known.is_open(trade.key.client_id, trade.trade_day),
                Entry::Reversal(_) => true,
            };
            rules::of_open_client(is_open, "/executed_at", entry)
        });
        match checked {
            Ok(entry) => good.push(Pending::new(outcomes.expect(place), entry)),
            Err(faults) => outcomes.reject(place, faults),
        }
    }
    Ok(Checked { outcomes, good })
}

/// Balances.
pub async fn balances<P>(
    read: &mut Read,
    promised: &HashMap<String, ClientId>,
    batch: Vec<Pending<BalanceInput, P>>,
) -> Result<Checked<NewBalance, P>, Error> {
    let known = Known::resolve(read, promised, &batch).await?;
    let terms = terms(read);
    let (mut outcomes, mut good) = (Outcomes::default(), Vec::new());
    for Pending { place, item, faults } in batch {
        let client_id = known.find(&item);
        let checked = rules::balance(item, faults, client_id, &terms).and_then(|row| {
            let is_open = known.is_open(row.client_id, row.trade_day);
            rules::of_open_client(is_open, "/trade_day", row)
        });
        match checked {
            Ok(row) => good.push(Pending::new(outcomes.expect(place), row)),
            Err(faults) => outcomes.reject(place, faults),
        }
    }
    Ok(Checked { outcomes, good })
}

fn terms(read: &Read) -> Terms {
    Terms { now: read.now(), calendar: *read.calendar(), currency: read.db().currency().clone() }
}
