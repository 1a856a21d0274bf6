//! From a record to what a decision is made from.

use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::super::model::{CurrentTier, Record, TierInputs, TierPolicy};

/// Decimals of a mean.
const PLACES: u32 = 8;

impl Record {
    /// The first day anything is known of.
    pub fn begins_on(&self) -> Option<NaiveDate> {
        let balance = self.balances.first().map(|(day, _)| *day);
        let active = self.active_days.first().copied();
        balance.into_iter().chain(active).min()
    }
}

/// What is known at the end of a day. Of the record, the days of the policy's windows must be there.
pub fn measure(policy: &TierPolicy, record: &Record, day: NaiveDate, current: Option<CurrentTier>) -> TierInputs {
    let known = &record.balances[..record.balances.partition_point(|(balance_day, _)| *balance_day <= day)];
    let window = &known[known.len().saturating_sub(policy.window_trading_days as usize)..];
    // One month more than the grace: a run that is longer than the grace reads no differently.
    let last = known.last().map_or(day, |(last, _)| *last);
    let first_month = first_of_month(last).checked_sub_months(Months::new(policy.downgrade_after_months + 1));
    let first_month = first_month.unwrap_or(NaiveDate::MIN);
    let from = record.months.partition_point(|month| month.month < first_month);
    let to = record.months.partition_point(|month| month.month < first_of_month(day)).max(from);
    let active = |until: NaiveDate| record.active_days.partition_point(|active_day| *active_day <= until);
    let active_days = &record.active_days[active(before_window(day, policy.frequency.days))..active(day)];
    TierInputs {
        as_of: day,
        average_net_assets: mean(window),
        balance_days: u32::try_from(window.len()).unwrap_or(u32::MAX),
        last_balance_on: window.last().map(|(day, _)| *day),
        monthly_average_net_assets: record.months[from..to].to_vec(),
        active_days: u32::try_from(active_days.len()).unwrap_or(u32::MAX),
        last_active_on: active_days.last().copied(),
        current,
    }
}

/// The last day before the calendar days that end with `day`.
fn before_window(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(chrono::Days::new(days.into())).unwrap_or(NaiveDate::MIN)
}

fn mean(balances: &[(NaiveDate, Decimal)]) -> Option<Decimal> {
    let sum: Decimal = balances.iter().map(|(_, net_assets)| *net_assets).sum();
    let mean = sum.checked_div(Decimal::from(balances.len()))?;
    Some(mean.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero).normalize())
}

pub(super) fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}
