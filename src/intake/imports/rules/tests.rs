//! Values at the edge, and who a row is.

use chrono_tz::Asia::Shanghai;
use chrono_tz::Europe::Berlin;

use super::columns::{Columns, Mapping};
use super::fields;
use super::identity::Ordinals;
use super::rows::Reading;
use crate::imports::model::{Kind, Origin, Row};

#[test]
fn decimals_are_rounded_half_to_even() {
    for (text, number) in [
        ("12.50", "12.5"),
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
    for text in ["NaN", "inf", "1,234.5", "0x10", "--1", "1_000", "e", "1e5", "1E-3", &"9".repeat(41)] {
        assert_eq!(fields::decimal(text.to_owned()), text, "is left to be refused");
    }
}

#[test]
fn instants_without_a_zone_are_of_the_exchange() {
    let read = |text: &str| fields::instant(text.to_owned(), Shanghai);
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
    assert_eq!(fields::instant(skipped.clone(), Berlin), skipped, "the clock was put forward over it");
    let twice = fields::instant("2026-10-25 02:30".to_owned(), Berlin);
    assert_eq!(twice, "2026-10-25T00:30:00Z", "the first of two");
}

#[test]
fn days_and_words_are_read_as_they_are_written() {
    for text in ["2026-03-31", "2026/03/31", "20260331"] {
        assert_eq!(fields::day(text.to_owned()), "2026-03-31");
    }
    assert_eq!(fields::day("31.3.2026".to_owned()), "31.3.2026");
    assert_eq!((&fields::code("BUY")[..], &fields::code("Margin Buy")[..]), ("buy", "margin_buy"));
}

fn ids(source: &str, rows: &[[&str; 4]]) -> Vec<String> {
    let set = [("side".to_owned(), "buy".to_owned())];
    let mapping = Mapping::new(Kind::Trades, &[], &set).expect("mapping");
    let names = ["client_no", "executed_at", "instrument", "amount"].map(str::to_owned);
    let columns = Columns::of_header(&mapping, &names).expect("columns");
    let mut reading = Reading { zone: Shanghai, source: source.to_owned(), ordinals: Ordinals::default() };
    let mut id = |cells: &[&str; 4]| {
        let values = columns.of_cells(cells.map(str::to_owned).to_vec()).expect("values");
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
