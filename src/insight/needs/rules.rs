//! The trading profile: one pure function of a client's trades and a window.

mod activity;
mod gaps;
mod lots;
mod realised;
mod spread;
#[cfg(test)]
mod tests;

use rust_decimal::Decimal;

use super::model::{Gap, ProfileTrade, TradingProfile, Window};

/// Decimals kept of shares, rates, ratios and days.
const RATIO_DECIMALS: u32 = 10;
/// Decimals kept of money that comes out of a division; prices have as many.
const MONEY_DECIMALS: u32 = 8;

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

/// `part / whole` to ten decimals, `None` when the whole is zero.
fn ratio(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_div(whole).map(rounded_ratio)
}

fn rounded_ratio(value: Decimal) -> Decimal {
    value.round_dp(RATIO_DECIMALS).normalize()
}

fn rounded_money(value: Decimal) -> Decimal {
    value.round_dp(MONEY_DECIMALS).normalize()
}

/// A count as it is answered.
fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The median of `values`, the mean of the middle two for an even count; `None` of none.
fn median(mut values: Vec<Decimal>) -> Option<Decimal> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(lower + (upper - lower) / Decimal::TWO)
}

/// Notes a gap where a figure is missing.
fn note(gaps: &mut Vec<Gap>, missing: bool, gap: Gap) {
    if missing {
        gaps.push(gap);
    }
}
