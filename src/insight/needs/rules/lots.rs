//! First in, first out: what was opened first is closed first, for long and short positions apart.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use rust_decimal::{Decimal, dec};

use super::super::model::{Position, ProfileTrade};
use super::numbers::days;

/// Decimals of a part of a lot. Few enough that sums of parts stay exact, so that all parts of a lot add up to the lot.
const PART_DECIMALS: u32 = 12;
/// Half of the last of the four decimals amounts are booked with: so far may price × quantity lie from the amount.
const BOOKING_TOLERANCE: Decimal = dec!(0.00005);

/// The open lots of one client.
#[derive(Debug, Default)]
pub(super) struct LotBook<'a> {
    lots: BTreeMap<(&'a str, Position), VecDeque<Lot>>,
}

/// What is left of one opening trade.
#[derive(Debug)]
struct Lot {
    opened_at: DateTime<Utc>,
    quantity: Decimal,
    value: Decimal,
}

/// What one closing trade met.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Closing {
    /// Units that met opening lots.
    pub matched: Decimal,
    /// Units that met none.
    pub unmatched: Decimal,
    /// Opening value of the matched units, money.
    pub cost: Decimal,
    /// Money won on the matched units.
    pub profit: Decimal,
    /// Opening value × days held, summed over the matched lots.
    pub cost_days: Decimal,
}

impl<'a> LotBook<'a> {
    /// Takes the next trade; answers what it closed, if it closes anything. Without a quantity it opens and closes
    /// nothing.
    pub(super) fn apply(&mut self, trade: &'a ProfileTrade) -> Option<Closing> {
        let quantity = trade.quantity.filter(|quantity| *quantity > Decimal::ZERO)?;
        let value = value(trade, quantity);
        if let Some(position) = trade.side.opens_lot() {
            let lot = Lot { opened_at: trade.executed_at, quantity, value };
            self.lots.entry((&trade.instrument, position)).or_default().push_back(lot);
            return None;
        }
        let position = trade.side.closes_lot()?;
        let mut closing = self.take(&trade.instrument, position, quantity, trade.executed_at);
        let matched_value = part(value, closing.matched, quantity);
        closing.profit = match position {
            Position::Long => matched_value - closing.cost,
            Position::Short => closing.cost - matched_value,
        };
        Some(closing)
    }

    /// Takes `quantity` from the oldest lots; every lot is dropped once, so a history costs one pass.
    fn take(&mut self, instrument: &'a str, position: Position, quantity: Decimal, at: DateTime<Utc>) -> Closing {
        let mut closing = Closing { unmatched: quantity, ..Closing::default() };
        let Some(lots) = self.lots.get_mut(&(instrument, position)) else { return closing };
        while closing.unmatched > Decimal::ZERO
            && let Some(lot) = lots.front_mut()
        {
            let taken = closing.unmatched.min(lot.quantity);
            let cost = part(lot.value, taken, lot.quantity);
            lot.quantity -= taken;
            lot.value -= cost;
            closing.matched += taken;
            closing.unmatched -= taken;
            closing.cost += cost;
            closing.cost_days += cost * days(at - lot.opened_at);
            if lot.quantity.is_zero() {
                lots.pop_front();
            }
        }
        closing
    }
}

/// The money of a trade: the booked amount, or price × quantity where that is the same money before it was rounded.
fn value(trade: &ProfileTrade, quantity: Decimal) -> Decimal {
    let unrounded = trade.price.and_then(|price| price.checked_mul(quantity));
    unrounded
        .filter(|unrounded| (unrounded - trade.amount).abs() <= BOOKING_TOLERANCE)
        .map_or(trade.amount, |unrounded| unrounded.round_dp(PART_DECIMALS))
}

/// The share of `value` that belongs to `taken` of `quantity` units: all of it for all of them, so that nothing is
/// lost.
fn part(value: Decimal, taken: Decimal, quantity: Decimal) -> Decimal {
    if taken == quantity {
        return value;
    }
    // Multiplying first keeps even parts exact; huge numbers have no room for that.
    let share = value.checked_mul(taken).map_or_else(|| value * (taken / quantity), |product| product / quantity);
    share.round_dp(PART_DECIMALS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::model::Side;
    use super::super::sample::trade;
    use super::*;

    /// Any few trades of two instruments, long and short, in order of time.
    fn histories() -> impl Strategy<Value = Vec<ProfileTrade>> {
        let sides = prop::sample::select(vec![Side::Buy, Side::Sell, Side::ShortSell, Side::BuyToCover]);
        let trades = (sides, prop::bool::ANY, 0i64..2_000, 0i64..10_000_000);
        prop::collection::vec(trades, 0..60).prop_map(|rows| {
            let history = rows.into_iter().enumerate().map(|(hour, (side, first, quantity, amount))| {
                let instrument = if first { "A" } else { "B" };
                trade(hour as i64, side, instrument, Decimal::new(quantity, 1), Decimal::new(amount, 4))
            });
            history.collect()
        })
    }

    fn sum(trades: &[ProfileTrade], wanted: impl Fn(&ProfileTrade) -> bool) -> Decimal {
        trades.iter().filter(|trade| wanted(trade)).filter_map(|trade| trade.quantity).sum()
    }

    proptest! {
        #[test]
        fn every_unit_and_every_penny_is_accounted_for(history in histories()) {
            let mut book = LotBook::default();
            let closings: Vec<_> = history.iter().filter_map(|trade| book.apply(trade)).collect();
            let remaining = || book.lots.values().flatten();

            let matched: Decimal = closings.iter().map(|closing| closing.matched).sum();
            let unmatched: Decimal = closings.iter().map(|closing| closing.unmatched).sum();
            let left: Decimal = remaining().map(|lot| lot.quantity).sum();
            prop_assert_eq!(sum(&history, |trade| trade.side.opens_lot().is_some()), matched + left);
            prop_assert_eq!(sum(&history, |trade| trade.side.closes_lot().is_some()), matched + unmatched);

            let opened = history.iter().filter(|t| t.side.opens_lot().is_some() && t.quantity > Some(Decimal::ZERO));
            let cost: Decimal = closings.iter().map(|closing| closing.cost).sum();
            let left: Decimal = remaining().map(|lot| lot.value).sum();
            prop_assert_eq!(opened.map(|trade| trade.amount).sum::<Decimal>(), cost + left);
        }

        #[test]
        fn selling_in_parts_brings_what_selling_at_once_brings(
            bought in prop::collection::vec((1i64..500, 0i64..1_000_000), 1..8),
            parts in prop::collection::vec(1i64..100, 1..8),
        ) {
            let buys: Vec<_> = bought.iter().map(|(quantity, amount)| {
                trade(0, Side::Buy, "A", Decimal::from(*quantity), Decimal::new(*amount, 2))
            }).collect();
            let sell = |quantity: i64| trade(24, Side::Sell, "A", Decimal::from(quantity), Decimal::from(3 * quantity));
            let in_parts: Vec<_> = parts.iter().map(|quantity| sell(*quantity)).collect();
            let at_once = [sell(parts.iter().sum())];
            let total = |sells: &[ProfileTrade]| {
                let history: Vec<_> = buys.iter().chain(sells).cloned().collect();
                let mut book = LotBook::default();
                let closings = history.iter().filter_map(|trade| book.apply(trade));
                closings.fold((Decimal::ZERO, Decimal::ZERO), |(profit, matched), closing| {
                    (profit + closing.profit, matched + closing.matched)
                })
            };
            let ((profit, matched), (profit_at_once, matched_at_once)) = (total(&in_parts), total(&at_once));
            prop_assert_eq!(matched, matched_at_once);
            prop_assert!((profit - profit_at_once).abs() < dec!(0.0000000001), "{} {}", profit, profit_at_once);
        }
    }

    #[test]
    fn a_price_refines_the_amount_only_where_both_are_the_same_money() {
        let mut fill = trade(0, Side::Buy, "A", dec!(3), dec!(10.0000));
        let mut value_at = |price| {
            fill.price = price;
            value(&fill, dec!(3))
        };
        assert_eq!(value_at(None), dec!(10));
        assert_eq!(value_at(Some(dec!(3.333_34))), dec!(10.000_02));
        assert_eq!(value_at(Some(dec!(3.333_4))), dec!(10));
        assert_eq!(value_at(Some(Decimal::MAX)), dec!(10));
        assert_eq!(value_at(Some(dec!(99.500_001))), dec!(10));
    }

    #[test]
    fn huge_numbers_are_divided_without_overflow() {
        let huge = dec!(999_999_999_999_999);
        assert_eq!(part(huge, huge - Decimal::ONE, huge).round(), huge - Decimal::ONE);
    }
}
