//! What the figures of a profile are made with.

use chrono::TimeDelta;
use rust_decimal::{Decimal, dec};

use super::super::model::Gap;

const SECONDS_PER_DAY: Decimal = dec!(86_400);
/// Decimals kept of shares, rates, ratios and days.
const RATIO_DECIMALS: u32 = 10;
/// Decimals kept of money that comes out of a division; prices have as many.
const MONEY_DECIMALS: u32 = 8;

/// `part / whole` to ten decimals, `None` when the whole is zero.
pub(super) fn ratio(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_div(whole).map(rounded_ratio)
}

pub(super) fn rounded_ratio(value: Decimal) -> Decimal {
    value.round_dp(RATIO_DECIMALS).normalize()
}

pub(super) fn rounded_money(value: Decimal) -> Decimal {
    value.round_dp(MONEY_DECIMALS).normalize()
}

/// A count as it is answered.
pub(super) fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The median of `values`, the mean of the middle two for an even count; `None` of none.
pub(super) fn median(mut values: Vec<Decimal>) -> Option<Decimal> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(lower + (upper - lower) / Decimal::TWO)
}

/// Notes a gap where a figure is missing.
pub(super) fn note(gaps: &mut Vec<Gap>, missing: bool, gap: Gap) {
    if missing {
        gaps.push(gap);
    }
}

/// A span of time in days of 24 hours.
pub(super) fn days(span: TimeDelta) -> Decimal {
    (Decimal::from(span.num_seconds()) + Decimal::new(span.subsec_nanos().into(), 9)) / SECONDS_PER_DAY
}
