//! How often and how much: counts, tickets, the rate of trading.

use std::collections::BTreeSet;

use rust_decimal::{Decimal, dec};

use super::super::model::{Activity, Gap, ProfileTrade, Side, Window};
use super::numbers::{days, median, note, ratio, rounded_money, rounded_ratio, whole};

const RATE_DAYS: Decimal = dec!(30);

/// The figures of `trades`, all of which lie in the window; `traded_before` says whether the client also traded before
/// it.
pub(super) fn activity(trades: &[&ProfileTrade], traded_before: bool, window: Window, gaps: &mut Vec<Gap>) -> Activity {
    if trades.is_empty() {
        gaps.push(Gap::NoTrades);
        return Activity::default();
    }
    let count = whole(trades.len());
    let turnover: Decimal = trades.iter().map(|trade| trade.amount).sum();
    let (buys, bought) = of_side(trades, Side::is_buy);
    let (sells, sold) = of_side(trades, Side::is_sell);
    let observed_days = observed_days(trades, traded_before, window);
    let buy_sell_balance = ratio(bought - sold, bought + sold);
    note(gaps, observed_days.is_none(), Gap::SpanTooShort);
    note(gaps, buy_sell_balance.is_none(), Gap::NoBuysOrSells);
    Activity {
        active_days: whole(trades.iter().map(|trade| trade.trade_day).collect::<BTreeSet<_>>().len()),
        trades: count,
        buys,
        sells,
        observed_days: observed_days.map(rounded_ratio),
        trades_per_30_days: observed_days.and_then(|days| ratio(Decimal::from(count) * RATE_DAYS, days)),
        turnover: turnover.normalize(),
        average_ticket: Some(rounded_money(turnover / Decimal::from(count))),
        median_ticket: median(trades.iter().map(|trade| trade.amount).collect()).map(rounded_money),
        buy_sell_balance,
    }
}

fn of_side(trades: &[&ProfileTrade], wanted: fn(Side) -> bool) -> (u32, Decimal) {
    let amounts = trades.iter().filter(|trade| wanted(trade.side)).map(|trade| trade.amount);
    amounts.fold((0, Decimal::ZERO), |(count, sum), amount| (count + 1, sum + amount))
}

/// The days the client could be seen trading. A client who traded before the window was there for all of it. Otherwise
/// the window holds the client's whole life, which runs from the first to the last trade; under one day it gives no
/// rate.
fn observed_days(trades: &[&ProfileTrade], traded_before: bool, window: Window) -> Option<Decimal> {
    if traded_before {
        return Some(Decimal::from(window.days()));
    }
    let span = days(trades.last()?.executed_at - trades.first()?.executed_at);
    (span >= Decimal::ONE).then_some(span)
}
