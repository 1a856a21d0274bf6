//! End-of-day balances: the last 25 trading days, and the month-ends of the year before.

use chrono::Datelike;
use rust_decimal::Decimal;

use super::account::Account;
use super::market::Market;
use super::record::{Balance, Client};

/// Trading days at the end of the book with a balance each: more than the 20 that tiers average.
const DAILY: usize = 25;
/// Trading days, about 13 months, of which the month-ends have a balance.
const MONTHLY: usize = 265;

/// The balances of one client so far.
pub(super) struct History {
    /// For each day whether it is noted.
    wanted: Vec<bool>,
    /// In date order.
    pub balances: Vec<Balance>,
}

impl History {
    /// Nothing noted yet.
    pub(super) fn new(market: &Market) -> Self {
        let days = &market.days;
        let ends_month = |day: usize| days.get(day + 1).is_some_and(|next| next.month() != days[day].month());
        let wanted = (0..days.len()).map(|day| {
            let left = days.len() - day;
            left <= DAILY || (left <= MONTHLY && ends_month(day))
        });
        Self { wanted: wanted.collect(), balances: Vec::new() }
    }

    /// Notes the balance at the end of a day, if it is one of those.
    pub(super) fn note(&mut self, day: usize, account: &Account, market: &Market, client: &Client) {
        if !self.wanted[day] {
            return;
        }
        let market_value = account.market_value(market, day);
        // A share below 1 of an amount far below 2^53 cents.
        let liabilities = (market_value as f64 * account.financed_share).round() as i64;
        let total = account.cash + market_value;
        self.balances.push(Balance {
            client_no: client.client_no.clone(),
            day: market.days[day],
            total: Decimal::new(total, 2),
            net_assets: Decimal::new(total - liabilities, 2),
            cash: Decimal::new(account.cash, 2),
            market_value: Decimal::new(market_value, 2),
            liabilities: Decimal::new(liabilities, 2),
            currency: "CNY",
        });
    }
}
