//! What a trading profile is made from, and what it says.
//!
//! Money is in one currency, chosen by the caller. Quantities and money are exact decimals; they are expected below
//! 10^15, which leaves room for every sum. Shares, rates and ratios are fractions (0.25 is a quarter), rounded to ten
//! decimals.

use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use book::trades::{Position, Side};

/// One trade as the profile reads it; reversed trades and other currencies are left out beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfileTrade {
    /// The instant of execution.
    pub executed_at: DateTime<Utc>,
    /// The trading day that instant belongs to, in the exchange's time zone.
    pub trade_day: NaiveDate,
    /// What the trade did.
    pub side: Side,
    /// The instrument's code.
    pub instrument: String,
    /// The kind of product, where known.
    pub product_type: Option<String>,
    /// Units traded, not negative; `None` where the source has none.
    pub quantity: Option<Decimal>,
    /// Money per unit with all its digits. Values a lot where it is the same money as `amount` to four decimals, which
    /// is all that an amount books of an average price; otherwise (bonds, funds, a rounded price) the amount does.
    pub price: Option<Decimal>,
    /// Money that changed hands before fees, not negative.
    pub amount: Decimal,
}

/// The trading days a profile speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The last day before the window.
    pub from: NaiveDate,
    /// The last day in the window; later trades are not known yet.
    pub as_of: NaiveDate,
}

impl Window {
    /// The `days` calendar days that end with `as_of`.
    pub fn ending(as_of: NaiveDate, days: u32) -> Self {
        let from = as_of.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN);
        Self { from, as_of }
    }

    /// Whether a trading day lies in the window.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from < day && day <= self.as_of
    }

    /// Length in calendar days.
    pub fn days(self) -> i64 {
        (self.as_of - self.from).num_days()
    }
}

/// How a client trades within a window: what was done, with what, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TradingProfile {
    /// The days it speaks of.
    pub window: Window,
    /// How often and how much.
    #[serde(flatten)]
    pub activity: Activity,
    /// Spread over products, sides and instruments.
    #[serde(flatten)]
    pub spread: Spread,
    /// What closed positions brought.
    #[serde(flatten)]
    pub realised: Realised,
    /// Regular plans, reverse repos and new-share subscriptions; in none of the figures of activity and spread.
    pub apart: Vec<SideFigures>,
    /// Why figures are absent or incomplete; each once, in the order of [`Gap`].
    pub gaps: Vec<Gap>,
}

/// How often and how much a client trades.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Distinct trading days with a trade.
    pub active_days: u32,
    /// Trades (fills).
    pub trades: u32,
    /// Trades by which securities came in.
    pub buys: u32,
    /// Trades by which securities went out.
    pub sells: u32,
    /// Days the rate divides by: first to last trade in exact instants where the window covers all of the client's
    /// trades, else the length of the window.
    pub observed_days: Option<Decimal>,
    /// Trades per thirty observed days.
    pub trades_per_30_days: Option<Decimal>,
    /// Sum of amounts, money.
    pub turnover: Decimal,
    /// Mean amount of a trade, money.
    pub average_ticket: Option<Decimal>,
    /// Median amount of a trade, money; the mean of the middle two for an even count.
    pub median_ticket: Option<Decimal>,
    /// (bought − sold) / (bought + sold) by amount: −1 only sold, 1 only bought.
    pub buy_sell_balance: Option<Decimal>,
}

/// Where the turnover goes. Lists are ordered by turnover, largest first, then by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// By product type; `None` holds what has no type.
    pub product_mix: Vec<ProductShare>,
    /// By side.
    pub side_mix: Vec<SideFigures>,
    /// The ten instruments with most turnover.
    pub top_instruments: Vec<InstrumentShare>,
    /// Distinct instruments traded.
    pub instruments: u32,
    /// Herfindahl–Hirschman index: sum of squared turnover shares of instruments, 1/n … 1.
    pub hhi: Option<Decimal>,
}

/// The turnover of one product type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductShare {
    /// The type; `None` for trades without one.
    pub product_type: Option<String>,
    /// Money.
    pub turnover: Decimal,
    /// Of all turnover; `None` when that is zero.
    pub share: Option<Decimal>,
}

/// The trades of one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideFigures {
    /// The side.
    pub side: Side,
    /// How many.
    pub trades: u32,
    /// Money.
    pub turnover: Decimal,
    /// Of the turnover of the list it stands in; `None` when that is zero.
    pub share: Option<Decimal>,
}

/// The turnover of one instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstrumentShare {
    /// The instrument's code.
    pub instrument: String,
    /// Money.
    pub turnover: Decimal,
    /// Of all turnover; `None` when that is zero.
    pub share: Option<Decimal>,
}

/// What closed positions brought, first in first out, before fees. A "sell" here is any trade that closes a position:
/// sell, sell to repay, redeem, and buy to cover for what was sold short. It belongs to the window in which it lies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Realised {
    /// Sells of which at least a part met a known opening lot.
    pub matched_sells: u32,
    /// Units sold, over all instruments, for which no opening lot is known. They enter no other figure.
    pub unmatched_sell_quantity: Decimal,
    /// Proceeds of the matched quantity less its cost, money.
    pub realised_profit: Option<Decimal>,
    /// Profit over the cost of the matched quantity; the opening proceeds are the "cost" of a short position.
    pub realised_return_on_cost: Option<Decimal>,
    /// Median over matched sells of profit / cost.
    pub median_return_on_cost: Option<Decimal>,
    /// Matched sells with a profit above zero, of all matched sells; breaking even is not a win.
    pub win_rate: Option<Decimal>,
    /// Days (24 h) from opening to closing instant, weighted by the cost of the matched quantity.
    pub average_holding_days: Option<Decimal>,
}

/// Why a figure is absent or incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// No trade of the client's own decision in the window.
    NoTrades,
    /// All trades lie within one day: a rate would be an extrapolation.
    SpanTooShort,
    /// All amounts are zero.
    NoTurnover,
    /// Neither bought nor sold money in the window.
    NoBuysOrSells,
    /// Some trades in the window have no product type.
    ProductTypesMissing,
    /// No trade up to now that opens or closes a position has a quantity.
    NoQuantities,
    /// Some of them have none; they open and close nothing.
    SomeQuantitiesMissing,
    /// No sell in the window met a known opening lot.
    NoMatchedSells,
    /// Some sold quantity in the window has no known opening lot.
    UnmatchedSells,
    /// All that was sold had cost nothing.
    NoCost,
    /// Fund conversions happened; their lots are not carried over.
    ConversionsNotFollowed,
    /// Options were traded; their result is not in the realised figures.
    OptionsNotFollowed,
}
