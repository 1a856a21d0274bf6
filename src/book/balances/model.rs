//! Balances: what a client holds at the end of a trading day.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use platform::kernel::batch::Settled;
use platform::kernel::ids::ClientId;
use platform::kernel::money::{Amount, Currency, Money};

/// A balance to be kept. It takes the place of what was known of the same client, day and fund account.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
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

/// What a client held at the end of a trading day. (c2)
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
#[schema(as = BalanceView)]
pub struct Balance {
    /// The trading day.
    pub trade_day: NaiveDate,
    /// The fund account; null for the client as a whole.
    #[schema(example = "8001234501")]
    pub fund_account_no: Option<String>,
    /// Where it came from. (c1)
    #[schema(example = "api")]
    pub source: String,
    /// The currency of all money in the balance. (c1)
    pub currency: Currency,
    /// Everything owned.
    pub total_assets: Amount,
    /// What would be left after paying all debts.
    pub net_assets: Money,
    /// Cash.
    pub cash: Option<Money>,
    /// Securities at market prices.
    pub market_value: Option<Money>,
    /// Debts.
    pub liabilities: Option<Money>,
    /// When it came in. (c1)
    pub recorded_at: DateTime<Utc>,
}

/// What became of a batch, and the days whose balances changed.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Of each balance.
    pub settled: Vec<Settled>,
    /// Days that have another balance now.
    pub changed: Vec<(ClientId, NaiveDate)>,
}

/// Which of a client's balances to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BalanceFilter {
    /// Of this fund account.
    #[param(min_length = 1, max_length = 64)]
    #[serde(default)]
    pub fund_account_no: Option<String>,
    /// Of this trading day or later.
    #[serde(default)]
    pub day_from: Option<NaiveDate>,
    /// Of this trading day or earlier.
    #[serde(default)]
    pub day_to: Option<NaiveDate>,
}

/// Where a page of balances ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BalancePlace {
    /// The last one's day.
    pub trade_day: NaiveDate,
    /// The last one's fund account; empty for the client as a whole.
    pub fund_account_no: String,
}
