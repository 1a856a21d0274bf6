//! Use cases of needs analysis.

use chrono::NaiveDate;

use super::model::{TradingProfile, Window};
use super::{rules, store};
use platform::db::Read;
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::money::Currency;

/// Days of a window when the caller does not say.
pub const DEFAULT_WINDOW_DAYS: u32 = 365;

/// The trading profile of a client, and what it leaves out.
#[derive(Clone, Debug)]
pub struct ClientProfile {
    /// Whose it is.
    pub client_id: ClientId,
    /// The last trading day that counts.
    pub as_of: NaiveDate,
    /// Calendar days of the window that ends with it.
    pub window_days: u32,
    /// Of every amount.
    pub currency: Currency,
    /// The figures.
    pub profile: TradingProfile,
    /// Trades of the window in other currencies; in none of the figures.
    pub other_currency_trades: u32,
}

/// The trading profile of a client: from trades that stand, in the book's currency, up to `as_of`.
pub async fn profile(
    read: &mut Read,
    client_id: ClientId,
    as_of: AsOf,
    window_days: u32,
) -> Result<ClientProfile, Error> {
    let (calendar, currency) = (*read.calendar(), read.db().currency().clone());
    let window = Window::ending(as_of.day(&calendar), window_days);
    let (conn, scope) = read.scoped();
    let trades = store::trades(conn, scope, client_id, as_of.before(&calendar)).await?;
    let trades = trades.ok_or_else(Error::not_found)?;
    let (book, other): (Vec<_>, Vec<_>) = trades.into_iter().partition(|trade| trade.currency == currency.0);
    let other = other.iter().filter(|trade| window.contains(trade.trade.trade_day)).count();
    let book: Vec<_> = book.into_iter().map(|trade| trade.trade).collect();
    Ok(ClientProfile {
        client_id,
        as_of: window.as_of,
        window_days,
        currency,
        profile: rules::trading_profile(&book, window),
        other_currency_trades: u32::try_from(other).unwrap_or(u32::MAX),
    })
}
