//! A client's active days, and what follows from them at the end of any day.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{ChurnStatistics, Features};
use science::features::{Day, features};

/// A day on which a client traded; amounts in the book's currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TradedDay {
    /// The exchange trading day.
    pub day: NaiveDate,
    /// Trades, at least 1.
    pub trades: u32,
    /// Amount bought.
    pub bought: Decimal,
    /// Amount sold.
    pub sold: Decimal,
    /// Instruments traded for the first time.
    pub new_instruments: u32,
}

impl From<&TradedDay> for Day {
    fn from(of: &TradedDay) -> Self {
        let amount = |amount: Decimal| amount.to_f64().unwrap_or_default();
        let sold = amount(of.sold);
        let (day, trades, new_instruments) = (of.day.num_days_from_ce(), of.trades, of.new_instruments);
        Self { day, trades, amount: amount(of.bought) + sold, sold, new_instruments }
    }
}

/// What models read of a client at the end of `day`; none of a client without an active day until then.
pub fn features_at(days: &[Day], day: NaiveDate) -> Option<Features> {
    features(days, day.num_days_from_ce()).ok()
}

/// The days as the features take them.
pub fn plain(days: &[TradedDay]) -> Vec<Day> {
    days.iter().map(Day::from).collect()
}

impl ChurnStatistics {
    /// What ascending active days up to `as_of` say; none without one.
    pub fn of(days: &[TradedDay], as_of: NaiveDate) -> Option<Self> {
        let (first, last) = days.first().zip(days.last())?;
        let within = |from: i64, to: i64| {
            let age = move |day: &&TradedDay| (from..to).contains(&(as_of - day.day).num_days());
            days.iter().filter(age)
        };
        let count = |from, to| u32::try_from(within(from, to).count()).unwrap_or(u32::MAX);
        let amount = |from, to| within(from, to).map(|day| day.bought + day.sold).sum::<Decimal>();
        let amount_90 = amount(0, 90);
        let sold_90: Decimal = within(0, 90).map(|day| day.sold).sum();
        Some(Self {
            as_of,
            first_day: first.day,
            last_day: last.day,
            x: u32::try_from(days.len() - 1).unwrap_or(u32::MAX),
            active_days_90: count(0, 90),
            active_days_prev_90: count(90, 180),
            active_days_365: count(0, 365),
            amount_90,
            amount_prev_90: amount(90, 180),
            sell_share_90: sold_90.checked_div(amount_90).and_then(|share| share.to_f64()),
            net_outflow_share_90: None,
            features: features_at(&plain(days), as_of),
        })
    }
}
