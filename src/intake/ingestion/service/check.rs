//! Items judged by the rules; those that are good go on.

use std::collections::HashMap;

use super::super::faults;
use super::super::model::{BalanceInput, TradeInput};
use super::super::rules::{self, Terms};
use super::known::{Known, Promised};
use book::balances::NewBalance;
use book::trades::Entry;
use platform::db::Read;
use platform::kernel::batch::{Outcomes, Pending};
use platform::kernel::error::{Error, Fault};

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
    promised: &HashMap<String, Promised>,
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
            Ok(entry) => {
                let warnings = warnings(&known, &entry);
                good.push(Pending::new(outcomes.expect(place, warnings), entry));
            }
            Err(faults) => outcomes.reject(place, faults),
        }
    }
    Ok(Checked { outcomes, good })
}

/// Balances.
pub async fn balances<P>(
    read: &mut Read,
    promised: &HashMap<String, Promised>,
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
            Ok(row) => {
                let account = Some(row.fund_account_no.as_str()).filter(|number| !number.is_empty());
                let warnings = known.warnings(row.client_id, row.trade_day, "/trade_day", account);
                good.push(Pending::new(outcomes.expect(place, warnings), row));
            }
            Err(faults) => outcomes.reject(place, faults),
        }
    }
    Ok(Checked { outcomes, good })
}

/// What is odd about an entry, and no reason to refuse it.
fn warnings(known: &Known, entry: &Entry) -> Vec<Fault> {
    let Entry::Trade(trade) = entry else { return Vec::new() };
    let account = trade.fund_account_no.as_deref();
    let mut warnings = known.warnings(trade.key.client_id, trade.trade_day, "/executed_at", account);
    warnings.extend(trade.is_nothing().then(|| faults::NOTHING_TRADED.at("/quantity")));
    warnings
}

fn terms(read: &Read) -> Terms {
    Terms { now: read.now(), calendar: *read.calendar(), currency: read.db().currency().clone() }
}
