//! Decisions about clients: kept when the result changes, and the same to the byte when concluded again.

mod book;
mod tiers;

use clientele::firm::access::{DataScope, Role};
use clientele::insight::decisions;
use clientele::platform::kernel::decision::{Basis, Decision, Reason, Text};
use clientele::platform::kernel::ids::{BranchId, ClientId};
use clientele::platform::kernel::principal::Caller;
use serde_json::{Value, json};

use crate::support::TestApp;

/// A client with trades of half a year.
async fn active_client(app: &TestApp) -> ClientId {
    let client = app.client(BranchId::ROOT, None).await;
    let trades: Vec<Value> = (1..=28)
        .map(|day| {
            json!({ "client_id": client, "external_id": format!("T{day}"), "executed_at": format!("2026-02-{day:02}T02:00:00Z"),
                    "side": "buy", "instrument": "600000.SH", "product_type": "stock", "currency": "CNY",
                    "quantity": "100", "price": "10.01", "amount": "1001", "commission": "5.37" })
        })
        .collect();
    app.admin().await.post("/v1/trades/batch").json(json!(trades)).send().await.is(200);
    client
}

#[tokio::test]
async fn a_value_is_decided_on_demand_kept_once_and_replayed_to_the_byte() {
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    let admin = app.admin().await;
    let path = format!("/v1/clients/{}/decisions", active_client(&app).await);
    let value = json!({ "kind": "value" });
    let made = admin.post(&path).json(value.clone()).send().await.is(200);
    assert_eq!(made.json["basis"], json!([{ "kind": "policy:value", "id": null, "version": 1 }]));
    assert_eq!(made.json["as_of"], "2026-03-02");
    assert!(!made.json["reasons"].as_array().unwrap().is_empty() && made.json["result"]["grade"].is_string());
    let again = admin.post(&path).json(value).send().await.is(200);
    assert_eq!(again.json, made.json, "the same result is the same decision");
    let list = admin.get(&format!("{path}?kind=value")).send().await.is(200);
    assert_eq!(list.json["items"], json!([made.json]));
    let one = format!("{path}/{}", made.text_of("decision_id"));
    assert_eq!(admin.get(&one).send().await.is(200).json, made.json);
    let replay = admin.post(&format!("{one}/replay")).send().await.is(200);
    assert_eq!(replay.json["equal"], true, "{}", replay.text());
    assert_eq!(replay.json["stored"], replay.json["replayed"]);

    // What was decided stays decided by what ruled then, whatever rules now.
    let mut stricter = admin.get("/v1/policies?kind=value").send().await.is(200).json["items"][0]["rules"].clone();
    stricter["grades"][2]["from"] = json!(49.9);
    stricter["grades"][3]["from"] = json!(49.8);
    let draft = json!({ "kind": "value", "rules": stricter });
    let draft = admin.post("/v1/policies").json(draft).send().await.is(201);
    let draft = format!("/v1/policies/{}", draft.text_of("policy_id"));
    admin.post(&format!("{draft}/submit")).send().await.is(200);
    let other = app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await;
    other.post(&format!("{draft}/approve")).send().await.is(200);
    let later = admin.post(&format!("{one}/replay")).send().await.is(200);
    assert_eq!(later.json["equal"], true, "{}", later.text());
    // A hand that changes the rules a decision was made by is seen.
    let sql = "UPDATE policy SET rules = jsonb_set(rules, '{grades}',
                   (SELECT jsonb_agg(grade || '{\"strategy\": \"other\"}') FROM jsonb_array_elements(rules -> 'grades') grade))
               WHERE kind = 'value'";
    sqlx::query(sql).execute(&mut app.connect().await).await.unwrap();
    let forged = admin.post(&format!("{one}/replay")).send().await.is(200);
    assert_eq!(forged.json["equal"], false, "other rules conclude otherwise");
}

#[tokio::test]
async fn unknown_kinds_are_not_decided() {
    let app = TestApp::start().await;
    let path = format!("/v1/clients/{}/decisions", app.client(BranchId::ROOT, None).await);
    let refused = app.admin().await.post(&path).json(json!({ "kind": "weather" })).send().await;
    refused.is_problem(422, "unknown_decision_kind");
}

#[tokio::test]
async fn only_a_change_is_kept_and_every_byte_of_it() {
    let app = TestApp::at("2026-03-03T01:00:00Z").await;
    let (client, other) = (app.client(BranchId::ROOT, None).await, app.client(BranchId::ROOT, None).await);
    let decision = |client_id, tier: &str| Decision {
        client_id,
        kind: "tier",
        result: json!({ "tier": tier, "b": -0.0, "a": 1.0e-7 }),
        reasons: vec![Reason::new("x", Text::new("because", "因为"))],
        basis: vec![Basis { kind: "policy:tier".to_owned(), id: None, version: 1 }],
        as_of: "2026-03-02".parse().unwrap(),
        inputs: json!({ "average": "500000.00" }),
    };
    let store = async |decided: Vec<Decision<Value>>| {
        // The clock stands still: all of it happens within one millisecond, and has an order nevertheless.
        let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
        let kept = decisions::store(&mut uow, decided).await.unwrap();
        uow.finish_unrecorded("a test", ()).await.unwrap();
        kept
    };
    assert_eq!(store(vec![decision(client, "ordinary"), decision(other, "ordinary")]).await, 2);
    assert_eq!(store(vec![decision(client, "ordinary"), decision(other, "middle")]).await, 1);
    assert_eq!(store(vec![decision(client, "middle")]).await, 1);
    assert_eq!(store(vec![decision(client, "ordinary")]).await, 1, "back again is a change");
    let sql = "SELECT DISTINCT result::text || inputs::text FROM decision WHERE client_id = $1 ORDER BY 1";
    let bytes: Vec<String> = sqlx::query_scalar(sql).bind(other).fetch_all(&mut app.connect().await).await.unwrap();
    assert_eq!(
        bytes,
        [
            r#"{"a":1e-7,"b":-0.0,"tier":"middle"}{"average":"500000.00"}"#,
            r#"{"a":1e-7,"b":-0.0,"tier":"ordinary"}{"average":"500000.00"}"#
        ]
    );
    let list = app.admin().await.get(&format!("/v1/clients/{client}/decisions")).send().await.is(200);
    let tiers: Vec<&Value> =
        list.json["items"].as_array().unwrap().iter().map(|item| &item["result"]["tier"]).collect();
    assert_eq!(tiers, ["ordinary", "middle", "ordinary"]);
}
