//! Exports as counters write them, generated: encodings × separators × headers × date forms × lines that are no rows.
//! Every value is the right one, and no mapping is given.

use chrono_tz::Asia::Shanghai;
use encoding_rs::GB18030;
use rust_decimal::Decimal;

use super::*;
use crate::imports::model::{Declared, Kind};
use crate::imports::rules::identity::Ordinals;
use crate::imports::rules::rows::Reading;
use crate::ingestion::TradeInput;

const HEADERS: [[&str; 9]; 4] = [
    ["客户号", "成交日期", "成交时间", "买卖方向", "证券代码", "成交数量", "成交价格", "成交金额(元)", "成交编号"],
    ["客户代码", "发生日期", "发生时间", "业务名称", "股票代码", "成交股数", "成交均价", "成交额", "成交序号"],
    ["　客户编号", "日期", "时间", "操作", "代码", "数量", "价格", "金额", "成交号"],
    ["client_no", "trade_date", "trade_time", "side", "symbol", "qty", "price", "amount", "Trade ID"],
];
const DATES: [&str; 5] = ["%Y%m%d", "%Y-%m-%d", "%Y/%-m/%-d", "%Y年%-m月%-d日", "%Y.%m.%d"];
const TIMES: [&str; 3] = ["%H:%M:%S", "%H%M%S", "%-H:%M:%S"];
const SIDES: [(&str, &str); 3] = [("证券买入", "证券卖出"), ("买入", "卖出"), ("B", "S")];

/// Trades of an export: number, instant, side, code, units, price.
fn trades() -> Vec<TradeInput> {
    let trade = |no: u32, sell: bool, code: &str, quantity: i64, cents: i64| TradeInput {
        client_no: Some("88000001".to_owned()),
        executed_at: Some(format!("2026-03-{:02}T01:31:{:02}Z", 2 + no % 3, no).parse().expect("an instant")),
        side: serde_json::from_value(if sell { "sell" } else { "buy" }.into()).expect("a side"),
        instrument: Some(code.to_owned()),
        quantity: Some(quantity.into()),
        price: Some(Decimal::new(cents, 2).normalize()),
        amount: Some(Decimal::new(cents * quantity, 2).normalize()),
        external_id: Some(format!("2026030{}-{}-{no}", 2 + no % 3, code.trim_start_matches('0'))),
        source: Some("main".to_owned()),
        ..TradeInput::default()
    };
    vec![
        trade(7, false, "600519", 100, 148_050),
        trade(8, true, "000001", 1_234_500, 1_125),
        trade(9, false, "300750", 1_000, 20_001),
    ]
}

/// One way of writing a number of units.
fn grouped(number: &str, separator: char) -> String {
    if separator == ',' || number.len() <= 3 {
        return number.to_owned();
    }
    let (head, tail) = number.split_at(number.len() - 3);
    format!("{},{tail}", grouped(head, separator))
}

struct Form {
    header: usize,
    date: &'static str,
    time: &'static str,
    sides: (&'static str, &'static str),
    separator: char,
    is_wrapped: bool,
}

fn written(form: &Form) -> String {
    let joined = |cells: &[String]| format!("{}\r\n", cells.join(&form.separator.to_string()));
    let mut text = String::new();
    if form.is_wrapped {
        text.push_str("某某证券营业部 客户成交查询\r\n资金账号:88 币种:人民币\r\n\r\n");
    }
    text.push_str(&joined(&HEADERS[form.header].map(str::to_owned)));
    for trade in trades() {
        let at = trade.executed_at.expect("an instant").with_timezone(&Shanghai);
        let is_sell = trade.side.is_some_and(|side| side.is_sell());
        let code = trade.instrument.expect("a code");
        let number = trade.external_id.expect("an id");
        text.push_str(&joined(&[
            trade.client_no.expect("a client"),
            at.format(form.date).to_string(),
            at.format(form.time).to_string(),
            if is_sell { form.sides.1 } else { form.sides.0 }.to_owned(),
            if form.is_wrapped { format!("=\"{code}\"") } else { code },
            grouped(&trade.quantity.expect("units").to_string(), form.separator),
            format!("{:.2}", trade.price.expect("a price")),
            format!("{:.2}", trade.amount.expect("money")),
            format!("{:0>8}", number.rsplit('-').next().expect("a number")),
        ]));
    }
    if form.is_wrapped {
        text.push_str(&joined(&["合计", "", "", "", "", "1", "", "1", ""].map(str::to_owned)));
        text.push_str("打印时间：2026-03-31 15:00\r\n");
    }
    text
}

fn encoded(text: &str) -> [(&'static str, Vec<u8>); 5] {
    let utf16 = |to_bytes: fn(u16) -> [u8; 2], mark: &[u8]| {
        [mark.to_vec(), text.encode_utf16().flat_map(to_bytes).collect()].concat()
    };
    [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        ("gb18030", GB18030.encode(text).0.into_owned()),
        ("UTF-16LE", utf16(u16::to_le_bytes, b"\xFF\xFE")),
        ("UTF-16BE", utf16(u16::to_be_bytes, b"\xFE\xFF")),
    ]
}

/// What an export says, without any mapping.
fn read(bytes: &[u8]) -> (String, Vec<TradeInput>) {
    let mapping = Mapping::new(Kind::Trades, &Declared::default()).expect("a mapping");
    let mut sniffer = Sniffer::default();
    sniffer.update(bytes);
    let mut rows = Rows::open(bytes, Format::Csv, sniffer.finish(), None, &mapping).expect("a fitting file");
    let mut reading = Reading { zone: Shanghai, source: "main".to_owned(), ordinals: Ordinals::default() };
    let mut trades = Vec::new();
    while let Some(row) = rows.next().expect("memory does not fail") {
        let sent = reading.trade(row.expect("a row"));
        assert!(sent.faults.is_empty(), "{:?}", sent.faults);
        // How many places a price is printed with says how exact it is, and is kept.
        let [quantity, price, amount] = [sent.item.quantity, sent.item.price, sent.item.amount]
            .map(|number| number.map(|number| number.normalize()));
        trades.push(TradeInput { quantity, price, amount, ..sent.item });
    }
    (rows.layout().encoding.clone(), trades)
}

#[test]
fn generated_exports_are_read_without_a_mapping() {
    let wanted: Vec<String> = trades().iter().map(|trade| format!("{trade:?}")).collect();
    let mut files = 0;
    for (place, (header, date)) in (0..HEADERS.len()).flat_map(|header| DATES.map(|date| (header, date))).enumerate() {
        for (step, separator) in [',', '\t', ';', '|'].into_iter().enumerate() {
            for is_wrapped in [false, true] {
                let (time, sides) = (TIMES[(place + step) % TIMES.len()], SIDES[(place / 2 + step) % SIDES.len()]);
                let text = written(&Form { header, date, time, sides, separator, is_wrapped });
                for (encoding, bytes) in encoded(&text) {
                    // Latin text alone is UTF-8 as well as GB18030.
                    let encoding = if text.is_ascii() && encoding == "gb18030" { "UTF-8" } else { encoding };
                    let (found, read) = read(&bytes);
                    assert_eq!(found, encoding, "{text}");
                    let read: Vec<String> = read.iter().map(|trade| format!("{trade:?}")).collect();
                    assert_eq!(read, wanted, "{encoding}\n{text}");
                    files += 1;
                }
            }
        }
    }
    assert_eq!(files, 4 * 5 * 4 * 2 * 5);
}
