//! Where the turnover goes: products, sides, instruments, and how concentrated it is.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::model::{Gap, InstrumentShare, ProductShare, ProfileTrade, SideFigures, Spread};
use super::numbers::{note, ratio, rounded_ratio, whole};

const TOP_INSTRUMENTS: usize = 10;

/// How the turnover of `trades` is spread.
pub(super) fn spread(trades: &[&ProfileTrade], gaps: &mut Vec<Gap>) -> Spread {
    let total = turnover(trades);
    let instruments = group(trades, |trade| trade.instrument.as_str());
    note(gaps, !trades.is_empty() && total.is_zero(), Gap::NoTurnover);
    note(gaps, trades.iter().any(|trade| trade.product_type.is_none()), Gap::ProductTypesMissing);
    Spread {
        product_mix: by_product(trades, total),
        side_mix: by_side(trades),
        instruments: whole(instruments.len()),
        hhi: hhi(&instruments, total),
        top_instruments: top_instruments(instruments, total),
    }
}

/// The trades of each side, with their share of the turnover of `trades`.
pub(super) fn by_side(trades: &[&ProfileTrade]) -> Vec<SideFigures> {
    let total = turnover(trades);
    let figures = |(side, (count, turnover)): (_, (u32, Decimal))| SideFigures {
        side,
        trades: count,
        turnover: turnover.normalize(),
        share: ratio(turnover, total),
    };
    group(trades, |trade| trade.side).into_iter().map(figures).collect()
}

fn by_product(trades: &[&ProfileTrade], total: Decimal) -> Vec<ProductShare> {
    let share = |(product_type, (_, turnover)): (Option<&str>, (u32, Decimal))| ProductShare {
        product_type: product_type.map(str::to_owned),
        turnover: turnover.normalize(),
        share: ratio(turnover, total),
    };
    group(trades, |trade| trade.product_type.as_deref()).into_iter().map(share).collect()
}

fn top_instruments(instruments: Vec<(&str, (u32, Decimal))>, total: Decimal) -> Vec<InstrumentShare> {
    let share = |(instrument, (_, turnover)): (&str, (u32, Decimal))| InstrumentShare {
        instrument: instrument.to_owned(),
        turnover: turnover.normalize(),
        share: ratio(turnover, total),
    };
    instruments.into_iter().take(TOP_INSTRUMENTS).map(share).collect()
}

/// The sum of squared shares, rounded once at the end.
fn hhi(instruments: &[(&str, (u32, Decimal))], total: Decimal) -> Option<Decimal> {
    let squared = |(_, (_, turnover)): &(&str, (u32, Decimal))| turnover.checked_div(total).map(|share| share * share);
    let sum: Option<Decimal> = instruments.iter().map(squared).sum();
    sum.filter(|_| !instruments.is_empty()).map(rounded_ratio)
}

fn turnover(trades: &[&ProfileTrade]) -> Decimal {
    trades.iter().map(|trade| trade.amount).sum()
}

/// Count and turnover by key, most turnover first; equal turnover in the order of the keys.
fn group<'a, K: Ord>(trades: &[&'a ProfileTrade], key: impl Fn(&'a ProfileTrade) -> K) -> Vec<(K, (u32, Decimal))> {
    let mut groups = BTreeMap::<K, (u32, Decimal)>::new();
    for trade in trades {
        let (count, turnover) = groups.entry(key(trade)).or_default();
        *count += 1;
        *turnover += trade.amount;
    }
    let mut ordered: Vec<_> = groups.into_iter().collect();
    ordered.sort_by_key(|(_, (_, turnover))| Reverse(*turnover));
    ordered
}
