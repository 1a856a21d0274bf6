use super::super::model::ClientKey;
use super::*;
use crate::book::trades::Side;

fn terms() -> Terms {
    Terms {
        now: "2026-03-02T02:00:00Z".parse().unwrap(),
        calendar: TradingCalendar { time_zone: chrono_tz::Asia::Shanghai },
        currency: Currency("CNY".into()),
    }
}

fn item() -> TradeItem {
    TradeItem {
        client: ClientKey::No("80012345".into()),
        source: "counter".into(),
        external_id: "T1".into(),
        executed_at: "2026-03-01T17:00:00.123456789Z".parse().unwrap(),
        side: Side::Buy,
        instrument: "600519.SH".into(),
        product_type: None,
        fund_account_no: None,
        currency: None,
        quantity: None,
        price: None,
        amount: Some(dec!(12.5)),
        commission: None,
        exchange_fee: None,
        stamp_duty: None,
        transfer_fee: None,
    }
}

fn checked(change: impl FnOnce(&mut TradeItem)) -> Result<NewTrade, (String, &'static str)> {
    let mut item = item();
    change(&mut item);
    let client_id = ClientId(uuid::Uuid::nil());
    trade(item, client_id, &terms()).map_err(|fault| (fault.pointer, fault.code))
}

fn refused(change: impl FnOnce(&mut TradeItem)) -> (String, &'static str) {
    checked(change).unwrap_err()
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
            refused(|item| (item.quantity, item.price) = (Some(dec!(10)), Some(dec!(1.3)))),
            ("/amount", "amount_disagrees"),
        ),
        (refused(|item| item.executed_at += Duration::days(1)), ("/executed_at", "future")),
        (refused(|item| item.executed_at = "1969-12-31T23:59:59Z".parse().unwrap()), ("/executed_at", "too_early")),
        (refused(|item| item.external_id = "x".repeat(129)), ("/external_id", "length")),
        (refused(|item| item.instrument = String::new()), ("/instrument", "length")),
        (refused(|item| item.instrument = "a\0b".into()), ("/instrument", "length")),
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
