//! What closed positions brought.

use rust_decimal::Decimal;

use super::super::model::{Gap, ProfileTrade, Realised, Side, Window};
use super::lots::{Closing, LotBook};
use super::numbers::{median, note, ratio, rounded_money, rounded_ratio, whole};

const BOOKED_DECIMALS: u32 = 4;

/// Runs the whole known history through the lots and reports the closings that lie in the window.
pub(super) fn realised<'a>(
    known: impl Iterator<Item = &'a ProfileTrade> + Clone,
    window: Window,
    gaps: &mut Vec<Gap>,
) -> Realised {
    note_what_lots_cannot_see(known.clone(), window, gaps);
    let mut book = LotBook::default();
    let closings: Vec<Closing> =
        known.filter_map(|trade| book.apply(trade).filter(|_| window.contains(trade.trade_day))).collect();
    let unmatched: Decimal = closings.iter().map(|closing| closing.unmatched).sum();
    note(gaps, unmatched > Decimal::ZERO, Gap::UnmatchedSells);
    let matched: Vec<Closing> = closings.into_iter().filter(|closing| closing.matched > Decimal::ZERO).collect();
    let of_matched = if matched.is_empty() {
        gaps.push(Gap::NoMatchedSells);
        Realised::default()
    } else {
        figures(&matched, gaps)
    };
    Realised { unmatched_sell_quantity: unmatched.normalize(), ..of_matched }
}

fn figures(matched: &[Closing], gaps: &mut Vec<Gap>) -> Realised {
    let sum = |field: fn(&Closing) -> Decimal| matched.iter().map(field).sum::<Decimal>();
    let (cost, profit) = (sum(|closing| closing.cost), sum(|closing| closing.profit));
    let wins = matched.iter().filter(|closing| is_win(closing)).count();
    let returns = matched.iter().filter_map(|closing| closing.profit.checked_div(closing.cost)).collect();
    note(gaps, cost.is_zero(), Gap::NoCost);
    Realised {
        matched_sells: whole(matched.len()),
        realised_profit: Some(rounded_money(profit)),
        realised_return_on_cost: ratio(profit, cost),
        median_return_on_cost: median(returns).map(rounded_ratio),
        win_rate: ratio(Decimal::from(wins), Decimal::from(matched.len())),
        average_holding_days: ratio(sum(|closing| closing.cost_days), cost),
        ..Realised::default()
    }
}

/// Amounts are booked with four decimals; a profit below that is what a division left over, not a win.
fn is_win(closing: &Closing) -> bool {
    closing.profit.round_dp(BOOKED_DECIMALS) > Decimal::ZERO
}

fn note_what_lots_cannot_see<'a>(
    known: impl Iterator<Item = &'a ProfileTrade> + Clone,
    window: Window,
    gaps: &mut Vec<Gap>,
) {
    let moves_lots = |side: Side| side.opens_lot().is_some() || side.closes_lot().is_some();
    let mut moving = known.clone().filter(|trade| moves_lots(trade.side)).peekable();
    if moving.peek().is_some() {
        let (with, without): (Vec<_>, Vec<_>) = moving.partition(|trade| trade.quantity.is_some());
        note(gaps, with.is_empty(), Gap::NoQuantities);
        note(gaps, !with.is_empty() && !without.is_empty(), Gap::SomeQuantitiesMissing);
    }
    // A conversion long ago still leaves today's redemptions without lots; an option only matters while it is traded.
    note(gaps, known.clone().any(|trade| trade.side == Side::Convert), Gap::ConversionsNotFollowed);
    let is_option = |trade: &ProfileTrade| matches!(trade.side, Side::OptionOpen | Side::OptionClose);
    note(gaps, known.clone().any(|t| is_option(t) && window.contains(t.trade_day)), Gap::OptionsNotFollowed);
}
