//! What booking would give, without booking: judged by what is committed, and by what the same run would have booked
//! before. Nothing is written and nobody is locked; whoever books meanwhile may change the answer.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::model::{Entry, NewReversal, NewTrade, SourceKey};
use super::rules::KnownTrade;
use super::{rules, store};
use platform::db::Read;
use platform::kernel::batch::{Outcome, Pending, Settled, fingerprint};
use platform::kernel::error::Error;

/// What a run would have booked so far: eight bytes a key, eight a content.
#[derive(Default)]
pub struct Foresight {
    trades: HashMap<u64, u64>,
    reversals: HashMap<u64, u64>,
    /// Keys of trades that would be taken back.
    taken_back: HashSet<u64>,
}

/// What became of entries if they were booked now. What would be entered has no id and gives its client's.
pub async fn foresee(
    read: &mut Read,
    before: &mut Foresight,
    batch: Vec<Pending<Entry>>,
) -> Result<Vec<Settled>, Error> {
    let keys: Vec<&SourceKey> = batch.iter().map(|pending| pending.item.key()).collect();
    let trades = store::existing_trades(read.conn(), &keys).await?;
    let reversals = store::existing_reversals(read.conn(), &keys).await?;
    let of = batch.iter().map(|pending| match &pending.item {
        Entry::Reversal(reversal) => reversed_key(reversal),
        Entry::Trade(trade) => trade.key.clone(),
    });
    let of: Vec<SourceKey> = of.collect();
    let taken_back = store::taken_back(read.conn(), &of).await?;
    // Trades of a batch are booked before its reversals.
    let (trades_of, reversals_of): (Vec<_>, Vec<_>) =
        batch.into_iter().partition(|pending| matches!(pending.item, Entry::Trade(_)));
    let settle = |pending: Pending<Entry>| {
        let outcome = match pending.item {
            Entry::Trade(trade) => before.trade(&trade, &trades, &taken_back),
            Entry::Reversal(reversal) => before.reversal(&reversal, &reversals, &taken_back),
        };
        Settled::new(pending.place, outcome)
    };
    Ok(trades_of.into_iter().chain(reversals_of).map(settle).collect())
}

impl Foresight {
    fn trade(
        &mut self,
        trade: &NewTrade,
        known: &HashMap<SourceKey, KnownTrade>,
        taken_back: &HashSet<SourceKey>,
    ) -> Outcome {
        let (there, key) = (known.get(&trade.key), fingerprint(&trade.key));
        let is_taken_back = taken_back.contains(&trade.key) || self.taken_back.contains(&key);
        if is_taken_back && (there.is_some() || self.trades.contains_key(&key)) {
            return Outcome::ReversedBefore(there.map_or(Uuid::nil(), |there| there.id));
        }
        if there.is_some() {
            return rules::trade_again(there, trade);
        }
        entered(&mut self.trades, &trade.key, fingerprint(trade))
    }

    fn reversal(
        &mut self,
        reversal: &NewReversal,
        known: &HashMap<SourceKey, (Uuid, NewReversal)>,
        taken_back: &HashSet<SourceKey>,
    ) -> Outcome {
        if known.contains_key(&reversal.key) {
            return rules::same_or_reused(known, &reversal.key, reversal);
        }
        let of = reversed_key(reversal);
        let is_first = !self.reversals.contains_key(&fingerprint(&reversal.key));
        if is_first && (taken_back.contains(&of) || !self.taken_back.insert(fingerprint(&of))) {
            return Outcome::Rejected(vec![rules::already_reversed()]);
        }
        entered(&mut self.reversals, &reversal.key, fingerprint(reversal))
    }
}

/// The key of the trade that a reversal takes back.
fn reversed_key(NewReversal { key, reverses }: &NewReversal) -> SourceKey {
    SourceKey { client_id: key.client_id, source: key.source.clone(), external_id: reverses.clone() }
}

fn entered(before: &mut HashMap<u64, u64>, key: &SourceKey, content: u64) -> Outcome {
    match before.insert(fingerprint(key), content) {
        None => Outcome::Accepted(key.client_id.0),
        Some(known) if known == content => Outcome::Duplicate(Uuid::nil()),
        Some(known) => {
            before.insert(fingerprint(key), known);
            Outcome::Rejected(vec![rules::id_reused()])
        }
    }
}
