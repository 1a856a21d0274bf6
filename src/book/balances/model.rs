//! Balances: what a client holds at the end of a trading day.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use platform::kernel::ids::ClientId;

/// A balance to be kept. It takes the place of what was known of the same client, day and fund account.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBalance {
    /// Whose.
    pub client_id: ClientId,
    /// The trading day at whose end it holds.
    pub trade_day: NaiveDate,
    /// The fund account; empty for the client as a whole.
    pub fund_account_no: String,
    /// Where it comes from.
    pub source: String,
    /// ISO 4217 code: the book's.
    pub currency: String,
    /// Everything owned.
    pub total_assets: Decimal,
    /// What would be left after paying all debts.
    pub net_assets: Decimal,
    /// Cash.
    pub cash: Option<Decimal>,
    /// Securities at market prices.
    pub market_value: Option<Decimal>,
    /// Debts.
    pub liabilities: Option<Decimal>,
}

/// A balance as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Balance {
    /// The trading day at whose end it holds.
    pub trade_day: NaiveDate,
    /// The fund account; empty for the client as a whole.
    pub fund_account_no: String,
    /// Where it came from.
    pub source: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Everything owned.
    pub total_assets: Decimal,
    /// Less all debts.
    pub net_assets: Decimal,
    /// Cash.
    pub cash: Option<Decimal>,
    /// Securities at market prices.
    pub market_value: Option<Decimal>,
    /// Debts.
    pub liabilities: Option<Decimal>,
    /// When it came in.
    pub recorded_at: DateTime<Utc>,
}

/// Which of a client's balances to list.
#[derive(Clone, Debug, Default)]
pub struct BalanceFilter {
    /// Of this fund account.
    pub fund_account_no: Option<String>,
    /// Of this day or later.
    pub day_from: Option<NaiveDate>,
    /// Of this day or earlier.
    pub day_to: Option<NaiveDate>,
}

/// Where a page of balances ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BalancePlace {
    /// The last one's day.
    pub trade_day: NaiveDate,
    /// The last one's fund account.
    pub fund_account_no: String,
}
