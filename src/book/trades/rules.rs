//! What trades add up to: pure sums, so that any order of arrival gives the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::faults;
use super::model::{DayDelta, Delta, LockedClient, NewTrade, SourceKey, StatisticsDelta};
use super::side::Side;
use platform::kernel::batch::Outcome;
use platform::kernel::error::Fault;
use platform::kernel::ids::ClientId;

/// The part of a trade that roll-ups are made of.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// What it did.
    pub side: Side,
    /// ISO 4217 code.
    pub currency: &'a str,
    /// Money before fees.
    pub amount: Decimal,
    /// Commission, where known.
    pub commission: Option<Decimal>,
}

/// The deltas of a batch by client and day, in that order.
#[derive(Default)]
pub struct Days(BTreeMap<(ClientId, NaiveDate), Delta>);

impl Days {
    /// A trade that stands, or (`times` −1) does so no more. One that arrives reversed, or moved nothing (`times` 0),
    /// marks its day all the same: the day's row is there whichever of trade and reversal came first.
    pub fn add(&mut self, client_id: ClientId, day: NaiveDate, times: i32, part: Part<'_>, book_currency: &str) {
        let delta = self.0.entry((client_id, day)).or_default();
        let factor = Decimal::from(times);
        delta.trade_count += times;
        if part.currency != book_currency {
            delta.other_currency_count += times;
            return;
        }
        if part.side.is_buy() {
            delta.buy_amount += factor * part.amount;
        }
        if part.side.is_sell() {
            delta.sell_amount += factor * part.amount;
        }
        if let Some(commission) = part.commission {
            delta.commission += factor * commission;
            delta.commission_count += times;
        }
    }

    /// Days that lose trades, and all others: the two are written differently.
    pub fn split(&self) -> (Vec<DayDelta>, Vec<DayDelta>) {
        self.0.iter().map(|((client_id, day), delta)| (*client_id, *day, *delta)).partition(|(.., d)| d.trade_count < 0)
    }

    /// Trades a day gained.
    pub fn gained(&self, client_id: ClientId, day: NaiveDate) -> i32 {
        self.0.get(&(client_id, day)).map_or(0, |delta| delta.trade_count)
    }

    /// What each client's statistics gain; the days that turned decide over active, first and last days. Clients whose
    /// first or last active day fell away come second: only a look at their days can tell the new one.
    pub fn statistics(
        &self,
        locked: &HashMap<ClientId, LockedClient>,
        turned: &[(ClientId, NaiveDate, bool)],
    ) -> (Vec<StatisticsDelta>, Vec<ClientId>) {
        let mut changes: BTreeMap<ClientId, StatisticsDelta> = BTreeMap::new();
        for ((client_id, _), delta) in &self.0 {
            let change = changes.entry(*client_id).or_insert_with(|| StatisticsDelta {
                client_id: *client_id,
                active_days: 0,
                sums: Delta::default(),
                first_day: locked.get(client_id).and_then(|client| client.first_day),
                last_day: locked.get(client_id).and_then(|client| client.last_day),
            });
            change.sums.trade_count += delta.trade_count;
            change.sums.buy_amount += delta.buy_amount;
            change.sums.sell_amount += delta.sell_amount;
            change.sums.commission += delta.commission;
        }
        let mut unsure = BTreeSet::new();
        let mut moved = BTreeSet::new();
        for (client_id, day, active) in turned {
            let (Some(change), Some(before)) = (changes.get_mut(client_id), locked.get(client_id)) else { continue };
            moved.insert(*client_id);
            if *active {
                change.active_days += 1;
                change.first_day = change.first_day.map_or(Some(*day), |first| Some(first.min(*day)));
                change.last_day = change.last_day.map_or(Some(*day), |last| Some(last.max(*day)));
            } else {
                change.active_days -= 1;
                if before.first_day == Some(*day) || before.last_day == Some(*day) {
                    unsure.insert(*client_id);
                }
            }
        }
        changes.retain(|client_id, change| change.sums != Delta::default() || moved.contains(client_id));
        (changes.into_values().collect(), unsure.into_iter().collect())
    }
}

/// The key belongs to something else.
pub fn id_reused() -> Fault {
    faults::ID_REUSED.at("/external_id")
}

/// The trade was taken back before, under another id.
pub fn already_reversed() -> Fault {
    faults::ALREADY_REVERSED.at("/reverses")
}

impl NewTrade {
    /// Whether nothing was traded, as of an order that was cancelled: kept, and in no figure.
    pub fn is_nothing(&self) -> bool {
        self.amount.is_zero() && self.quantity.is_some_and(|quantity| quantity.is_zero())
    }
}

/// A trade that is there.
#[derive(Clone, Debug)]
pub struct KnownTrade {
    /// Its id.
    pub id: Uuid,
    /// What was booked.
    pub trade: NewTrade,
    /// Whether it was taken back.
    pub reversed: bool,
}

/// The key of a trade was not free: what has it was taken back, or is the same, or another.
pub fn trade_again(there: Option<&KnownTrade>, new: &NewTrade) -> Outcome {
    match there {
        Some(there) if there.reversed => Outcome::ReversedBefore(there.id),
        Some(there) if there.trade == *new => Outcome::Duplicate(there.id),
        _ => Outcome::Rejected(vec![id_reused()]),
    }
}

/// A key that was not free belongs to the same thing or to another.
pub fn same_or_reused<T: PartialEq>(known: &HashMap<SourceKey, (Uuid, T)>, key: &SourceKey, new: &T) -> Outcome {
    match known.get(key) {
        Some((id, there)) if there == new => Outcome::Duplicate(*id),
        _ => Outcome::Rejected(vec![id_reused()]),
    }
}
