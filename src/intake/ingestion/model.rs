//! What comes in, as its sender put it, and what became of it.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use book::trades::Side;
use platform::kernel::error::Fault;
use platform::kernel::ids::ClientId;
use platform::kernel::money::Currency;

/// How a sender names a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClientKey {
    /// By id.
    Id(ClientId),
    /// By the firm's own number.
    No(String),
}

/// A trade as sent.
#[derive(Clone, Debug)]
pub struct TradeItem {
    /// Whose.
    pub client: ClientKey,
    /// Where it comes from.
    pub source: String,
    /// The source's own id, unique per client and source.
    pub external_id: String,
    /// The instant of execution.
    pub executed_at: DateTime<Utc>,
    /// What it did.
    pub side: Side,
    /// The instrument's code.
    pub instrument: String,
    /// The kind of product.
    pub product_type: Option<String>,
    /// The fund account it went through.
    pub fund_account_no: Option<String>,
    /// The book's when absent.
    pub currency: Option<Currency>,
    /// Units.
    pub quantity: Option<Decimal>,
    /// Money per unit.
    pub price: Option<Decimal>,
    /// Money that changed hands before fees; quantity × price when absent.
    pub amount: Option<Decimal>,
    /// Commission.
    pub commission: Option<Decimal>,
    /// Exchange fees.
    pub exchange_fee: Option<Decimal>,
    /// Stamp duty.
    pub stamp_duty: Option<Decimal>,
    /// Transfer fee.
    pub transfer_fee: Option<Decimal>,
}

/// A reversal as sent: takes a trade of the same client and source back.
#[derive(Clone, Debug)]
pub struct ReversalItem {
    /// Whose.
    pub client: ClientKey,
    /// Where it comes from.
    pub source: String,
    /// The source's own id, unique per client and source among reversals.
    pub external_id: String,
    /// `external_id` of the trade it takes back.
    pub reverses: String,
}

/// One item of a batch of trades.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all items are trades; a box around each would cost more than it saves"
)]
pub enum Item {
    /// A trade.
    Trade(TradeItem),
    /// A reversal.
    Reversal(ReversalItem),
}

/// A balance as sent. The last word of a client, day and fund account wins.
#[derive(Clone, Debug)]
pub struct BalanceItem {
    /// Whose.
    pub client: ClientKey,
    /// Where it comes from.
    pub source: String,
    /// The trading day at whose end it holds.
    pub trade_day: NaiveDate,
    /// The fund account; the client as a whole when absent.
    pub fund_account_no: Option<String>,
    /// The book's when absent, and no other.
    pub currency: Option<Currency>,
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

/// What became of one item.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Taken in. `id` is that of the trade or of the reversal; a balance has none of its own and gives its client's.
    Accepted {
        /// What it became.
        id: Uuid,
    },
    /// The same is there already; nothing changed.
    Duplicate {
        /// What it is.
        id: Option<Uuid>,
    },
    /// Refused, with everything that is wrong; pointers are into the item.
    Rejected(Vec<Fault>),
}

/// An item and what was wrong with its text. Where something could not be read, something harmless stands in for it: the
/// item is refused, but what else is wrong with it is found as well.
#[derive(Clone, Debug)]
pub struct Sent<T> {
    /// As far as it could be read.
    pub item: T,
    /// What could not.
    pub faults: Vec<Fault>,
}

impl<T> From<T> for Sent<T> {
    fn from(item: T) -> Self {
        Self { item, faults: Vec::new() }
    }
}
