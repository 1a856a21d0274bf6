//! What comes in, as its sender put it: the bodies of the API, the rows of files and the demonstration book alike.
//! Nothing is required here; what an item must have is a rule, so that everything wrong with it is found at once.

mod text;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::text::{CodeText, KEY_MAX, KeyText, TEXT_MAX};
use book::trades::Side;
use platform::kernel::ids::ClientId;
use platform::kernel::money::{Amount, Currency, Money};

/// The feed of items whose sender names none: one a kind for the firm, whether they come as files or in batches.
pub const MAIN_FEED: &str = "main";

/// A trade; or, with `reverses`, the reversal of one, which then needs nothing but client, source and ids. (c2)
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_no": "80012345", "external_id": "T20260302-000001", "executed_at": "2026-03-02T02:15:00Z",
    "side": "buy", "instrument": "600519.SH", "quantity": "100", "price": "1480.50", "commission": "37.01"}))]
pub struct TradeInput {
    /// The client's number; or else `client_id`.
    #[schema(value_type = Option<KeyText>)]
    pub client_no: Option<String>,
    /// The client's id; or else `client_no`. (c1)
    pub client_id: Option<ClientId>,
    /// The feed the item belongs to; `main` when absent. (c1)
    #[schema(value_type = Option<KeyText>)]
    pub source: Option<String>,
    /// The feed's own id, unique per client and feed. The same item again changes nothing, by whichever way it comes.
    /// (c1)
    #[schema(value_type = KeyText)]
    pub external_id: Option<String>,
    /// The instant of execution, from 1970 until five minutes from now.
    pub executed_at: Option<DateTime<Utc>>,
    /// What the trade did.
    pub side: Option<Side>,
    /// The instrument's code.
    #[schema(value_type = Option<CodeText>)]
    pub instrument: Option<String>,
    /// The kind of product, as the firm names it.
    #[schema(value_type = Option<CodeText>)]
    pub product_type: Option<String>,
    /// The fund account it went through.
    #[schema(value_type = Option<CodeText>)]
    pub fund_account_no: Option<String>,
    /// The currency of all money in the trade; the book's when absent. Trades in another count as activity and are not
    /// added up. (c1)
    pub currency: Option<Currency>,
    /// Units.
    #[schema(value_type = Option<Amount>)]
    pub quantity: Option<Decimal>,
    /// As printed, good to half its last place; money per unit, but of reverse repos, bonds, options, funds and Stock
    /// Connect, which go by the amount.
    #[schema(value_type = Option<Amount>)]
    pub price: Option<Decimal>,
    /// Money that changed hands before fees; quantity × price, half-even to eight decimals, when absent. Where
    /// the price is money per unit the two must agree as far as their printed digits go.
    #[schema(value_type = Option<Amount>)]
    pub amount: Option<Decimal>,
    /// Commission 佣金.
    #[schema(value_type = Option<Amount>)]
    pub commission: Option<Decimal>,
    /// Exchange fees 规费.
    #[schema(value_type = Option<Amount>)]
    pub exchange_fee: Option<Decimal>,
    /// Stamp duty 印花税.
    #[schema(value_type = Option<Amount>)]
    pub stamp_duty: Option<Decimal>,
    /// Transfer fee 过户费.
    #[schema(value_type = Option<Amount>)]
    pub transfer_fee: Option<Decimal>,
    /// Takes the trade with this `external_id`, of the same client and source, back. It may arrive before its trade.
    /// (c1)
    #[schema(value_type = Option<KeyText>)]
    pub reverses: Option<String>,
}

/// What a client held at the end of a trading day. (c2)
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_no": "80012345", "trade_day": "2026-03-02", "total_assets": "1250000.00",
    "cash": "150000.00", "market_value": "1100000.00", "liabilities": "0"}))]
pub struct BalanceInput {
    /// The client's number; or else `client_id`.
    #[schema(value_type = Option<KeyText>)]
    pub client_no: Option<String>,
    /// The client's id; or else `client_no`. (c1)
    pub client_id: Option<ClientId>,
    /// The feed the item belongs to; `main` when absent. (c1)
    #[schema(value_type = Option<KeyText>)]
    pub source: Option<String>,
    /// The trading day, from 1970 until today.
    #[schema(value_type = NaiveDate)]
    pub trade_day: Option<NaiveDate>,
    /// The fund account; the client as a whole when absent.
    #[schema(value_type = Option<CodeText>)]
    pub fund_account_no: Option<String>,
    /// The book's currency, and no other. (c1)
    pub currency: Option<Currency>,
    /// Everything owned.
    #[schema(value_type = Amount)]
    pub total_assets: Option<Decimal>,
    /// What would be left after paying all debts: never more than the total, and to the cent the total less liabilities
    /// where they are sent. Total less liabilities when absent.
    #[schema(value_type = Option<Money>)]
    pub net_assets: Option<Decimal>,
    /// Cash.
    #[schema(value_type = Option<Money>)]
    pub cash: Option<Decimal>,
    /// Securities at market prices.
    #[schema(value_type = Option<Money>)]
    pub market_value: Option<Decimal>,
    /// Debts, zero or more.
    #[schema(value_type = Option<Amount>)]
    pub liabilities: Option<Decimal>,
}

/// An item that names the client it belongs to.
pub trait OfClient {
    /// By the firm's own number.
    fn client_no(&self) -> Option<&str>;
    /// By id.
    fn client_id(&self) -> Option<ClientId>;
    /// The fund account it names.
    fn fund_account_no(&self) -> Option<&str>;
}

macro_rules! of_client {
    ($($item:ident),*) => {$(
        impl OfClient for $item {
            fn client_no(&self) -> Option<&str> {
                self.client_no.as_deref()
            }

            fn client_id(&self) -> Option<ClientId> {
                self.client_id
            }

            fn fund_account_no(&self) -> Option<&str> {
                self.fund_account_no.as_deref()
            }
        }
    )*};
}
of_client!(TradeInput, BalanceInput);
