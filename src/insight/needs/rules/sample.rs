//! Trades for tests.

use chrono::{DateTime, TimeDelta};
use rust_decimal::Decimal;

use super::super::model::{ProfileTrade, Side};

/// A trade `hours` after the start of 2025.
pub(super) fn trade(hours: i64, side: Side, instrument: &str, quantity: Decimal, amount: Decimal) -> ProfileTrade {
    let executed_at = DateTime::from_timestamp(1_735_689_600, 0).expect("an instant") + TimeDelta::hours(hours);
    ProfileTrade {
        executed_at,
        trade_day: executed_at.date_naive(),
        side,
        instrument: instrument.to_owned(),
        product_type: Some("stock".to_owned()),
        quantity: Some(quantity),
        price: None,
        amount,
    }
}
