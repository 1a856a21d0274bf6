//! The value score: parts that add up, what no data means, and what a policy, a model and a book have to do with it.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::{BranchId, ClientId};
use serde_json::{Value, json};

use crate::support::{Client, TestApp};
use crate::trades::{send, trade};

async fn value(who: &Client, client: ClientId, query: &str) -> Value {
    who.get(&format!("/v1/clients/{client}/value-score{query}")).send().await.is(200).json
}

fn part<'a>(score: &'a Value, code: &str) -> &'a Value {
    score["parts"].as_array().unwrap().iter().find(|part| part["code"] == code).unwrap()
}

/// The promise of the slice: parts add up exactly, in any order.
fn adds_up(score: &Value) {
    let points = |part: &Value| part["points"].as_f64().unwrap();
    let parts: Vec<f64> = score["parts"].as_array().unwrap().iter().map(points).collect();
    let number = |name: &str| score[name].as_f64().unwrap();
    assert_eq!(parts.len(), 9);
    for sum in [parts.iter().sum::<f64>(), parts.iter().rev().sum()] {
        assert_eq!(sum.to_bits(), number("score").to_bits(), "{score}");
    }
    assert_eq!((number("contribution") + number("loyalty")).to_bits(), number("score").to_bits());
}

#[tokio::test]
async fn parts_add_up_and_say_what_they_rest_on() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let nothing = value(&admin, client, "").await;
    adds_up(&nothing);
    assert_eq!(
        (part(&nothing, "net_revenue")["status"].as_str(), nothing["grade"].as_str()),
        (Some("no_data"), Some("E"))
    );
    assert_eq!(nothing["clv_12m"], Value::Null);

    let with = |mut item: Value, more: Value| {
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    send(&admin, vec![trade(client, "T1", "2025-09-01T02:00:00Z", "400000")]).await;
    let assumed = value(&admin, client, "").await;
    adds_up(&assumed);
    assert_eq!(
        (assumed["net_revenue_12m"].as_str(), assumed["revenue_source"].as_str()),
        (Some("100"), Some("turnover_times_basis_points"))
    );
    assert_eq!(part(&assumed, "breadth")["status"], "no_data", "no trade says what it was");
    assert_eq!(part(&assumed, "presence")["status"], "no_data", "there is no model yet");

    let stock = json!({ "commission": "61.5", "product_type": "stock" });
    let fund = json!({ "commission": "8.5", "product_type": "fund", "side": "purchase" });
    let items = vec![
        with(trade(client, "T2", "2026-02-02T02:00:00Z", "1000"), stock),
        with(trade(client, "T3", "2026-03-02T02:00:00Z", "1000"), fund),
    ];
    send(&admin, items).await;
    for (day, net) in [("2026-01-05", "100000"), ("2026-01-06", "300000"), ("2026-02-05", "500000")] {
        let item = json!({ "client_id": client, "trade_day": day, "total_assets": net });
        admin.post("/v1/balances/batch").json(json!([item])).send().await.is(200);
    }
    let booked = value(&admin, client, "").await;
    adds_up(&booked);
    assert_eq!(
        (booked["net_revenue_12m"].as_str(), booked["revenue_source"].as_str()),
        (Some("70"), Some("commissions"))
    );
    assert_eq!(part(&booked, "breadth")["share"], 0.5, "two product types of four");
    assert_eq!(part(&booked, "regularity")["share"], 3.0 / 12.0);
    let text = part(&booked, "mean_net_assets")["text"].as_str().unwrap().to_owned();
    assert!(text.contains("CNY 350000.00"), "the mean of January's 200 000 and February's 500 000: {text}");
    // As of the day before, the last trade is not known.
    let before = value(&admin, client, "?as_of=2026-03-01").await;
    adds_up(&before);
    assert_eq!(before["net_revenue_12m"], "61.5");
    let path = format!("/v1/clients/{client}/value-score");
    let chinese = admin.get(&path).header("Accept-Language", "zh").send().await.is(200);
    assert!(chinese.json["reasons"][0]["text"].as_str().unwrap().starts_with("得分"));
}

#[tokio::test]
async fn a_score_has_its_place_after_a_run_and_does_not_move_because_others_joined() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    send(&admin, vec![trade(client, "T1", "2026-02-02T02:00:00Z", "400000")]).await;
    let alone = value(&admin, client, "").await;
    assert_eq!((alone["percentile"].clone(), alone["percentile_as_of"].clone()), (Value::Null, Value::Null));
    for n in 0..4 {
        let other = app.client(BranchId::ROOT, None).await;
        send(&admin, vec![trade(other, "T1", "2026-02-02T02:00:00Z", &format!("{n}000"))]).await;
    }
    admin.post("/v1/scoring-runs").json(json!({ "as_of": "2026-03-02" })).send().await.is(202);
    app.run_jobs().await;
    let placed = value(&admin, client, "").await;
    // What needs no model is what it was; what the run's model adds does not move with who comes after it.
    for code in ["net_revenue", "mean_net_assets", "tenure", "regularity", "breadth", "retained_assets"] {
        assert_eq!(part(&placed, code), part(&alone, code));
    }
    let late = app.client(BranchId::ROOT, None).await;
    send(&admin, vec![trade(late, "T1", "2026-02-02T02:00:00Z", "9000000")]).await;
    assert_eq!(value(&admin, client, "").await, placed);
    assert_eq!((placed["percentile"].as_f64(), placed["percentile_as_of"].as_str()), (Some(100.0), Some("2026-03-02")));
    assert_eq!(value(&admin, client, "?as_of=2026-03-01").await["percentile"], Value::Null, "not yet taken then");
}

#[tokio::test]
async fn a_client_out_of_scope_is_not_there() {
    let app = TestApp::start().await;
    let client = app.client(BranchId::ROOT, None).await;
    let stranger = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    stranger.get(&format!("/v1/clients/{client}/value-score")).send().await.is_problem(404, "not_found");
    let integration = app.client_as(Role::Integration, DataScope::Firm, BranchId::ROOT).await;
    integration.get(&format!("/v1/clients/{client}/value-score")).send().await.is_problem(403, "forbidden");
    let admin = app.admin().await;
    admin.get(&format!("/v1/clients/{client}/value-score?as_of=2026-13-01")).send().await.is_problem(400, "malformed");
}

/// A day is scored by what ruled at its end, whatever rules now.
#[tokio::test]
async fn a_past_day_is_scored_by_the_policy_of_that_day() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (maker, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let checker = app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await;
    send(&maker, vec![trade(client, "T1", "2026-02-02T02:00:00Z", "400000")]).await;
    let list = maker.get("/v1/policies?kind=value&status=active").send().await.is(200);
    let mut rules = list.json["items"][0]["rules"].clone();
    rules["turnover_basis_points"] = json!("5");
    let made = maker.post("/v1/policies").json(json!({ "kind": "value", "rules": rules })).send().await.is(201);
    let path = format!("/v1/policies/{}", made.text_of("policy_id"));
    maker.post(&format!("{path}/submit")).send().await.is(200);
    checker.post(&format!("{path}/approve")).send().await.is(200);
    let (now, before) = (value(&maker, client, "").await, value(&maker, client, "?as_of=2026-03-01").await);
    let seen = |score: &Value| (score["policy_version"].as_i64(), score["net_revenue_12m"].as_str().map(str::to_owned));
    assert_eq!(seen(&now), (Some(2), Some("200".to_owned())));
    assert_eq!(seen(&before), (Some(1), Some("100".to_owned())));
}
