//! Trades over HTTP: the list of a client.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::{BranchId, ClientId};
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// A trade of a client, as the API takes it.
pub fn trade(client: ClientId, external_id: &str, executed_at: &str, amount: &str) -> Value {
    json!({ "client_id": client, "external_id": external_id, "executed_at": executed_at, "side": "buy",
            "instrument": "600519.SH", "amount": amount })
}

/// Sends trades in and expects all of them to be taken.
pub async fn send(caller: &Client, items: Vec<Value>) -> Value {
    let count = items.len();
    let answer = caller.post("/v1/trades/batch").json(Value::Array(items)).send().await.is(200).json;
    assert_eq!(answer["accepted"], count, "{answer}");
    answer
}

#[tokio::test]
async fn a_client_s_trades_come_newest_first_and_page_by_page() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let items = (1..=5).map(|n| trade(client, &format!("T{n}"), &format!("2026-03-02T02:0{}:00Z", n / 2), "10"));
    send(&admin, items.collect()).await;
    let path = format!("/v1/clients/{client}/trades?limit=2");
    let (mut next, mut seen) = (path.clone(), Vec::new());
    loop {
        let page = admin.get(&next).send().await.is(200).json;
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["external_id"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("{path}&cursor={cursor}");
    }
    let mut all = seen.clone();
    all.sort();
    assert_eq!(all, ["T1", "T2", "T3", "T4", "T5"]);
    assert!(seen[..2].iter().all(|id| id == "T4" || id == "T5"), "{seen:?}");
    let other = format!("/v1/clients/{client}/trades?limit=2&side=buy&{}", next.split_once('&').unwrap().1);
    admin.get(&other).send().await.is_problem(400, "invalid_cursor");
}

#[tokio::test]
async fn filters_choose_and_each_row_says_whether_it_stands() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let mut sold = trade(client, "S1", "2026-03-01T18:00:00Z", "7.5");
    sold["side"] = "sell".into();
    sold["instrument"] = "000001.SZ".into();
    sold["product_type"] = "stock".into();
    sold["quantity"] = "3".into();
    sold["price"] = "2.5".into();
    let back = json!({ "client_id": client, "external_id": "R1", "reverses": "B1" });
    send(&admin, vec![trade(client, "B1", "2026-03-02T02:00:00Z", "10.50"), sold, back]).await;
    let ids = async |query: &str| {
        let page = admin.get(&format!("/v1/clients/{client}/trades?{query}")).send().await.is(200).json;
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["external_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("side=sell").await, ["S1"]);
    assert_eq!(ids("instrument=600519.SH").await, ["B1"]);
    assert_eq!(ids("product_type=stock").await, ["S1"]);
    assert_eq!(ids("executed_from=2026-03-02T02:00:00Z").await, ["B1"]);
    assert_eq!(ids("executed_to=2026-03-02T02:00:00Z").await, ["S1"]);
    let page = admin.get(&format!("/v1/clients/{client}/trades")).send().await.is(200).json;
    assert_eq!(page["items"][0]["reversed"], true);
    assert_eq!(page["items"][0]["amount"], "10.5");
    assert_eq!(page["items"][0]["currency"], "CNY");
    assert_eq!(page["items"][1]["reversed"], false);
    assert_eq!(page["items"][1]["trade_day"], "2026-03-02", "the exchange's day");
    for query in ["side=gift", "colour=red", "executed_from=yesterday", "limit=0", "instrument="] {
        admin.get(&format!("/v1/clients/{client}/trades?{query}")).send().await.is_problem(400, "malformed");
    }
}

#[tokio::test]
async fn who_does_not_see_the_client_sees_no_trades() {
    let app = TestApp::start().await;
    let advisor = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let (theirs, other) = (app.client(BranchId::ROOT, advisor.staff_id).await, app.client(BranchId::ROOT, None).await);
    for what in ["trades", "balances", "tier"] {
        advisor.get(&format!("/v1/clients/{theirs}/{what}")).send().await.is(200);
        advisor.get(&format!("/v1/clients/{other}/{what}")).send().await.is_problem(404, "not_found");
        app.anonymous().get(&format!("/v1/clients/{theirs}/{what}")).send().await.is_problem(401, "unauthenticated");
    }
    let items = json!([trade(theirs, "T1", "2026-03-02T02:00:00Z", "1")]);
    advisor.post("/v1/trades/batch").json(items.clone()).send().await.is_problem(403, "forbidden");
    advisor.post("/v1/balances/batch").json(items).send().await.is_problem(403, "forbidden");
}
