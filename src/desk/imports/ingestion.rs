//! Stand-in until the slice lands.
#![expect(missing_docs, reason = "stand-in")]
pub use crate::insight::needs::model::Side;
use crate::platform::db::Uow;
use crate::platform::kernel::error::{Error, Fault};
use crate::platform::kernel::ids::ClientId;
use crate::platform::kernel::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;
#[derive(Clone, Debug)]
pub enum ClientKey {
    Id(ClientId),
    No(String),
}
#[derive(Clone, Debug)]
pub struct TradeItem {
    pub client: ClientKey,
    pub source: String,
    pub external_id: String,
    pub executed_at: DateTime<Utc>,
    pub side: Side,
    pub instrument: String,
    pub product_type: Option<String>,
    pub fund_account_no: Option<String>,
    pub currency: Option<Currency>,
    pub quantity: Option<Decimal>,
    pub price: Option<Decimal>,
    pub amount: Option<Decimal>,
    pub commission: Option<Decimal>,
    pub exchange_fee: Option<Decimal>,
    pub stamp_duty: Option<Decimal>,
    pub transfer_fee: Option<Decimal>,
}
#[derive(Clone, Debug)]
pub struct ReversalItem {
    pub client: ClientKey,
    pub source: String,
    pub external_id: String,
    pub reverses: String,
}
#[derive(Clone, Debug)]
pub enum Item {
    Trade(TradeItem),
    Reversal(ReversalItem),
}
#[derive(Clone, Debug)]
pub struct BalanceItem {
    pub client: ClientKey,
    pub source: String,
    pub trade_day: NaiveDate,
    pub fund_account_no: Option<String>,
    pub currency: Option<Currency>,
    pub total_assets: Decimal,
    pub net_assets: Decimal,
    pub cash: Option<Decimal>,
    pub market_value: Option<Decimal>,
    pub liabilities: Option<Decimal>,
}
pub enum Outcome {
    Accepted { id: Uuid },
    Duplicate { id: Option<Uuid> },
    Rejected(Box<Fault>),
}
pub async fn ingest_trades(uow: &mut Uow, items: Vec<Item>) -> Result<Vec<Outcome>, Error> {
    Ok(items.iter().map(|_| Outcome::Accepted { id: uow.id() }).collect())
}
pub async fn ingest_balances(uow: &mut Uow, items: Vec<BalanceItem>) -> Result<Vec<Outcome>, Error> {
    Ok(items.iter().map(|_| Outcome::Accepted { id: uow.id() }).collect())
}
