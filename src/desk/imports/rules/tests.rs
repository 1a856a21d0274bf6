//! Values at the edge, and who a row is.

use chrono_tz::Asia::Shanghai;
use chrono_tz::Europe::Berlin;

use super::columns::{Columns, Mapping};
use super::fields;
use super::identity::Ordinals;
use super::rows::Reading;
use crate::book::ingestion::Item;
use crate::book::trades::Side;
use crate::desk::imports::model::{Kind, Row};

fn number(value: &str) -> String {
    match fields::amount("price", value) {
        Ok(number) => number.to_string(),
        Err(fault) => format!("{} {}", fault.pointer, fault.code),
    }
}

#[test]
fn decimals_are_exact_and_rounded_half_to_even() {
    assert_eq!(number("12.50"), "12.5");
    assert_eq!(number("1.234567885"), "1.23456788");
    assert_eq!(number("1.234567895"), "1.2345679");
    assert_eq!(number("0.123456785000000001"), "0.12345679");
    assert_eq!(number("3.1415926535897932384626433832795028841971"), "3.14159265");
    assert_eq!(number("1e-3"), "0.001");
    assert_eq!(number("2.5E3"), "2500");
    assert_eq!(number("-0.000000001"), "0");
    assert_eq!(number("9999999999999999.99999999"), "9999999999999999.99999999");
    for (text, code) in [
        ("-1", "minimum"),
        ("NaN", "decimal"),
        ("inf", "decimal"),
        ("-Infinity", "decimal"),
        ("1,234.5", "decimal"),
        ("0x10", "decimal"),
        ("--1", "decimal"),
        ("1_000", "decimal"),
        ("e", "decimal"),
        ("1e999", "decimal"),
        ("10000000000000000", "maximum"),
        ("99999999999999999999999999999999999999999", "maximum"),
    ] {
        assert_eq!(number(text), format!("/price {code}"), "{text}");
    }
}

#[test]
fn instants_without_a_zone_are_of_the_exchange() {
    let read = |text: &str| fields::instant("executed_at", text, Shanghai).map(|instant| instant.to_rfc3339());
    for (text, instant) in [
        ("2026-03-02T09:31:00Z", "2026-03-02T09:31:00+00:00"),
        ("2026-03-02T09:31:00+08:00", "2026-03-02T01:31:00+00:00"),
        ("2026-03-02 09:31:00.123456789", "2026-03-02T01:31:00.123456+00:00"),
        ("2026-03-02T09:31", "2026-03-02T01:31:00+00:00"),
        ("2026/03/02 09:31", "2026-03-02T01:31:00+00:00"),
        ("2026-03-02", "2026-03-01T16:00:00+00:00"),
        ("20260302", "2026-03-01T16:00:00+00:00"),
    ] {
        assert_eq!(read(text).as_deref(), Ok(instant), "{text}");
    }
    for text in
        ["2026-02-30", "2026-13-01", "0001-01-01", "1767225600", "yesterday", "2026-03-02T25:00", "9:30", "12026-01-01"]
    {
        assert!(read(text).is_err(), "{text}");
    }
    assert!(fields::instant("executed_at", "2026-03-29 02:30", Berlin).is_err(), "the clock was put forward over it");
    let twice = fields::instant("executed_at", "2026-10-25 02:30", Berlin).expect("the first of two");
    assert_eq!(twice.to_rfc3339(), "2026-10-25T00:30:00+00:00");
}

#[test]
fn codes_are_read_in_any_case() {
    assert_eq!(fields::code::<Side>("side", "BUY"), Ok(Side::Buy));
    assert_eq!(fields::code::<Side>("side", "Margin Buy"), Ok(Side::MarginBuy));
    assert_eq!(fields::code::<Side>("side", "hold").map_err(|fault| fault.code), Err("enum"));
    assert_eq!(fields::currency("currency", "cny").map(|currency| currency.0), Ok("CNY".to_owned()));
    assert!(fields::currency("currency", "RMB ").is_err());
}

fn ids(source: &str, rows: &[[&str; 4]]) -> Vec<String> {
    let set = [("side".to_owned(), "buy".to_owned())];
    let mapping = Mapping::new(Kind::Trades, &[], &set).expect("mapping");
    let names = ["client_no", "executed_at", "instrument", "amount"].map(str::to_owned);
    let columns = Columns::of_header(&mapping, &names).expect("columns");
    let mut reading = Reading { zone: Shanghai, source: source.to_owned(), ordinals: Ordinals::default() };
    let mut id = |cells: &[&str; 4]| {
        let values = columns.of_cells(cells.map(str::to_owned).to_vec()).expect("values");
        match reading.trade(Row { line: 1, values, raw: Vec::new() }).expect("a trade") {
            Item::Trade(trade) => trade.external_id,
            Item::Reversal(reversal) => reversal.external_id,
        }
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
