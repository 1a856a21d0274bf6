//! The audit trail: what was overwritten is found in it, and nobody finds it in the tables.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use crate::support::TestApp;

async fn newest(app: &TestApp, filter: &str) -> Value {
    let found = app.admin().await.get(&format!("/v1/audit?limit=1&{filter}")).send().await.is(200);
    found.json["items"][0].clone()
}

#[tokio::test]
async fn what_was_overwritten_is_found_in_the_trail() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let client_id = app.client(BranchId::ROOT, None).await;
    let path = format!("/v1/clients/{client_id}");
    let contact = json!({ "channel": "call", "direction": "outbound", "purpose": "care", "notes": "怕涨价" });
    let contact = admin.post(&format!("{path}/interactions")).json(contact).send().await.is(201);
    let contact = format!("{path}/interactions/{}", contact.text_of("interaction_id"));
    let changed = json!({ "notes": "要求降佣", "outcome": "reached" });
    admin.patch(&contact).if_match("\"1\"").json(changed).send().await.is(200);
    let entry = newest(&app, &format!("client_id={client_id}&action=interaction.changed")).await;
    assert_eq!(entry["change"]["notes"], json!({ "before": "怕涨价", "after": "要求降佣" }));
    assert_eq!(entry["change"]["outcome"], json!({ "before": null, "after": "reached" }));
    assert_eq!(entry["change"].as_object().unwrap().len(), 2, "only what differs");
    assert_eq!((&entry["address"], &entry["client_id"]), (&json!("127.0.0.1"), &json!(client_id)));
    assert_eq!(entry["actor"], format!("staff:{}", sqlx_staff(&app).await));

    // A balance sent once more with another amount; the same one again is no correction.
    let balance = |total: &str| json!([{ "client_id": client_id, "trade_day": "2026-03-02", "total_assets": total, "net_assets": "90", "source": "counter" }]);
    for total in ["100", "100.00", "250.5"] {
        admin.post("/v1/balances/batch").json(balance(total)).send().await.is(200);
    }
    let corrections = format!("/v1/audit?client_id={client_id}&action=balance.corrected");
    let corrections = admin.get(&corrections).send().await.is(200).json;
    assert_eq!(corrections["items"].as_array().unwrap().len(), 1);
    let change = &corrections["items"][0]["change"];
    assert_eq!(*change, json!({ "total_assets": { "before": "100", "after": "250.5" } }));

    // Sealed in the table, and gone with the client's key.
    let mut connection = app.connect().await;
    let plain = "SELECT count(*) FROM audit_entry a WHERE to_jsonb(a)::text LIKE '%怕涨价%' OR encode(change, 'escape') LIKE '%notes%'";
    let plain: i64 = sqlx::query_scalar(plain).fetch_one(&mut connection).await.unwrap();
    assert_eq!(plain, 0);
    let erase = sqlx::query("DELETE FROM data_key WHERE client_id = $1").bind(client_id);
    erase.execute(&mut connection).await.unwrap();
    let entry = newest(&app, &format!("client_id={client_id}&action=interaction.changed")).await;
    assert_eq!(entry["change"], Value::Null);
}

async fn sqlx_staff(app: &TestApp) -> uuid::Uuid {
    let id = sqlx::query_scalar("SELECT staff_id FROM staff WHERE username = 'admin'");
    id.fetch_one(&mut app.connect().await).await.unwrap()
}

#[tokio::test]
async fn identifiers_are_masked_and_changes_of_the_house_are_told() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let client_id = app.client(BranchId::ROOT, None).await;
    let path = format!("/v1/clients/{client_id}");
    for (version, phone) in [("\"1\"", "13800138000"), ("\"2\"", "13900139111")] {
        admin.patch(&path).if_match(version).json(json!({ "phone": phone })).send().await.is(200);
    }
    let entry = newest(&app, &format!("client_id={client_id}&action=client.changed")).await;
    assert_eq!(entry["change"], json!({ "phone": { "before": "****00", "after": "****11" } }));

    let branch = app.branch("SH001", BranchId::ROOT).await;
    let branch = format!("/v1/branches/{branch}");
    admin.patch(&branch).if_match("\"1\"").json(json!({ "name": "新名" })).send().await.is(200);
    let entry = newest(&app, "action=branch.changed").await;
    assert_eq!(entry["change"], json!({ "name": { "before": "SH001营业部", "after": "新名" } }));
    let narrow = app.client_as(Role::Compliance, DataScope::Branch, BranchId::ROOT).await;
    narrow.get("/v1/audit").send().await.is_problem(403, "forbidden");
    admin.get("/v1/audit?action=nonsense").send().await.is_problem(400, "malformed");
}
