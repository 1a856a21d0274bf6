//! Batches of trades: answered item by item, whatever is in them.

mod arrival;
mod doors;
mod order;
mod rivals;
mod speed;

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::{BranchId, ClientId};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};
use crate::trades::{send, trade};

const NOW: &str = "2026-03-02T08:00:00Z";

fn statuses(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|item| item["status"].as_str().unwrap()).collect()
}

fn faults(answer: &Value) -> Vec<(String, String)> {
    let part = |item: &'_ Value, name: &str| item["errors"][0][name].as_str().map(str::to_owned).unwrap_or_default();
    let items = answer["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["errors"].as_array().is_none_or(|errors| errors.len() == 1)), "{answer}");
    items.iter().map(|item| (part(item, "pointer"), part(item, "code"))).collect()
}

/// Faults as they are expected.
fn expected(faults: &[(&str, &str)]) -> Vec<(String, String)> {
    faults.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect()
}

/// Days and statistics of a client as the tables have them.
async fn rolled_up(app: &TestApp, client: ClientId) -> (Vec<String>, String) {
    let mut conn = app.db.connection().await.unwrap();
    let days = "SELECT concat_ws(' ', trade_day, trade_count, other_currency_count, buy_amount, sell_amount, commission, commission_count)
                FROM trade_day WHERE client_id = $1 ORDER BY trade_day";
    let statistics = "SELECT concat_ws(' ', active_days, trade_count, coalesce(first_day::text, '-'), coalesce(last_day::text, '-'), buy_amount, sell_amount, commission)
                      FROM trade_statistics WHERE client_id = $1";
    let days = sqlx::query_scalar(days).bind(client).fetch_all(&mut *conn).await.unwrap();
    let statistics: Option<String> =
        sqlx::query_scalar(statistics).bind(client).fetch_optional(&mut *conn).await.unwrap();
    (days, statistics.unwrap_or_default())
}

#[tokio::test]
async fn what_is_wrong_with_an_item_refuses_that_item() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let with = |change: Value| {
        let mut item = trade(client, "X", "2026-03-02T02:00:00Z", "10");
        item.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        item.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        item
    };
    let cases = [
        (with(json!({ "external_id": "good" })), ("", "")),
        (with(json!({ "client_id": null, "client_no": "nobody" })), ("/client_no", "unknown_client")),
        (with(json!({ "client_id": "00000000-0000-7000-8000-00000000ffff" })), ("/client_id", "unknown_client")),
        (with(json!({ "client_id": "me" })), ("/client_id", "format")),
        (with(json!({ "client_no": "both" })), ("/client_no", "one_client")),
        (with(json!({ "client_id": null })), ("/client_no", "one_client")),
        (with(json!({ "executed_at": "2026-03-02T08:05:01Z" })), ("/executed_at", "future")),
        (with(json!({ "executed_at": "2026-02-30T08:00:00Z" })), ("/executed_at", "format")),
        (with(json!({ "executed_at": "2026-03-02" })), ("/executed_at", "format")),
        (with(json!({ "executed_at": "1969-12-31T23:59:59Z" })), ("/executed_at", "too_early")),
        (with(json!({ "executed_at": null })), ("/executed_at", "required")),
        (with(json!({ "side": "gift" })), ("/side", "enum")),
        (with(json!({ "side": null })), ("/side", "required")),
        (with(json!({ "instrument": null })), ("/instrument", "required")),
        (with(json!({ "amount": null })), ("/amount", "required")),
        (with(json!({ "amount": null, "quantity": "3" })), ("/amount", "required")),
        (with(json!({ "quantity": "3", "price": "3" })), ("/amount", "amount_disagrees")),
        (with(json!({ "amount": "-1" })), ("/amount", "negative")),
        (with(json!({ "amount": "NaN" })), ("/amount", "format")),
        (with(json!({ "amount": "1e3" })), ("/amount", "format")),
        (with(json!({ "amount": "1.123456789" })), ("/amount", "too_precise")),
        (with(json!({ "amount": "12345678901234567" })), ("/amount", "too_large")),
        (with(json!({ "commission": "-0.01" })), ("/commission", "negative")),
        (with(json!({ "currency": "yuan" })), ("/currency", "format")),
        (with(json!({ "colour": "red" })), ("/colour", "unknown")),
        (with(json!({ "a/b~": 1 })), ("/a~1b~0", "unknown")),
        (with(json!({ "amount": 10 })), ("/amount", "type")),
        (with(json!({ "amount": "9".repeat(65) })), ("/amount", "too_large")),
        (with(json!({ "side": ["buy"] })), ("/side", "type")),
        (with(json!({ "external_id": null })), ("/external_id", "required")),
        (with(json!({ "reverses": 1 })), ("/reverses", "type")),
        (with(json!({ "instrument": "" })), ("/instrument", "required")),
        (with(json!({ "instrument": "a\u{0}b" })), ("/instrument", "control_character")),
        (with(json!({ "instrument": "x".repeat(900_000) })), ("/instrument", "length")),
        (with(json!({ "external_id": "zero", "amount": "0" })), ("", "")),
        (with(json!({ "external_id": "soon", "executed_at": "2026-03-02T16:04:59+08:00" })), ("", "")),
        (json!({ "client_id": client, "external_id": "R", "reverses": "later" }), ("", "")),
    ];
    let items = Value::Array(cases.iter().map(|(item, _)| item.clone()).collect());
    let answer = admin.post("/v1/trades/batch").json(items).send().await.is(200).json;
    assert_eq!(faults(&answer), expected(&cases.each_ref().map(|(_, fault)| *fault)));
    assert_eq!((answer["accepted"].as_u64(), answer["rejected"].as_u64()), (Some(4), Some(33)));
    let indexes: Vec<u64> =
        answer["items"].as_array().unwrap().iter().map(|item| item["index"].as_u64().unwrap()).collect();
    assert_eq!(indexes, (0..37).collect::<Vec<u64>>());
    assert_eq!(rolled_up(&app, client).await.0, ["2026-03-02 3 0 20.00000000 0.00000000 0.00000000 0"]);
}

#[tokio::test]
async fn a_body_that_is_no_batch_is_refused_as_a_whole() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let good = trade(client, "T1", "2026-03-02T02:00:00Z", "10");
    let refused = async |body: Value, pointer: &str| {
        let answer = admin.post("/v1/trades/batch").json(body).send().await.is_problem(422, "invalid");
        assert_eq!(answer.pointers(), [pointer], "{}", answer.text());
    };
    refused(json!([good, 3]), "/1").await;
    refused(json!([[good]]), "/0").await;
    refused(json!([]), "").await;
    refused(json!({ "items": [] }), "").await;
    refused(Value::Array(vec![good.clone(); 1_001]), "").await;
    let bytes = |body: Vec<u8>| admin.post("/v1/trades/batch").bytes("application/json", body);
    bytes(b"[{\"external_id\": \"\xff\"}]".to_vec()).send().await.is_problem(400, "malformed");
    bytes(b"[NaN]".to_vec()).send().await.is_problem(400, "malformed");
    bytes("[".repeat(100_000).into_bytes()).send().await.is_problem(400, "malformed");
    bytes(vec![b' '; 1024 * 1024 + 1]).send().await.is_problem(413, "body_too_large");
    admin.post("/v1/trades/batch").bytes("text/csv", "a,b").send().await.is_problem(415, "unsupported_media_type");
    assert_eq!(rolled_up(&app, client).await, (vec![], String::new()));
}

#[tokio::test]
async fn the_same_again_is_a_duplicate_and_other_content_is_refused() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let item = trade(client, "T1", "2026-03-02T02:00:00Z", "10.50");
    let mut other = item.clone();
    other["amount"] = "10.51".into();
    let batch = json!([item, item, other]);
    let first = admin.post("/v1/trades/batch").json(batch.clone()).send().await.is(200).json;
    assert_eq!(statuses(&first), ["accepted", "duplicate", "rejected"]);
    assert_eq!(faults(&first)[2..], expected(&[("/external_id", "external_id_reused")]));
    assert_eq!(first["items"][0]["trade_id"], first["items"][1]["trade_id"]);
    let again = admin.post("/v1/trades/batch").json(batch).send().await.is(200).json;
    assert_eq!(statuses(&again), ["duplicate", "duplicate", "rejected"]);
    assert_eq!(again["items"][0]["trade_id"], first["items"][0]["trade_id"]);
    // Another source, and another client, have ids of their own.
    let mut elsewhere = item.clone();
    elsewhere["source"] = "counter".into();
    let neighbour = trade(app.client(BranchId::ROOT, None).await, "T1", "2026-03-02T02:00:00Z", "10.50");
    send(&admin, vec![elsewhere, neighbour]).await;
    assert_eq!(rolled_up(&app, client).await.0, ["2026-03-02 2 0 21.00000000 0.00000000 0.00000000 0"]);
    // One event a batch that changed something.
    let events = "SELECT count(*) FROM outbox_event WHERE kind = 'trades.ingested'";
    let events: i64 = sqlx::query_scalar(events).fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap();
    assert_eq!(events, 2);
}

#[tokio::test]
async fn a_key_used_twice_has_one_effect() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let batch = json!([trade(client, "T1", "2026-03-02T02:00:00Z", "10")]);
    let call = || admin.post("/v1/trades/batch").key("k1").json(batch.clone());
    let (first, second): (Answer, Answer) = (call().send().await.is(200), call().send().await.is(200));
    assert_eq!(first.body, second.body);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(statuses(&second.json), ["accepted"]);
}

#[tokio::test]
async fn a_reversal_takes_its_trade_back_whichever_comes_first() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let reversal = |id: &str, of: &str| json!({ "client_id": client, "external_id": id, "reverses": of });
    let other = trade(client, "T0", "2026-02-26T02:00:00Z", "1");
    send(&admin, vec![other, trade(client, "T1", "2026-03-02T02:00:00Z", "10")]).await;
    let answer = send(&admin, vec![reversal("R1", "T1"), reversal("R2", "T2")]).await;
    assert!(answer["items"][0]["trade_reversal_id"].is_string() && answer["items"][0]["trade_id"].is_null());
    assert_eq!(rolled_up(&app, client).await.1, "1 1 2026-02-26 2026-02-26 1.00000000 0.00000000 0.00000000");
    send(&admin, vec![trade(client, "T2", "2026-02-27T02:00:00Z", "20")]).await;
    let batch = json!([reversal("R1", "T1"), reversal("R3", "T1"), reversal("R1", "T0"), reversal("T1", "T9")]);
    let again = admin.post("/v1/trades/batch").json(batch).send().await.is(200).json;
    assert_eq!(statuses(&again), ["duplicate", "rejected", "rejected", "accepted"]);
    let reasons = expected(&[("/reverses", "already_reversed"), ("/external_id", "external_id_reused")]);
    assert_eq!(faults(&again)[1..3], reasons);
    let (days, statistics) = rolled_up(&app, client).await;
    let zero = "0.00000000 0.00000000 0.00000000 0";
    assert_eq!(
        days,
        [
            "2026-02-26 1 0 1.00000000 0.00000000 0.00000000 0".to_owned(),
            format!("2026-02-27 0 0 {zero}"),
            format!("2026-03-02 0 0 {zero}")
        ]
    );
    assert_eq!(statistics, "1 1 2026-02-26 2026-02-26 1.00000000 0.00000000 0.00000000");
    send(&admin, vec![reversal("R0", "T0")]).await;
    assert_eq!(rolled_up(&app, client).await.1, "0 0 - - 0.00000000 0.00000000 0.00000000");
}

#[tokio::test]
async fn other_currencies_count_and_are_not_added_up() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let mut dollars = trade(client, "T1", "2026-03-02T02:00:00Z", "10");
    dollars["currency"] = "USD".into();
    dollars["commission"] = "1".into();
    let mut yuan = trade(client, "T2", "2026-03-02T02:00:00Z", "7");
    yuan["commission"] = "0.5".into();
    send(&admin, vec![dollars, yuan]).await;
    assert_eq!(rolled_up(&app, client).await.0, ["2026-03-02 2 1 7.00000000 0.00000000 0.50000000 1"]);
}

#[tokio::test]
async fn a_partner_sends_for_the_clients_in_its_scope() {
    let app = TestApp::at(NOW).await;
    let branch = app.branch("SH001", BranchId::ROOT).await;
    let partner = app.client_as(Role::Integration, DataScope::Branch, branch).await;
    let (inside, outside) = (app.client(branch, None).await, app.client(BranchId::ROOT, None).await);
    let item = |client| trade(client, "T1", "2026-03-02T02:00:00Z", "10");
    let answer = partner.post("/v1/trades/batch").json(json!([item(inside), item(outside)])).send().await.is(200).json;
    assert_eq!(faults(&answer), expected(&[("", ""), ("/client_id", "unknown_client")]));
    let chinese = partner.post("/v1/trades/batch").header("Accept-Language", "zh-CN").json(json!([item(outside)]));
    let answer = chinese.send().await.is(200).json;
    assert_eq!(answer["items"][0]["errors"][0]["message"], "在您的权限范围内没有该客户");
}

/// What happened before a client left may still come in; nothing after, and it moves no tier.
#[tokio::test]
async fn a_closed_client_takes_in_only_its_past() {
    let app = TestApp::at("2026-03-31T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let closed_on = json!({ "reason": "moved", "closed_on": "2026-03-31" });
    admin.post(&format!("/v1/clients/{client}/close")).json(closed_on).send().await.is(200);
    app.clock.set("2026-04-10T08:00:00Z".parse().unwrap());
    let admin = app.admin().await;
    let items =
        json!([trade(client, "T1", "2026-03-30T02:00:00Z", "10"), trade(client, "T2", "2026-04-02T02:00:00Z", "10"),]);
    let answer = admin.post("/v1/trades/batch").json(items).send().await.is(200).json;
    assert_eq!(
        (&answer["items"][0]["status"], &answer["items"][1]["status"]),
        (&json!("accepted"), &json!("rejected"))
    );
    assert_eq!(answer["items"][1]["errors"][0]["code"], "client_closed", "{answer}");
    let balance = |day: &str| json!({ "client_id": client, "trade_day": day, "total_assets": "50000000" });
    let items = json!([balance("2026-03-31"), balance("2026-04-01")]);
    let answer = admin.post("/v1/balances/batch").json(items).send().await.is(200).json;
    assert_eq!(
        (answer["accepted"].as_u64(), answer["items"][1]["errors"][0]["code"].as_str()),
        (Some(1), Some("client_closed"))
    );
    let client = admin.get(&format!("/v1/clients/{client}")).send().await.is(200).json;
    assert_eq!((&client["status"], &client["tier"]), (&json!("closed"), &Value::Null));
}
