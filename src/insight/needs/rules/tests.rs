//! Small histories whose figures can be worked out by hand.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

use super::super::model::{Gap, ProfileTrade, Side, SideFigures, TradingProfile, Window};
use super::sample::trade;
use super::trading_profile;

fn day(of_2025: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).expect("a date") + Days::new(of_2025)
}

fn whole_life() -> Window {
    Window::ending(day(364), 36_500)
}

/// Two buys, a sell across both of them, a sell of more than is left; two instruments.
fn history() -> Vec<ProfileTrade> {
    vec![
        trade(0, Side::Buy, "A", dec!(100), dec!(1000)),
        trade(24, Side::Buy, "A", dec!(100), dec!(2000)),
        trade(48, Side::Buy, "B", dec!(10), dec!(500)),
        trade(72, Side::Sell, "A", dec!(150), dec!(3000)),
        trade(240, Side::Sell, "A", dec!(80), dec!(800)),
    ]
}

#[test]
fn a_history_by_hand() {
    let profile = trading_profile(&history(), whole_life());
    let activity = &profile.activity;
    assert_eq!((activity.trades, activity.buys, activity.sells, activity.active_days), (5, 3, 2, 5));
    assert_eq!(activity.observed_days, Some(dec!(10)));
    assert_eq!(activity.trades_per_30_days, Some(dec!(15)));
    assert_eq!(activity.turnover, dec!(7300));
    assert_eq!(activity.average_ticket, Some(dec!(1460)));
    assert_eq!(activity.median_ticket, Some(dec!(1000)));
    assert_eq!(activity.buy_sell_balance, Some(dec!(-0.0410958904)));

    let spread = &profile.spread;
    assert_eq!(spread.top_instruments[0].instrument, "A");
    assert_eq!(spread.top_instruments[0].share, Some(dec!(0.9315068493)));
    assert_eq!(spread.hhi, Some(dec!(0.872396322)));

    // First sell: 100 at 10 held three days, 50 at 20 held two. Second: 50 at 20 for 10 held nine days, 30 unknown.
    let realised = &profile.realised;
    assert_eq!((realised.matched_sells, realised.unmatched_sell_quantity), (2, dec!(30)));
    assert_eq!(realised.realised_profit, Some(dec!(500)));
    assert_eq!(realised.realised_return_on_cost, Some(dec!(0.1666666667)));
    assert_eq!(realised.median_return_on_cost, Some(dec!(0)));
    assert_eq!(realised.win_rate, Some(dec!(0.5)));
    assert_eq!(realised.average_holding_days, ratio_of(1000 * 3 + 1000 * 2 + 1000 * 9, 3000));
    assert_eq!(profile.gaps, [Gap::UnmatchedSells]);
}

fn ratio_of(part: i64, whole: i64) -> Option<Decimal> {
    super::numbers::ratio(Decimal::from(part), Decimal::from(whole))
}

#[test]
fn a_sell_belongs_to_its_window_and_its_lots_to_the_whole_history() {
    let profile = trading_profile(&history(), Window { from: day(3), as_of: day(10) });
    assert_eq!((profile.activity.trades, profile.realised.matched_sells), (1, 1));
    assert_eq!(profile.realised.realised_profit, Some(dec!(-500)));
    assert_eq!(profile.activity.observed_days, Some(dec!(7)));
    let before = trading_profile(&history(), Window { from: day(0), as_of: day(2) });
    assert_eq!(before.realised.matched_sells, 0);
    assert_eq!(before.realised.realised_profit, None);
    assert_eq!(before.gaps, [Gap::NoMatchedSells]);
}

#[test]
fn short_positions_have_lots_of_their_own() {
    let trades = [
        trade(0, Side::Buy, "A", dec!(10), dec!(100)),
        trade(1, Side::ShortSell, "A", dec!(10), dec!(120)),
        trade(25, Side::BuyToCover, "A", dec!(10), dec!(90)),
        trade(49, Side::BuyToCover, "A", dec!(5), dec!(45)),
    ];
    let profile = trading_profile(&trades, whole_life());
    assert_eq!(profile.realised.realised_profit, Some(dec!(30)));
    assert_eq!(profile.realised.realised_return_on_cost, Some(dec!(0.25)));
    assert_eq!(profile.realised.average_holding_days, Some(dec!(1)));
    assert_eq!(profile.realised.unmatched_sell_quantity, dec!(5));
    assert_eq!((profile.activity.buys, profile.activity.sells), (3, 1));
}

#[test]
fn breaking_even_is_not_a_win_even_where_the_price_has_no_end() {
    let trades = [
        trade(0, Side::Buy, "A", dec!(3), dec!(10)),
        trade(24, Side::Sell, "A", dec!(1), dec!(3.3333333333)),
        trade(48, Side::Sell, "A", dec!(2), dec!(6.6666666667)),
    ];
    assert_eq!(trading_profile(&trades, whole_life()).realised.win_rate, Some(dec!(0)));
}

#[test]
fn what_runs_by_itself_is_counted_apart_but_what_it_bought_can_be_sold() {
    let trades = [
        trade(0, Side::RegularPlan, "F", dec!(100), dec!(100)),
        trade(48, Side::ReverseRepo, "R", dec!(10), dec!(1000)),
        trade(72, Side::Redeem, "F", dec!(100), dec!(110)),
    ];
    let profile = trading_profile(&trades, whole_life());
    assert_eq!((profile.activity.trades, profile.activity.active_days), (1, 1));
    assert_eq!(profile.activity.turnover, dec!(110));
    assert_eq!(profile.realised.realised_profit, Some(dec!(10)));
    let figures = |side, amount, share| SideFigures { side, trades: 1, turnover: amount, share: Some(share) };
    let repo = figures(Side::ReverseRepo, dec!(1000), dec!(0.9090909091));
    assert_eq!(profile.apart, [repo, figures(Side::RegularPlan, dec!(100), dec!(0.0909090909))]);
    assert_eq!(profile.gaps, [Gap::SpanTooShort]);
}

#[test]
fn what_is_not_known_is_none_and_named() {
    let nothing = trading_profile(&[], whole_life());
    assert_eq!(nothing.gaps, [Gap::NoTrades, Gap::NoMatchedSells]);
    assert_eq!((nothing.activity.average_ticket, nothing.spread.hhi), (None, None));

    let bare = |hours, side| ProfileTrade {
        quantity: None,
        product_type: None,
        ..trade(hours, side, "A", Decimal::ZERO, Decimal::ZERO)
    };
    let profile =
        trading_profile(&[bare(0, Side::Convert), bare(30, Side::OptionOpen), bare(60, Side::Buy)], whole_life());
    let expected = [
        Gap::NoTurnover,
        Gap::NoBuysOrSells,
        Gap::ProductTypesMissing,
        Gap::NoQuantities,
        Gap::NoMatchedSells,
        Gap::ConversionsNotFollowed,
        Gap::OptionsNotFollowed,
    ];
    assert_eq!(profile.gaps, expected);
    assert_eq!(profile.spread.product_mix[0].product_type, None);

    let gift = [trade(0, Side::Buy, "A", dec!(1), dec!(0)), trade(48, Side::Sell, "A", dec!(1), dec!(5))];
    let profile = trading_profile(&gift, whole_life());
    assert_eq!((profile.realised.realised_return_on_cost, profile.realised.win_rate), (None, Some(dec!(1))));
    assert_eq!(profile.gaps, [Gap::NoCost]);
}

#[test]
fn the_profile_is_one_flat_object_with_its_gaps_by_code() {
    let json = serde_json::to_value(trading_profile(&history(), whole_life())).expect("serialises");
    assert_eq!(json["turnover"], "7300");
    assert_eq!(json["gaps"][0], "unmatched_sells");
    assert_eq!(json["gaps"][0], Gap::UnmatchedSells.reason().code);
    let back: TradingProfile = serde_json::from_value(json).expect("deserialises");
    assert_eq!(back, trading_profile(&history(), whole_life()));
}

#[test]
fn every_gap_has_one_code_in_json_and_in_words() {
    let gaps = [
        (Gap::NoTrades, "no_trades"),
        (Gap::SpanTooShort, "span_too_short"),
        (Gap::NoTurnover, "no_turnover"),
        (Gap::NoBuysOrSells, "no_buys_or_sells"),
        (Gap::ProductTypesMissing, "product_types_missing"),
        (Gap::NoQuantities, "no_quantities"),
        (Gap::SomeQuantitiesMissing, "some_quantities_missing"),
        (Gap::NoMatchedSells, "no_matched_sells"),
        (Gap::UnmatchedSells, "unmatched_sells"),
        (Gap::NoCost, "no_cost"),
        (Gap::ConversionsNotFollowed, "conversions_not_followed"),
        (Gap::OptionsNotFollowed, "options_not_followed"),
    ];
    for (gap, code) in gaps {
        assert_eq!(serde_json::to_value(gap).expect("serialises"), code);
        assert_eq!(gap.reason().code, code);
    }
}

/// Trades whose instants may repeat, each with a distinct id.
fn arrivals() -> impl Strategy<Value = Vec<(u32, ProfileTrade)>> {
    let sides = prop::sample::select(vec![Side::Buy, Side::Sell, Side::Purchase, Side::Redeem, Side::RegularPlan]);
    let rows = (0i64..200, sides, "[A-D]", 0i64..500, 0i64..100_000);
    let in_time = prop::collection::vec(rows, 0..40).prop_map(|rows| {
        let made = (0..).zip(rows).map(|(id, (hours, side, instrument, quantity, amount))| {
            (id, trade(hours, side, &instrument, Decimal::from(quantity), Decimal::new(amount, 2)))
        });
        made.collect::<Vec<_>>()
    });
    in_time.prop_shuffle()
}

fn in_order(mut arrivals: Vec<(u32, ProfileTrade)>) -> Vec<ProfileTrade> {
    arrivals.sort_by_key(|(id, trade)| (trade.executed_at, *id));
    arrivals.into_iter().map(|(_, trade)| trade).collect()
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(arrivals in arrivals(), last_day in 0u64..10) {
        let window = Window::ending(day(last_day), 5);
        let mut backwards = arrivals.clone();
        backwards.reverse();
        prop_assert_eq!(
            trading_profile(&in_order(arrivals), window),
            trading_profile(&in_order(backwards), window)
        );
    }

    #[test]
    fn later_trades_do_not_change_an_earlier_profile(arrivals in arrivals(), last_day in 0u64..10) {
        let window = Window::ending(day(last_day), 5);
        let history = in_order(arrivals);
        let known: Vec<_> = history.iter().filter(|trade| trade.trade_day <= window.as_of).cloned().collect();
        prop_assert_eq!(trading_profile(&history, window), trading_profile(&known, window));
    }

    #[test]
    fn profits_of_adjacent_windows_add_up(arrivals in arrivals(), cut in 0u64..9) {
        let history = in_order(arrivals);
        let profit = |from, as_of| {
            let realised = trading_profile(&history, Window { from, as_of }).realised;
            (realised.realised_profit.unwrap_or_default(), realised.matched_sells, realised.unmatched_sell_quantity)
        };
        let (start, end) = (day(0) - Days::new(1), day(10));
        let (first, second, whole) = (profit(start, day(cut)), profit(day(cut), end), profit(start, end));
        prop_assert!((first.0 + second.0 - whole.0).abs() <= dec!(0.00000002));
        prop_assert_eq!((first.1 + second.1, first.2 + second.2), (whole.1, whole.2));
    }
}
