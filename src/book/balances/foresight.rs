//! What keeping balances would give, without keeping them: judged by what is committed, and by what the same run would
//! have kept before.

use std::collections::HashMap;

use super::model::NewBalance;
use super::store;
use platform::db::Read;
use platform::kernel::batch::{Outcome, Pending, Settled, fingerprint};
use platform::kernel::error::Error;

/// The last word a run would have kept of each key.
#[derive(Default)]
pub struct Foresight(HashMap<u64, u64>);

/// What became of balances if they were kept now.
pub async fn foresee(
    read: &mut Read,
    before: &mut Foresight,
    batch: Vec<Pending<NewBalance>>,
) -> Result<Vec<Settled>, Error> {
    let rows: Vec<&NewBalance> = batch.iter().map(|pending| &pending.item).collect();
    let known = store::existing(read.conn(), &rows).await?;
    let known: HashMap<u64, u64> = known.iter().map(|balance| (key(balance), fingerprint(balance))).collect();
    let settle = |Pending { place, item, .. }: Pending<NewBalance>| {
        let (key, content) = (key(&item), fingerprint(&item));
        let last = before.0.insert(key, content).or_else(|| known.get(&key).copied());
        let is_same = last == Some(content);
        let id = item.client_id.0;
        let outcome = if is_same { Outcome::Duplicate(id) } else { Outcome::Accepted(id) };
        Settled::new(place, outcome)
    };
    Ok(batch.into_iter().map(settle).collect())
}

fn key(balance: &NewBalance) -> u64 {
    fingerprint(&(balance.client_id, balance.trade_day, &balance.fund_account_no))
}
