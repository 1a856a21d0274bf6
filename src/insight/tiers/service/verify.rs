//! Whether the periods are what the record says.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::super::model::*;
use super::super::{rules, store};
use super::derive::BEGINNING;
use super::policies::{reach, rulings};
use platform::db::Read;
use platform::kernel::difference::Difference;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Derives the periods of clients from the whole of their record again; gives what differs. The tier lists filter by
/// may be yesterday's until the assessment of the day has run.
pub async fn verify(read: &mut Read, clients: &[ClientId]) -> Result<Vec<Difference>, Error> {
    let rulings = rulings(read).await?;
    let mut kept: HashMap<ClientId, Vec<TierPeriod>> = HashMap::new();
    for (client_id, period) in store::periods(read.conn(), clients).await? {
        kept.entry(client_id).or_default().push(period);
    }
    let from: Vec<(ClientId, NaiveDate)> = clients.iter().map(|client_id| (*client_id, BEGINNING)).collect();
    let today = read.today();
    let mut differences = Vec::new();
    for record in store::records(read.conn(), &from, reach(&rulings, None)).await? {
        let derived = rules::fold(&rulings, &record.record, BEGINNING, None);
        let on = |day: NaiveDate| derived.iter().find(|period| period.covers(day)).map(|period| period.assigned.tier);
        let (now, yesterday) = (on(today), today.pred_opt().and_then(on));
        if !record.is_closed && record.tier != now && record.tier != yesterday {
            let text = |tier: Option<Tier>| tier.map(|tier| text(&tier));
            differences.push(Difference {
                table: "client",
                client_id: record.client_id,
                row: String::new(),
                column: "tier".to_owned(),
                kept: text(record.tier),
                derived: text(now),
            });
        }
        let kept = kept.remove(&record.client_id).unwrap_or_default();
        differences.extend(compared(record.client_id, &kept, &derived));
    }
    Ok(differences)
}

type Columns = BTreeMap<&'static str, Option<String>>;

fn compared(client_id: ClientId, kept: &[TierPeriod], derived: &[TierPeriod]) -> Vec<Difference> {
    let mut rows: BTreeMap<NaiveDate, (Option<Columns>, Option<Columns>)> = BTreeMap::new();
    kept.iter().for_each(|period| rows.entry(period.starts_on).or_default().0 = Some(columns(period)));
    derived.iter().for_each(|period| rows.entry(period.starts_on).or_default().1 = Some(columns(period)));
    let mut differences = Vec::new();
    for (day, (kept, derived)) in rows {
        let names = derived.iter().chain(&kept).next().into_iter().flat_map(|columns| columns.keys().copied());
        for column in names.collect::<Vec<_>>() {
            let value = |columns: &Option<Columns>| columns.as_ref().and_then(|columns| columns[column].clone());
            let (kept, derived) = (value(&kept), value(&derived));
            if kept != derived {
                let (row, column) = (day.to_string(), column.to_owned());
                differences.push(Difference { table: "tier_period", client_id, row, column, kept, derived });
            }
        }
    }
    differences
}

fn columns(period: &TierPeriod) -> Columns {
    let assigned = &period.assigned;
    BTreeMap::from([
        ("ends_on", period.ends_on.map(|day| day.to_string())),
        ("tier_policy_id", Some(period.tier_policy_id.to_string())),
        ("rung", Some(assigned.rung.clone())),
        ("rung_since", Some(assigned.since.to_string())),
        ("tier", Some(text(&assigned.tier))),
        ("service_level", Some(text(&assigned.service_level))),
        ("status", Some(text(&assigned.status))),
        ("rule", Some(text(&period.rule))),
    ])
}

/// A code as the database has it.
fn text(code: &impl serde::Serialize) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
