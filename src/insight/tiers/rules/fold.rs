//! From a record to periods.

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate};

use super::super::model::{Assigned, CurrentTier, Record, Ruling, TierPeriod};
use super::decide::assigned;
use super::record::{first_of_month, measure};

/// The policy that rules on a day; the first one also for the days before it.
pub fn ruling_on(rulings: &[Ruling], day: NaiveDate) -> Option<&Ruling> {
    let after = rulings.partition_point(|ruling| ruling.from <= day);
    rulings.get(after.saturating_sub(1))
}

/// The periods that begin on `from` or later. `before` is what holds on the day before; none where the record begins on
/// `from` or later. The record must reach back from `from` as far as the policies' windows.
pub fn fold(rulings: &[Ruling], record: &Record, from: NaiveDate, before: Option<Assigned>) -> Vec<TierPeriod> {
    let Some(from) = (if before.is_some() { Some(from) } else { record.begins_on() }) else { return Vec::new() };
    let mut periods: Vec<TierPeriod> = Vec::new();
    let mut held = before;
    for day in days_that_matter(rulings, record, from) {
        let Some(ruling) = ruling_on(rulings, day) else { break };
        let current = held.as_ref().map(|held| CurrentTier { rung: held.rung.clone(), since: held.since });
        let (now, rule) = assigned(&ruling.policy, &measure(&ruling.policy, record, day, current));
        if held.as_ref() == Some(&now) {
            continue;
        }
        if let Some(last) = periods.last_mut() {
            last.ends_on = Some(day);
        }
        let tier_policy_id = ruling.tier_policy_id;
        periods.push(TierPeriod { starts_on: day, ends_on: None, tier_policy_id, assigned: now.clone(), rule });
        held = Some(now);
    }
    periods
}

/// Days on which what is measured may differ from the day before: a balance, a trade, a trade that leaves the frequency
/// window, a month with balances that is complete, a new policy.
fn days_that_matter(rulings: &[Ruling], record: &Record, from: NaiveDate) -> BTreeSet<NaiveDate> {
    let mut days: BTreeSet<NaiveDate> = record.balances.iter().map(|(day, _)| *day).collect();
    days.extend(&record.active_days);
    let windows: BTreeSet<u32> = rulings.iter().map(|ruling| ruling.policy.frequency.days).collect();
    for window in windows {
        let leaves = |day: &NaiveDate| day.checked_add_days(Days::new(window.into()));
        days.extend(record.active_days.iter().filter_map(leaves));
    }
    let complete_on = |month: NaiveDate| first_of_month(month).checked_add_months(Months::new(1));
    days.extend(record.months.iter().filter_map(|month| complete_on(month.month)));
    days.extend(rulings.iter().map(|ruling| ruling.from));
    days.split_off(&from)
}
