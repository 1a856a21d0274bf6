//! The trading profile: one pure function of a client's trades and a window.

mod activity;
mod gaps;
mod lots;
mod numbers;
mod realised;
#[cfg(test)]
mod sample;
mod spread;
#[cfg(test)]
mod tests;

use super::model::{ProfileTrade, TradingProfile, Window};

/// The trading profile of one client.
///
/// `trades` is the client's whole history up to the end of the window, ordered by (execution instant, id): what is sold
/// inside the window may have been bought long before it. Trades after `window.as_of` are ignored. Runs once over the
/// history.
pub fn trading_profile(trades: &[ProfileTrade], window: Window) -> TradingProfile {
    let known = || trades.iter().filter(|trade| trade.trade_day <= window.as_of);
    let (apart, own): (Vec<_>, Vec<_>) =
        known().filter(|trade| window.contains(trade.trade_day)).partition(|trade| trade.side.is_apart());
    let traded_before = known().any(|trade| !trade.side.is_apart() && trade.trade_day <= window.from);

    let mut gaps = Vec::new();
    let activity = activity::activity(&own, traded_before, window, &mut gaps);
    let spread = spread::spread(&own, &mut gaps);
    let realised = realised::realised(known(), window, &mut gaps);
    gaps.sort_unstable();
    gaps.dedup();
    TradingProfile { window, activity, spread, realised, apart: spread::by_side(&apart), gaps }
}
