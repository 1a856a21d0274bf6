//! Whatever bytes come, every line is a row or a rejection with its number, and none is lost.

use std::collections::BTreeMap;

use super::*;
use crate::imports::model::{Declared, Kind};

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

fn declared(map: &[(&str, &str)], set: &[(&str, &str)]) -> Declared {
    Declared { map: pairs(map), set: pairs(set), ..Declared::default() }
}

fn mapping() -> Mapping {
    Mapping::new(Kind::Balances, &declared(&[("trade_day", "Day")], &[("net_assets", "5")])).expect("mapping")
}

/// Opened in the encoding its bytes say.
fn open<'a>(input: &'a [u8], format: Format, mapping: &Mapping) -> Result<Rows<&'a [u8]>, Error> {
    let mut sniffer = Sniffer::default();
    input.chunks(7).for_each(|part| sniffer.update(part));
    Rows::open(input, format, sniffer.finish(), None, mapping)
}

/// Each line's number, and its client or the code of what is wrong.
fn read(input: &[u8], format: Format) -> Vec<(u64, String)> {
    let mut rows = open(input, format, &mapping()).expect("a fitting file");
    let mut told = Vec::new();
    while let Some(row) = rows.next().expect("memory does not fail") {
        told.push(match row {
            Ok(row) => (row.origin.line, row.values[0].clone().unwrap_or_default()),
            Err(rejection) => (rejection.line, format!("! {}", rejection.faults[0].code)),
        });
    }
    told
}

fn ignored(rows: &Rows<&[u8]>) -> Vec<String> {
    let ignored = rows.columns().into_iter().filter(|column| column.fields.is_empty());
    ignored.map(|column| column.column).collect()
}

fn csv(body: &[u8]) -> Vec<(u64, String)> {
    read(&[b"client_no,day,total_assets,note\n", body].concat(), Format::Csv)
}

fn lines(told: &[(u64, &str)]) -> Vec<(u64, String)> {
    told.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
}

#[test]
fn byte_order_mark_crlf_and_quoted_newlines_are_read() {
    let file = b"\xEF\xBB\xBFclient_no,day,total_assets\r\n\"A\r\n1\",2026-03-02,5\r\n\r\n B2 ,\"2026-03-02\",\"5\"\r\nC3,2026-03-02,5";
    assert_eq!(read(file, Format::Csv), lines(&[(2, "A\n1"), (5, "B2"), (6, "C3")]));
}

#[test]
fn broken_lines_are_told_one_by_one() {
    let body = b"A,2026-03-02,5,x\nB,2026-03-02\nC\xFF,2026-03-02,5,x\nD,2026-03-02,5,\"a\"b\nE\0,2026-03-02,5,x\nF,1,2,3,4\nG,1,2,\"\"\"q\"\"\"\n";
    let told = [(2, "A"), (3, "! columns"), (4, "! utf8"), (5, "! quotes"), (6, "E\0"), (7, "! columns"), (8, "G")];
    assert_eq!(csv(body), lines(&told));
}

#[test]
fn a_stray_quote_costs_its_own_line_only() {
    assert_eq!(csv(b"A,1,2,\"open\nB,1,2,3\nC,1,2,3\n"), lines(&[(2, "! quotes"), (3, "B"), (4, "C")]));
    assert_eq!(csv(b"A,1,2,5\" disk\nB,1,2,3\nC,1,2,3\" disk\n"), lines(&[(2, "A"), (3, "B"), (4, "C")]));
    let long = format!("A,1,2,\"open\n{}", "B,1,2,3\n".repeat(20_000));
    let told = csv(long.as_bytes());
    assert_eq!((told.len(), &told[0].1[..]), (20_001, "! quotes"));
    assert!(told[1..].iter().all(|(_, text)| text == "B"));
}

#[test]
fn a_line_that_is_too_long_is_not_held() {
    let body = [&b"A,1,2,"[..], &vec![b'x'; 200_000], b"\nB,1,2,3\n", &vec![b'C'; 2_000], b",1,2,3\n"].concat();
    assert_eq!(csv(&body), lines(&[(2, "! line_too_long"), (3, "B"), (4, &"C".repeat(2_000))]));
}

#[test]
fn every_line_of_adverse_quotes_is_read_in_linear_time() {
    let told = csv("x\",\"\n".repeat(100_000).as_bytes());
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), (2..100_002).collect::<Vec<_>>());
}

#[test]
fn objects_are_read_whatever_their_order() {
    let body = b"{\"note\":{\"a\":1},\"day\":\"2026-03-02\",\"client_no\":\"A\",\"total_assets\":0.12345678901234567890}\n\n{\"client_no\":null}\n[1]\n{\"client_no\":[]}\n{\"client_no\":7}\n{broken\n\xFF\n";
    let told = [(1, "A"), (3, ""), (4, "! json"), (5, "! type"), (6, "7"), (7, "! json"), (8, "! utf8")];
    assert_eq!(read(body, Format::Ndjson), lines(&told));
    let mut rows = open(&body[..], Format::Ndjson, &mapping()).expect("file");
    let row = rows.next().expect("memory").expect("a row").expect("good");
    let by_name: BTreeMap<_, _> = Kind::Balances.fields().iter().zip(row.values).collect();
    assert_eq!(by_name[&"total_assets"].as_deref(), Some("0.12345678901234567890"), "every digit as it was written");
    assert_eq!(by_name[&"net_assets"].as_deref(), Some("5"));
    assert_eq!(ignored(&rows), ["note"]);
}

#[test]
fn a_file_that_cannot_fit_is_refused_as_a_whole() {
    let refused = |header: &str, map: &[(&str, &str)], set: &[(&str, &str)]| {
        let mapping = Mapping::new(Kind::Trades, &declared(map, set)).expect("known fields");
        match open(header.as_bytes(), Format::Csv, &mapping) {
            Err(Error::Refused(refusal)) => {
                refusal.faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        }
    };
    let all = "client_no,executed_at,side,instrument,amount";
    assert!(refused(all, &[], &[]).is_empty());
    assert!(refused("client_no,executed_at,amount", &[], &[("side", "buy"), ("instrument", "X")]).is_empty());
    assert_eq!(
        refused("id,ts,amount", &[("client_no", "id")], &[("side", "buy")]),
        ["/executed_at required", "/instrument required"]
    );
    assert_eq!(refused(all, &[("price", "cost")], &[]), ["/price unknown"]);
    assert_eq!(refused(all, &[], &[("side", "buy")]), ["/side repeated"]);
    assert_eq!(refused("client_no,client_no,executed_at,side,instrument,amount", &[], &[]), [" repeated"]);
    assert!(Mapping::new(Kind::Trades, &declared(&[("colour", "c")], &[])).is_err());
    assert!(Mapping::new(Kind::Trades, &declared(&[("side", "c")], &[("side", "buy")])).is_err());
    assert!(open(b"", Format::Csv, &mapping()).is_err());
    assert!(open(b"\xFF\xFEa\0", Format::Csv, &mapping()).is_err());
}

#[test]
fn columns_that_feed_nothing_are_named() {
    let mut rows = open(b"client_no,Day,total_assets,note,trade_day\n", Format::Csv, &mapping()).expect("file");
    assert!(rows.next().expect("memory").is_none());
    assert_eq!(ignored(&rows), ["note", "trade_day"], "mapped elsewhere, its own name feeds nothing");
}

fn adverse_bytes() -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
    proptest::collection::vec(proptest::sample::select(&b"a,\"\n\r\xFF1{}:"[..]), 0..400)
}

proptest::proptest! {
    #[test]
    fn no_bytes_crash_the_reader_or_lose_a_line(body in adverse_bytes()) {
        for format in [Format::Csv, Format::Ndjson] {
            let head: &[u8] = if format == Format::Csv { b"client_no,day,total_assets\n" } else { b"" };
            let told = read(&[head, &body].concat(), format);
            let numbers: Vec<u64> = told.iter().map(|(line, _)| *line).collect();
            proptest::prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "each line once, in order: {numbers:?}");
        }
    }
}
