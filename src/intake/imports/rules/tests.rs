//! Values at the edge, and who a row is.

use chrono_tz::Asia::Shanghai;
use chrono_tz::Europe::Berlin;
use rust_decimal::Decimal;

use super::columns::Columns;
use super::fields;
use super::identity::Ordinals;
use super::mapping::Mapping;
use super::rows::Reading;
use super::when;
use crate::imports::model::{Declared, Kind, Origin, Row};

#[test]
fn decimals_are_rounded_half_to_even() {
    for (text, number) in [
        ("12.50", "12.50"),
        ("+7", "7"),
        (".5", "0.5"),
        ("1.234567885", "1.23456788"),
        ("1.234567895", "1.2345679"),
        ("0.123456785000000001", "0.12345679"),
        ("3.1415926535897932384626433832795028841971", "3.14159265"),
        ("-0.000000001", "0"),
        ("9999999999999999.99999999", "9999999999999999.99999999"),
    ] {
        assert_eq!(fields::decimal(text.to_owned()), number);
    }
    for text in ["NaN", "inf", "1,23.5", "0x10", "--1", "1_000", "e", "1e5", "1E-3", &"9".repeat(41)] {
        assert_eq!(fields::decimal(text.to_owned()), text, "is left to be refused");
    }
}

#[test]
fn instants_without_a_zone_are_of_the_exchange() {
    let read = |text: &str| when::instant("", text.to_owned(), Shanghai).expect("one way to read it");
    for (text, instant) in [
        ("2026-03-02T09:31:00Z", "2026-03-02T09:31:00Z"),
        ("2026-03-02T09:31:00+08:00", "2026-03-02T09:31:00+08:00"),
        ("2026-03-02 09:31:00.123456789", "2026-03-02T01:31:00.123456789Z"),
        ("2026-03-02T09:31", "2026-03-02T01:31:00Z"),
        ("2026/03/02 09:31", "2026-03-02T01:31:00Z"),
        ("2026-03-02", "2026-03-01T16:00:00Z"),
        ("20260302", "2026-03-01T16:00:00Z"),
    ] {
        assert_eq!(read(text), instant, "{text}");
    }
    for text in ["2026-02-30", "2026-13-01", "1767225600", "yesterday", "2026-03-02T25:00", "9:30", "12026-01-01"] {
        assert_eq!(read(text), text, "is left to be refused");
    }
    let skipped = "2026-03-29 02:30".to_owned();
    assert_eq!(
        when::instant("", skipped.clone(), Berlin).expect("one way"),
        skipped,
        "the clock was put forward over it"
    );
    let twice = when::instant("", "2026-10-25 02:30".to_owned(), Berlin).expect("one way");
    assert_eq!(twice, "2026-10-25T00:30:00Z", "the first of two");
}

#[test]
fn days_and_words_are_read_as_they_are_written() {
    let day = |text: &str| when::day("/trade_day", text.to_owned()).map_err(|fault| fault.code);
    for text in ["2026-03-31", "2026/03/31", "20260331", "2026/3/31", "2026.3.31", "2026年3月31日", "2026-3-31 0:00:00"]
    {
        assert_eq!(day(text).as_deref(), Ok("2026-03-31"), "{text}");
    }
    for text in ["2026111", "202611", "3/4/2026", "04.03.2026"] {
        assert_eq!(day(text).is_err(), text != "202611", "{text}");
    }
    for text in ["31.3.2026", "2026-02-30", "26-03-31", "46083", "2026033", "2026-03-31 10:00"] {
        assert_eq!(day(text).as_deref(), Ok(text), "is left to be refused");
    }
    for (field, word, code) in [
        ("side", "BUY", "buy"),
        ("side", "Margin Buy", "margin_buy"),
        ("side", "买 入", "buy"),
        ("side", "　证券卖出", "sell"),
        ("side", "融资买入", "margin_buy"),
        ("side", "Ｂ", "buy"),
        ("kind", "机构", "institution"),
        ("side", "送股", "送股"),
    ] {
        assert_eq!(super::words::word(field, word), code);
    }
}

#[test]
fn dates_and_times_of_two_columns_are_one_instant() {
    let read = |text: &str| when::instant("", text.to_owned(), Shanghai).expect("one way to read it");
    for text in [
        "20260302 09:31:05",
        "20260302 093105",
        "20260302 93105",
        "20260302093105",
        "20260302 093105000",
        "2026/3/2 9:31:05",
        "2026-03-02 2026-03-02 09:31:05",
        "2026-03-02 00:00:00 09:31:05",
        "2026年3月2日 9时31分05秒",
        "2026/3/2 上午9:31:05",
        "2026/3/2 9:31:05 AM",
    ] {
        assert_eq!(read(text), "2026-03-02T01:31:05Z", "{text}");
    }
    assert_eq!(read("20260302 2026-03-03 09:31:05"), "20260302 2026-03-03 09:31:05", "two dates that differ");
    assert_eq!(read("2026/3/2 下午12:05"), "2026-03-02T04:05:00Z");
    assert_eq!(read("2026/3/2 13:05 PM"), "2026/3/2 13:05 PM", "no clock of twelve hours");
    assert_eq!(when::in_digits("2026/3/2"), when::in_digits("20260302"));
}

#[test]
fn numbers_lose_what_was_wrapped_around_them() {
    for (cell, number) in [
        ("1,000", "1000"),
        ("10,000.00", "10000"),
        ("1 000", "1000"),
        ("1'000", "1000"),
        ("１００", "100"),
        ("￥10.00", "10"),
        ("10.5元", "10.5"),
        ("100.", "100"),
        ("(100)", "-100"),
        ("=\"5\"", "5"),
        ("'7", "7"),
        ("HK$1,234,567.5", "1234567.5"),
    ] {
        let text = fields::cell("amount", cell).expect("a value");
        let read: Decimal = fields::decimal(text).parse().expect("a number");
        assert_eq!(read.normalize().to_string(), number, "{cell}");
    }
    for cell in ["--", "-", "N/A", "NULL", " ", "\u{200B}", "="] {
        assert!(fields::cell("amount", cell).is_none() || cell == "=", "{cell}");
    }
    for code in ["6.2E+17", "600000.0"] {
        assert_eq!(
            fields::value("instrument", code.to_owned(), Shanghai).map_err(|fault| fault.code),
            Err("shortened_number")
        );
    }
    assert_eq!(fields::value("instrument", "600519.SH".to_owned(), Shanghai).as_deref(), Ok("600519.SH"));
    for text in ["1,00", "1,0000", "8.5万", "5%", "10,5", "1,000,00.0"] {
        assert_eq!(fields::decimal(text.to_owned()), text, "is left to be refused");
    }
}

fn ids(source: &str, rows: &[[&str; 4]]) -> Vec<String> {
    let set = [("side".to_owned(), "buy".to_owned())];
    let mapping = Mapping::new(Kind::Trades, &Declared { set: set.to_vec(), ..Declared::default() }).expect("mapping");
    let names = ["client_no", "executed_at", "instrument", "amount"].map(str::to_owned);
    let columns = Columns::of_header(&mapping, &names).expect("columns");
    let mut reading = Reading { zone: Shanghai, source: source.to_owned(), ordinals: Ordinals::default() };
    let mut id = |cells: &[&str; 4]| {
        let values = columns.of_cells(&cells.map(str::to_owned));
        let origin = Origin { line: 1, raw: Vec::new() };
        reading.trade(Row { origin, values }).item.external_id.expect("an id")
    };
    rows.iter().map(&mut id).collect()
}

#[test]
fn a_row_is_known_by_source_content_and_ordinal() {
    let row = ["A", "2026-03-02T01:31:00Z", "X", "12.50"];
    let written_otherwise = [" A ", "2026-03-02 09:31:00", "X", "12.5000"];
    let once = ids("a.csv", &[row]);
    assert!(once[0].starts_with("row-") && once[0].len() == 36, "{}", once[0]);
    assert_eq!(ids("a.csv", &[written_otherwise]), once, "content is what it means");
    let twice = ids("a.csv", &[row, ["B", row[1], row[2], row[3]], written_otherwise]);
    assert_eq!(twice[0], once[0]);
    assert_ne!(twice[2], once[0], "two equal trades stay two");
    assert_eq!(ids("a.csv", &[row, row])[1], twice[2], "whatever stands between them");
    assert_ne!(ids("b.csv", &[row]), once, "another source, another trade");
}
