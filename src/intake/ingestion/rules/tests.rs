use chrono::Duration;
use rust_decimal::{Decimal, dec};

use super::super::model::{BalanceInput, TradeInput};
use super::{Terms, balance, entry};
use crate::ingestion::faults;
use book::trades::{Entry, NewTrade, Side};
use platform::kernel::clock::TradingCalendar;
use platform::kernel::error::Fault;
use platform::kernel::ids::ClientId;
use platform::kernel::money::Currency;

fn terms() -> Terms {
    Terms {
        now: "2026-03-02T02:00:00Z".parse().unwrap(),
        calendar: TradingCalendar { time_zone: chrono_tz::Asia::Shanghai },
        currency: Currency("CNY".into()),
    }
}

fn item() -> TradeInput {
    TradeInput {
        client_no: Some("80012345".into()),
        source: Some("counter".into()),
        external_id: Some("T1".into()),
        executed_at: "2026-03-01T17:00:00.123456789Z".parse().ok(),
        side: Some(Side::Buy),
        instrument: Some("600519.SH".into()),
        amount: Some(dec!(12.5)),
        ..TradeInput::default()
    }
}

type Places = Vec<(String, &'static str)>;

fn places(faults: Vec<Fault>) -> Places {
    faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

fn checked(change: impl FnOnce(&mut TradeInput)) -> Result<NewTrade, Places> {
    let mut item = item();
    change(&mut item);
    match entry(item, Vec::new(), Some(ClientId(uuid::Uuid::nil())), &terms()) {
        Ok(Entry::Trade(trade)) => Ok(trade),
        Ok(Entry::Reversal(reversal)) => panic!("{reversal:?}"),
        Err(faults) => Err(places(faults)),
    }
}

fn refused(change: impl FnOnce(&mut TradeInput)) -> (String, &'static str) {
    let mut faults = checked(change).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.remove(0)
}

#[test]
fn a_good_trade_gets_its_day_currency_and_microseconds() {
    let trade = checked(|_| ()).unwrap();
    assert_eq!(trade.trade_day.to_string(), "2026-03-02");
    assert_eq!(trade.currency, "CNY");
    assert_eq!(trade.executed_at.to_rfc3339(), "2026-03-01T17:00:00.123456+00:00");
}

#[test]
fn the_amount_is_the_exact_product_rounded_half_to_even() {
    let cases = [
        (dec!(3), dec!(0.1), dec!(0.3)),
        (dec!(0.00000001), dec!(0.5), dec!(0)),
        (dec!(0.00000003), dec!(0.5), dec!(0.00000002)),
        (dec!(0.00000005), dec!(0.5), dec!(0.00000002)),
        (dec!(1234567.12345678), dec!(98765.87654321), dec!(121933104099.63823197)),
        (dec!(9999999999999999), dec!(1), dec!(9999999999999999)),
    ];
    for (quantity, price, expected) in cases {
        let trade = checked(|item| (item.amount, item.quantity, item.price) = (None, Some(quantity), Some(price)));
        assert_eq!(trade.unwrap().amount, expected, "{quantity} × {price}");
    }
}

#[test]
fn each_fault_has_its_place_and_code() {
    let too_much = Some(dec!(9999999999999999));
    let cases = [
        (refused(|item| item.amount = None), ("/amount", "required")),
        (refused(|item| item.quantity = Some(dec!(-1))), ("/quantity", "negative")),
        (refused(|item| item.commission = Some(dec!(-0.01))), ("/commission", "negative")),
        (refused(|item| item.amount = Some(dec!(10000000000000000))), ("/amount", "too_large")),
        (refused(|item| item.amount = Some(dec!(0.000000001))), ("/amount", "too_precise")),
        (
            refused(|item| (item.amount, item.quantity, item.price) = (None, too_much, too_much)),
            ("/amount", "too_large"),
        ),
        (
            refused(|item| (item.quantity, item.price) = (Some(dec!(10)), Some(dec!(1.31)))),
            ("/amount", "amount_disagrees"),
        ),
        (
            refused(|item| item.executed_at = item.executed_at.map(|at| at + Duration::days(1))),
            ("/executed_at", "future"),
        ),
        (refused(|item| item.executed_at = "1969-12-31T23:59:59Z".parse().ok()), ("/executed_at", "too_early")),
        (refused(|item| item.external_id = Some("x".repeat(129))), ("/external_id", "length")),
        (refused(|item| item.instrument = Some(" \u{3000}".into())), ("/instrument", "required")),
        (refused(|item| item.instrument = Some("a\0b".into())), ("/instrument", "control_character")),
    ];
    for ((pointer, code), expected) in cases {
        assert_eq!((pointer.as_str(), code), expected);
    }
}

#[test]
fn zero_and_a_rounded_amount_are_fine() {
    assert_eq!(checked(|item| item.amount = Some(dec!(0))).unwrap().amount, dec!(0));
    let rounded = checked(|item| (item.quantity, item.price) = (Some(dec!(3)), Some(dec!(4.1667))));
    assert_eq!(rounded.unwrap().amount, dec!(12.5));
}

/// Side, kind of product, instrument, currency; and what its price is.
#[test]
fn prices_that_are_no_money_per_unit_are_known() {
    use super::quotation::{Quotation, of};
    let cases = [
        (Side::ReverseRepo, "", "204001", "", Quotation::Apart),
        (Side::Sell, "", "SH204001", "", Quotation::Apart),
        (Side::Sell, "", "131810.SZ", "", Quotation::Apart),
        (Side::Sell, "国债逆回购", "R-001", "", Quotation::Apart),
        (Side::OptionOpen, "", "10005678", "", Quotation::Apart),
        (Side::Buy, "", "90001234", "", Quotation::Apart),
        (Side::Buy, "", "H00700", "", Quotation::Apart),
        (Side::Buy, "", "00700.HK", "CNY", Quotation::Apart),
        (Side::Buy, "", "00700.HK", "HKD", Quotation::PerUnit),
        (Side::Buy, "", "019666", "", Quotation::Near),
        (Side::Buy, "", "sh113050", "", Quotation::Near),
        (Side::Buy, "", "123001.SZ", "", Quotation::Near),
        (Side::Buy, "corporate_bond", "X", "", Quotation::Near),
        (Side::Buy, "", "188001.SH", "", Quotation::Near),
        (Side::Purchase, "", "110011", "", Quotation::Near),
        (Side::NewShareSubscription, "", "730999", "", Quotation::Near),
        // Shares and listed funds.
        (Side::Buy, "", "600519.SH", "", Quotation::PerUnit),
        (Side::Buy, "", "000001", "", Quotation::PerUnit),
        (Side::Buy, "", "002415", "", Quotation::PerUnit),
        (Side::Buy, "", "300750.XSHE", "", Quotation::PerUnit),
        (Side::Buy, "", "688981", "", Quotation::PerUnit),
        (Side::Buy, "", "510300", "", Quotation::PerUnit),
        (Side::Buy, "", "159915.SZ", "", Quotation::PerUnit),
        (Side::Buy, "", "830799.BJ", "", Quotation::PerUnit),
        (Side::Buy, "", "IF2603", "", Quotation::PerUnit),
        (Side::Buy, "", "GOLD 12", "", Quotation::PerUnit),
    ];
    for (side, product, instrument, currency, expected) in cases {
        let item = TradeInput {
            side: Some(side),
            product_type: Some(product.to_owned()),
            instrument: Some(instrument.to_owned()),
            currency: currency.parse().ok(),
            ..TradeInput::default()
        };
        assert_eq!(of(&item), expected, "{side:?} {product} {instrument} {currency}");
    }
}

#[test]
fn an_amount_is_good_as_far_as_its_printed_price_goes() {
    let agrees = |quantity: Decimal, price: Decimal, amount: Decimal| {
        checked(|item| (item.quantity, item.price, item.amount) = (Some(quantity), Some(price), Some(amount))).is_ok()
    };
    for (quantity, price, amount, expected) in [
        (dec!(333), dec!(10.53), dec!(3506.49), true),
        // An average price of 10.5345, printed with two decimals.
        (dec!(333), dec!(10.53), dec!(3507.99), true),
        (dec!(333), dec!(10.53), dec!(3508.17), false),
        (dec!(333), dec!(10.530), dec!(3507.99), false),
        (dec!(100), dec!(10), dec!(1000.51), true),
        (dec!(100), dec!(10), dec!(1000.52), false),
        (dec!(0), dec!(10.5), dec!(100), false),
    ] {
        assert_eq!(agrees(quantity, price, amount), expected, "{quantity} × {price} = {amount}");
    }
}

#[test]
fn a_disagreement_shows_both_figures_and_says_by_what() {
    let said = |instrument: &str, quantity: Decimal, price: Decimal, amount: Decimal| {
        let mut item = item();
        item.instrument = Some(instrument.to_owned());
        (item.quantity, item.price, item.amount) = (Some(quantity), Some(price), Some(amount));
        let faults = entry(item, Vec::new(), Some(ClientId(uuid::Uuid::nil())), &terms()).unwrap_err();
        assert_eq!(places(faults.clone()), [("/amount".to_owned(), "amount_disagrees")]);
        faults[0].message.en.clone()
    };
    for (instrument, quantity, price, amount, words) in [
        ("600519", dec!(100), dec!(10.25), dec!(1100), "is 1100, but quantity × price is 1025.00"),
        ("600519", dec!(100), dec!(10.25), dec!(102500), "102500 is 100 times quantity × price, which is 1025.00"),
        ("600519", dec!(100), dec!(10.25), dec!(0.1), "which is 1025.00, is 10000 times the amount 0.1"),
        ("IF2603", dec!(1), dec!(4000.2), dec!(1200060), "times the contract's multiplier 300"),
    ] {
        let said = said(instrument, quantity, price, amount);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn all_that_is_wrong_is_reported_at_once_and_each_thing_once() {
    let mut item = item();
    (item.instrument, item.commission, item.amount) = (None, Some(dec!(-1)), None);
    (item.client_no, item.price) = (Some("nobody".into()), Some(dec!(0.000000001)));
    let unread = vec![faults::NOT_TEXT.at("/instrument")];
    let faults = places(entry(item, unread, None, &terms()).unwrap_err());
    // No amount follows from a price that is none, so a missing amount is not reported beside it.
    let expected = [
        ("/instrument", "type"),
        ("/client_no", "unknown_client"),
        ("/price", "too_precise"),
        ("/commission", "negative"),
    ];
    assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn figures_of_a_balance_are_true_together() {
    let told_of = |total: Decimal, net: Decimal, liabilities: Option<Decimal>| {
        let item = BalanceInput {
            client_no: Some("80012345".into()),
            source: Some("counter".into()),
            trade_day: "2026-03-02".parse().ok(),
            total_assets: Some(total),
            net_assets: Some(net),
            liabilities,
            ..BalanceInput::default()
        };
        let checked = balance(item, Vec::new(), Some(ClientId(uuid::Uuid::nil())), &terms());
        checked.map(drop).map_err(|faults| places(faults).remove(0).1)
    };
    assert_eq!(told_of(dec!(100), dec!(70), Some(dec!(30.01))), Ok(()));
    assert_eq!(told_of(dec!(100), dec!(-3), None), Ok(()));
    assert_eq!(told_of(dec!(100), dec!(70), Some(dec!(30.011))), Err("net_disagrees"));
    assert_eq!(told_of(dec!(100), dec!(100.01), Some(dec!(0))), Err("net_above_total"));
    assert_eq!(told_of(dec!(100), dec!(100.01), None), Err("net_above_total"));
    assert_eq!(told_of(dec!(100), dec!(130), Some(dec!(-30))), Err("negative"));
}

#[test]
fn whoever_is_named_twice_or_not_at_all_is_nobody() {
    let (id, no) = (Some(ClientId(uuid::Uuid::nil())), Some("80012345".to_owned()));
    assert_eq!(refused(|item| (item.client_id, item.client_no) = (id, no)), ("/client_no".to_owned(), "one_client"));
    assert_eq!(refused(|item| item.client_no = None), ("/client_no".to_owned(), "one_client"));
}
