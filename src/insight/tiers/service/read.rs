//! Tiers as they are asked for.

use chrono::{DateTime, NaiveDate, Utc};

use super::super::model::*;
use super::super::{rules, store};
use super::policies::{reach, rulings};
use book::clients;
use platform::db::Read;
use platform::kernel::clock::TradingCalendar;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Periods an answer shows at most.
const HISTORY: usize = 100;

/// A client's tier at the end of a day, with what speaks for it; none before the record begins.
pub async fn current(read: &mut Read, client_id: ClientId, day: NaiveDate) -> Result<Option<TierToday>, Error> {
    Ok(explained(read, client_id, day, 1).await?.0)
}

/// A client's periods that begin on a day or earlier, newest first; and the one that holds at its end, with what speaks
/// for it then.
pub async fn history(
    read: &mut Read,
    client_id: ClientId,
    day: NaiveDate,
) -> Result<(Option<TierToday>, Vec<ExplainedPeriod>), Error> {
    clients::visible(read, client_id).await?;
    explained(read, client_id, day, HISTORY).await
}

async fn explained(
    read: &mut Read,
    client_id: ClientId,
    day: NaiveDate,
    periods: usize,
) -> Result<(Option<TierToday>, Vec<ExplainedPeriod>), Error> {
    let today = read.today();
    let (conn, scope) = read.scoped();
    // One more: a decision names the rung held before it.
    let limit = u32::try_from(periods + 1).unwrap_or(u32::MAX);
    let mut kept = store::history(conn, scope, client_id, day, limit).await?;
    let shown = kept.len().min(periods);
    let Some((oldest, _)) = kept.get(shown.saturating_sub(1)) else { return Ok((None, Vec::new())) };
    let from = oldest.starts_on;
    // What has not come yet may come otherwise.
    for (period, _) in &mut kept {
        period.ends_on = period.ends_on.filter(|end| *end <= today);
    }
    let rulings = rulings(read).await?;
    let reach = reach(&rulings, Some(day));
    let records = store::records(read.conn(), &[(client_id, from)], reach).await?;
    let record = &records.first().ok_or_else(Error::not_found)?.record;
    let calendar = *read.calendar();
    let periods = kept[..shown].iter().enumerate();
    let periods: Vec<ExplainedPeriod> =
        periods.filter_map(|(place, one)| explain(&calendar, &rulings, record, one, kept.get(place + 1))).collect();
    let holding = periods.first().filter(|period| period.period.covers(day)).cloned();
    let current = holding.and_then(|period| {
        let policy = &rules::ruling_on(&rulings, day)?.policy;
        let inputs = rules::measure(policy, record, day, Some(CurrentTier::from(&period.period)));
        let reasons = rules::decide(policy, &inputs).reasons;
        Some(TierToday { period, inputs, reasons })
    });
    Ok((current, periods))
}

/// A period with the decision of its first day, made again.
fn explain(
    calendar: &TradingCalendar,
    rulings: &[Ruling],
    record: &Record,
    (period, recorded_at): &(TierPeriod, DateTime<Utc>),
    before: Option<&(TierPeriod, DateTime<Utc>)>,
) -> Option<ExplainedPeriod> {
    let policy = &rules::ruling_on(rulings, period.starts_on)?.policy;
    let current = before.map(|(before, _)| CurrentTier::from(before));
    let inputs = rules::measure(policy, record, period.starts_on, current);
    Some(ExplainedPeriod {
        period: period.clone(),
        valid_from: calendar.start_of(period.starts_on),
        valid_to: period.ends_on.map(|day| calendar.start_of(day)),
        recorded_at: *recorded_at,
        policy_version: policy.version,
        reasons: rules::decide(policy, &inputs).reasons,
        inputs,
    })
}
