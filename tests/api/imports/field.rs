//! Files as counters, terminals and spreadsheets write them: taken in as they are, with the right values.

use serde_json::Value;

use super::{NOW, counts};
use crate::support::{Client, TestApp};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/field/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Takes a file in; its result.
async fn taken(app: &TestApp, caller: &Client, query: &str, body: Vec<u8>) -> Value {
    let answer = caller.post(&format!("/v1/imports?{query}")).bytes("application/octet-stream", body).send().await;
    let location = answer.is(202).header("location").unwrap().to_owned();
    app.run_jobs().await;
    let job = caller.get(&location).send().await.is(200).json;
    assert_eq!(job["state"], "succeeded", "{job}");
    job["result"].clone()
}

/// Trades of a client: "side instrument quantity price amount commission", by time and what they are.
async fn trades(app: &TestApp, client_no: &str) -> Vec<String> {
    let sql =
        "SELECT concat_ws(' ', t.side, t.instrument, trim_scale(t.quantity), trim_scale(t.price), trim_scale(t.amount),
                   trim_scale(t.commission))
               FROM trade t JOIN client c USING (client_id) WHERE c.client_no = $1 ORDER BY t.executed_at, 1";
    sqlx::query_scalar(sql).bind(client_no).fetch_all(&mut *app.db.connection().await.unwrap()).await.unwrap()
}

struct Case {
    file: &'static str,
    query: &'static str,
    /// Read, accepted, duplicate, rejected, clients created.
    counts: [u64; 5],
    closing_lines: u64,
    encoding: &'static str,
    client_no: &'static str,
    trades: &'static [&'static str],
}

const fn case(file: &'static str, counts: [u64; 5], client_no: &'static str, trades: &'static [&'static str]) -> Case {
    Case {
        file,
        query: "kind=trades&create_clients=true",
        counts,
        closing_lines: 0,
        encoding: "UTF-8",
        client_no,
        trades,
    }
}

const BUY: &str = "buy 600000 100 10 1000";
const BUY_5: &str = "buy 600000 100 10 1000 5";

const CASES: &[Case] = &[
    case("e04_date_time_columns.csv", [2, 2, 0, 0, 1], "77000020", &[BUY, BUY]),
    case(
        "e05_sides.csv",
        [10, 10, 0, 0, 1],
        "77000017",
        &[
            BUY,
            "sell 600000 100 10 1000",
            BUY,
            "margin_buy 600000 100 10 1000",
            BUY,
            "sell 600000 100 10 1000",
            BUY,
            "margin_buy 600000 100 10 1000",
            "margin_buy 600000 100 10 1000",
            BUY,
        ],
    ),
    Case { closing_lines: 1, ..case("e06_total.csv", [1, 1, 0, 0, 1], "77000016", &[BUY]) },
    case("e06d_preamble.csv", [1, 0, 1, 0, 0], "77000016", &[BUY]),
    case("e13_dup_header.csv", [1, 1, 0, 0, 1], "77000014", &[BUY_5]),
    case("e16_trailing_comma.csv", [2, 2, 0, 0, 0], "77000014", &[BUY, BUY_5, BUY]),
    case("e16b_trailing_both.csv", [1, 1, 0, 0, 0], "77000014", &[BUY, BUY_5, BUY, BUY]),
    case("e17_dot.csv", [6, 5, 0, 1, 1], "77000015", &["buy 600000 100 10 1000 0", BUY_5, BUY_5, BUY_5, BUY]),
    Case { encoding: "gb18030", ..case("p02b_trades_gbk_header.csv", [1, 1, 0, 0, 1], "77000002", &[BUY]) },
    Case { encoding: "UTF-16LE", ..case("p02d_utf16.csv", [1, 1, 0, 0, 0], "77000002", &[BUY, BUY_5]) },
    case("p03_tab.csv", [1, 1, 0, 0, 1], "77000003", &[BUY_5]),
    case("p03b_semicolon.csv", [1, 0, 1, 0, 0], "77000003", &[BUY_5]),
    case(
        "p04_numbers.csv",
        [14, 9, 0, 5, 1],
        "77000004",
        &[
            "buy 600000 1000 10 10000 5",
            "buy 600001 1000 10 10000 5",
            "buy 600002 1000 10 10000 5",
            "buy 600003 100 10 1000 5",
            "buy 600004 100 10 1000 5",
            "buy 600007 100 10 1000 5",
            "buy 600008 100 10 1000 5",
            "buy 600009 0.5 10 5 5",
            "buy 600002 1000 10 10000 5",
        ],
    ),
    case("p09_bonus.csv", [2, 2, 0, 0, 1], "77000025", &[BUY, "sell 600000 200 6 1200"]),
    case(
        "p25_formula_text.csv",
        [5, 5, 0, 0, 1],
        "77000009",
        &[
            "buy 600519 100 10 1000 5",
            "buy 600519 100 10 1000 5",
            "buy 600519 100 10 1000 5",
            "buy 600519 100 10 1000 5",
            "buy 600519 100 10 1000 5",
        ],
    ),
    case(
        "cli_float.ndjson",
        [6, 3, 0, 3, 1],
        "66000001",
        &["buy 600000 0.3 10 3 0.00001", "buy 600000 100 10.53 1053", "buy 600000 10000"],
    ),
];

#[tokio::test]
async fn files_of_the_field_go_in_as_they_are() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    for case in CASES {
        let result = taken(&app, &admin, case.query, fixture(case.file)).await;
        assert_eq!(counts(&result), case.counts, "{}: {result}", case.file);
        assert_eq!(result["closing_lines"], case.closing_lines, "{}", case.file);
        assert_eq!(result["layout"]["encoding"], case.encoding, "{}", case.file);
        assert_eq!(trades(&app, case.client_no).await, case.trades, "{}", case.file);
    }
}

/// A terminal's export of one client, as "xls" in GBK and saved again as CSV with a line of sums: one trade.
#[tokio::test]
async fn a_terminal_s_export_is_the_same_however_it_is_saved() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let query = "kind=trades&create_clients=true&set=client_no%3D77000001";
    let first = taken(&app, &admin, query, fixture("cli_tdx.xls")).await;
    assert_eq!((counts(&first), &first["layout"]["separator"]), ([1, 1, 0, 0, 1], &Value::from("\t")));
    let again = taken(&app, &admin, query, fixture("cli_tdx_utf8.csv")).await;
    assert_eq!((counts(&again), &again["closing_lines"]), ([1, 0, 1, 0, 0], &Value::from(1)));
    let id: String = sqlx::query_scalar("SELECT external_id FROM trade")
        .fetch_one(&mut *app.db.connection().await.unwrap())
        .await
        .unwrap();
    assert_eq!(id, "20260302-600000-10001", "numbers repeat per day and market");
}

#[tokio::test]
async fn numbers_that_repeat_per_day_are_told_apart_by_more_columns() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let file = || fixture("e08_trade_no_repeats.csv");
    let query = "kind=trades&create_clients=true";
    let alone = taken(&app, &admin, query, file()).await;
    assert_eq!(counts(&alone), [3, 1, 0, 2, 1], "{alone}");
    assert_eq!(alone["faults"][0]["lines"], 2, "{alone}");
    let joined = "&source=counter&map=external_id%3Dexecuted_at%2Binstrument%2Bexternal_id";
    assert_eq!(counts(&taken(&app, &admin, &format!("{query}{joined}"), file()).await), [3, 3, 0, 0, 0]);
}

#[tokio::test]
async fn clients_and_balances_go_in_as_they_are() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let clients = taken(&app, &admin, "kind=clients", fixture("p02_clients_gbk.csv")).await;
    assert_eq!((counts(&clients)[1], &clients["layout"]["encoding"]), (2, &Value::from("gb18030")));
    let list = admin.get("/v1/clients?limit=10").send().await.is(200);
    let names: Vec<&str> =
        list.json["items"].as_array().unwrap().iter().filter_map(|row| row["name"].as_str()).collect();
    assert!(names.contains(&"欧阳春晓") && names.contains(&"云栖投资"), "{names:?}");
    let query = "kind=balances&create_clients=true&set=trade_day%3D2026-03-02";
    let balances = taken(&app, &admin, query, fixture("e06e_total_million.csv")).await;
    assert_eq!((counts(&balances), &balances["closing_lines"]), ([1, 1, 0, 0, 1], &Value::from(1)));
}

#[tokio::test]
async fn a_dry_run_answers_what_was_understood() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = "客户号,成交日期,成交时间,操作,证券代码,成交数量,成交价格,备注\n\
        7,20260302,93105,买入,600000,100,10,x\n7,2026111,93105,买入,600000,100,10,x\n7,20260303,93105,送股,600000,100,10,x\n";
    let query = "kind=trades&create_clients=true&dry_run=true";
    let result = taken(&app, &admin, query, body.into()).await;
    assert_eq!(counts(&result), [3, 1, 0, 2, 1], "{result}");
    let fields = |place: usize| &result["columns"][place];
    assert_eq!(fields(1)["fields"], serde_json::json!(["executed_at"]));
    assert_eq!(fields(4)["examples"], serde_json::json!(["600000", "600000", "600000"]));
    assert_eq!(result["ignored_columns"], serde_json::json!(["备注"]));
    let faults: Vec<String> = result["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| {
            format!("{} {} {}", kind["code"].as_str().unwrap(), kind["pointer"].as_str().unwrap(), kind["first_lines"])
        })
        .collect();
    assert_eq!(faults, ["ambiguous_date /executed_at [3]", "enum /side [4]"]);
    let mapped = taken(&app, &admin, &format!("{query}&value=side:送股%3Dbuy"), body.into()).await;
    assert_eq!(counts(&mapped), [3, 2, 0, 1, 1], "{mapped}");
}

#[tokio::test]
async fn what_is_no_table_of_text_is_refused_with_advice() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let post = |query: &str, body: &'static [u8]| {
        admin.post(&format!("/v1/imports?kind=trades&{query}")).bytes("application/vnd.ms-excel", body.to_vec())
    };
    for body in [&b"PK\x03\x04rest"[..], b"\xD0\xCF\x11\xE0rest", b"<html><table></table></html>"] {
        assert_eq!(post("", body).send().await.is(422).text_of("code"), "unfit_file");
    }
    let body = b"client_no,executed_at,side,instrument,amount\nA,2026-03-02,buy,X,1\n";
    assert_eq!(post("encoding=klingon", body).send().await.is(422).json["errors"][0]["pointer"], "?encoding");
}

#[tokio::test]
async fn a_mapping_is_saved_once_and_used_every_day() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let path = "/v1/import-mappings/counter-trades";
    let body = serde_json::json!({ "kind": "trades", "map": { "client_no": "持有人", "executed_at": "成交日期+成交时间" },
        "values": { "side": { "竞价买入": "buy" } } });
    let made = admin.put(path).json(body.clone()).send().await.is(201);
    assert_eq!(admin.put(path).json(body.clone()).send().await.is(200).header("etag"), made.header("etag"));
    let file = "持有人;成交日期;成交时间;操作;证券代码;成交数量;成交价格\n7;20260302;93105;竞价买入;600000;100;10\n";
    let query = "kind=trades&create_clients=true&mapping=counter-trades";
    assert_eq!(counts(&taken(&app, &admin, query, file.into()).await), [1, 1, 0, 0, 1]);
    let post = |query: &str| admin.post(&format!("/v1/imports?{query}")).bytes("text/csv", file);
    post("kind=balances&mapping=counter-trades").send().await.is_problem(422, "mapping_of_another_kind");
    post("kind=trades&mapping=none").send().await.is_problem(422, "unknown_mapping");
    for name in ["__main__", "Trades", &"x".repeat(65)] {
        let named = admin.put(&format!("/v1/import-mappings/{name}")).json(body.clone()).send().await;
        assert_eq!(named.is(422).json["errors"][0]["code"], "mapping_name");
    }
    let wrong = serde_json::json!({ "kind": "trades", "map": { "colour": "x" }, "encoding": "klingon" });
    admin.put(path).json(wrong).send().await.is_problem(422, "invalid");
    let changed = serde_json::json!({ "kind": "trades" });
    let stale = admin.put(path).header("if-match", "\"7\"").json(changed.clone()).send().await;
    stale.is_problem(412, "version_mismatch");
    admin.put(path).json(changed).send().await.is(200);
    assert_eq!(
        admin.get("/v1/import-mappings?kind=trades").send().await.is(200).json["items"][0]["name"],
        "counter-trades"
    );
    admin.delete(path).send().await.is(204);
    admin.get(path).send().await.is(404);
}

#[tokio::test]
async fn words_that_need_no_mapping_are_listed() {
    let app = TestApp::at(NOW).await;
    let words = app.admin().await.get("/v1/imports/words").send().await.is(200).json;
    assert!(words["kinds"][1]["headers"].to_string().contains("证券代码"), "{words}");
    assert!(words["kinds"][1]["values"].to_string().contains("证券买入"), "{words}");
}
