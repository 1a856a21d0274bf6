//! The decisions behind the tiers of today.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::super::model::{Ruling, TierPeriod};
use super::super::{rules, store};
use super::policies::{reach, rulings};
use platform::db::Read;
use platform::kernel::decision::Decision;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Of each of these clients the decision that began the period of today; of one without a record, that there is no
/// tier.
pub async fn decided(read: &mut Read, clients: &[ClientId]) -> Result<Vec<Decision<Value>>, Error> {
    let rulings = rulings(read).await?;
    decided_by(read, &rulings, clients).await
}

/// The same, by policies known already. Two statements for all.
pub(super) async fn decided_by(
    read: &mut Read,
    rulings: &[Ruling],
    clients: &[ClientId],
) -> Result<Vec<Decision<Value>>, Error> {
    if clients.is_empty() {
        return Ok(Vec::new());
    }
    let today = read.today();
    let mut periods: HashMap<ClientId, Vec<TierPeriod>> = HashMap::new();
    for (client_id, period) in store::periods(read.conn(), clients).await? {
        periods.entry(client_id).or_default().push(period);
    }
    let began_on = |client_id: &ClientId| {
        let period = periods.get(client_id)?.iter().find(|period| period.covers(today))?;
        Some(period.starts_on)
    };
    let from: Vec<(ClientId, NaiveDate)> = clients.iter().map(|id| (*id, began_on(id).unwrap_or(today))).collect();
    let records = store::records(read.conn(), &from, reach(rulings, Some(today))).await?;
    let decided = records.iter().filter_map(|client| {
        let periods = periods.get(&client.client_id).map_or(&[][..], Vec::as_slice);
        let (policy, inputs) = rules::grounds(rulings, &client.record, periods, today)?;
        Some(rules::decision(client.client_id, policy, &inputs))
    });
    Ok(decided.collect())
}
