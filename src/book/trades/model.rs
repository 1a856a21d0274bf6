//! Trades, reversals, and what they move.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::side::Side;
use platform::kernel::batch::{Outcome, Settled};
use platform::kernel::ids::{ClientId, TradeId};
use platform::kernel::money::{Amount, Currency};

/// What identifies a trade or a reversal to its source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceKey {
    /// Whose it is.
    pub client_id: ClientId,
    /// Where it comes from.
    pub source: String,
    /// The source's own id, unique per client and source.
    pub external_id: String,
}

/// A trade to be booked. Two trades with the same key are the same trade if they are equal.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct NewTrade {
    /// What identifies it.
    pub key: SourceKey,
    /// The instant of execution, to the microsecond.
    pub executed_at: DateTime<Utc>,
    /// The trading day that instant belongs to.
    pub trade_day: NaiveDate,
    /// What it did.
    pub side: Side,
    /// The instrument's code.
    pub instrument: String,
    /// The kind of product, where known.
    pub product_type: Option<String>,
    /// The fund account it went through, where known.
    pub fund_account_no: Option<String>,
    /// ISO 4217 code of all money in the trade.
    pub currency: String,
    /// Units.
    pub quantity: Option<Decimal>,
    /// Money per unit.
    pub price: Option<Decimal>,
    /// Money that changed hands before fees.
    pub amount: Decimal,
    /// Commission 佣金.
    pub commission: Option<Decimal>,
    /// Exchange fees 规费.
    pub exchange_fee: Option<Decimal>,
    /// Stamp duty 印花税.
    pub stamp_duty: Option<Decimal>,
    /// Transfer fee 过户费.
    pub transfer_fee: Option<Decimal>,
}

/// A reversal to be booked: takes one trade of the same client and source back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewReversal {
    /// What identifies it.
    pub key: SourceKey,
    /// `external_id` of the trade it takes back.
    pub reverses: String,
}

/// An entry of a batch.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all entries are trades; a box around each would cost more than it saves"
)]
pub enum Entry {
    /// A trade.
    Trade(NewTrade),
    /// A reversal.
    Reversal(NewReversal),
}

impl Entry {
    /// What identifies it.
    pub fn key(&self) -> &SourceKey {
        match self {
            Self::Trade(trade) => &trade.key,
            Self::Reversal(reversal) => &reversal.key,
        }
    }
}

/// A trade or reversal with the id it gets if it is entered.
#[derive(Clone, Debug)]
pub struct Numbered<T> {
    /// Its place in the batch.
    pub place: usize,
    /// Its id, if the key is free.
    pub id: Uuid,
    /// What is to be booked.
    pub new: T,
}

impl<T> Numbered<T> {
    /// Its outcome.
    pub fn settle(&self, outcome: Outcome) -> Settled {
        Settled::new(self.place, outcome)
    }
}

/// What became of a batch, and the days on which clients became active or inactive.
#[derive(Clone, Debug, Default)]
pub struct Booked {
    /// Of each entry, by its place.
    pub settled: Vec<Settled>,
    /// Days that changed from inactive to active or back.
    pub turned: Vec<(ClientId, NaiveDate)>,
}

/// A locked client, and the ends of its active days at that moment.
#[derive(Clone, Copy, Debug)]
pub struct LockedClient {
    /// Whose.
    pub client_id: ClientId,
    /// First day on which trades stand.
    pub first_day: Option<NaiveDate>,
    /// Last such day.
    pub last_day: Option<NaiveDate>,
}

/// What a batch adds to one day of one client; less than nothing where it takes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Trades.
    pub trade_count: i32,
    /// Of those, in another currency than the book's.
    pub other_currency_count: i32,
    /// Money bought for, in the book's currency.
    pub buy_amount: Decimal,
    /// Money sold for, in the book's currency.
    pub sell_amount: Decimal,
    /// Commission, in the book's currency.
    pub commission: Decimal,
    /// Trades in the book's currency that carried a commission.
    pub commission_count: i32,
}

/// A client, a day, and what a batch adds to it.
pub type DayDelta = (ClientId, NaiveDate, Delta);

/// What a batch adds to the running statistics of one client.
#[derive(Clone, Debug)]
pub struct StatisticsDelta {
    /// Whose.
    pub client_id: ClientId,
    /// Active days.
    pub active_days: i32,
    /// The sums of its days.
    pub sums: Delta,
    /// First active day from now on.
    pub first_day: Option<NaiveDate>,
    /// Last active day from now on.
    pub last_day: Option<NaiveDate>,
}

/// A trade of a client. (c2)
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
#[schema(as = TradeView)]
pub struct Trade {
    /// Id. (c1)
    pub trade_id: TradeId,
    /// Where it came from. (c1)
    #[schema(example = "api")]
    pub source: String,
    /// The source's own id, unique per client and source. (c1)
    #[schema(example = "T20260302-000001")]
    pub external_id: String,
    /// The instant of execution.
    pub executed_at: DateTime<Utc>,
    /// The trading day that instant belongs to.
    pub trade_day: NaiveDate,
    /// What it did.
    pub side: Side,
    /// The instrument's code.
    #[schema(example = "600519.SH")]
    pub instrument: String,
    /// The kind of product, where known.
    #[schema(example = "stock")]
    pub product_type: Option<String>,
    /// The fund account it went through, where known.
    #[schema(example = "8001234501")]
    pub fund_account_no: Option<String>,
    /// The currency of all money in the trade. (c1)
    pub currency: Currency,
    /// Units.
    pub quantity: Option<Amount>,
    /// Money per unit.
    pub price: Option<Amount>,
    /// Money that changed hands before fees.
    pub amount: Amount,
    /// Commission 佣金.
    pub commission: Option<Amount>,
    /// Exchange fees 规费.
    pub exchange_fee: Option<Amount>,
    /// Stamp duty 印花税.
    pub stamp_duty: Option<Amount>,
    /// Transfer fee 过户费.
    pub transfer_fee: Option<Amount>,
    /// Whether it was taken back; then it counts in no figure. (c1)
    pub reversed: bool,
    /// When it came in. (c1)
    pub recorded_at: DateTime<Utc>,
}

/// Which of a client's trades to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TradeFilter {
    /// Of this side.
    #[param(inline)]
    #[serde(default)]
    pub side: Option<Side>,
    /// Of this instrument.
    #[param(min_length = 1, max_length = 64)]
    #[serde(default)]
    pub instrument: Option<String>,
    /// Of this kind of product.
    #[param(min_length = 1, max_length = 64)]
    #[serde(default)]
    pub product_type: Option<String>,
    /// Executed at this instant or later.
    #[serde(default)]
    pub executed_from: Option<DateTime<Utc>>,
    /// Executed before this instant.
    #[serde(default)]
    pub executed_to: Option<DateTime<Utc>>,
}

/// Where a page of trades ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TradePlace {
    /// The last one's instant.
    pub executed_at: DateTime<Utc>,
    /// The last one.
    pub trade_id: TradeId,
}
