//! A dry run's plan: committed exactly so, undone where it is still what was written.

use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use super::{NOW, counts, imported};
use crate::support::{Client, TestApp};

/// What ingestion leaves of a client, without ids and times.
async fn left(app: &TestApp, client_id: impl ToString) -> Vec<String> {
    let sql = "SELECT (to_jsonb(b) - 'recorded_at')::text FROM balance b WHERE client_id = $1::uuid
               UNION ALL SELECT (to_jsonb(s) - 'client_id')::text FROM trade_statistics s
               WHERE client_id = $1::uuid AND trade_count <> 0 ORDER BY 1";
    let rows = sqlx::query_scalar(sql).bind(client_id.to_string());
    rows.fetch_all(&mut *app.db.connection().await.unwrap()).await.unwrap()
}

/// Takes a step with a plan; how many items are how far then.
async fn step(app: &TestApp, caller: &Client, tried: &Value, step: &str) -> Value {
    let path = format!("/v1/bulk-plans/{}", tried["result"]["bulk_plan_id"].as_str().unwrap());
    caller.post(&format!("{path}/{step}")).send().await.is(202);
    app.run_jobs().await;
    caller.get(&path).send().await.is(200).json["counts"].clone()
}

#[tokio::test]
async fn balances_are_committed_as_planned_and_put_back() {
    let app = TestApp::at(NOW).await;
    let (admin, a, b) =
        (app.admin().await, app.client(BranchId::ROOT, None).await, app.client(BranchId::ROOT, None).await);
    let send = async |client, day: &str, total: &str| {
        let balance = json!([{ "client_id": client, "trade_day": day, "total_assets": total }]);
        admin.post("/v1/balances/batch").json(balance).send().await.is(200);
    };
    send(a, "2026-03-02", "5").await;
    send(b, "2026-03-02", "7").await;
    let (before_a, before_b) = (left(&app, a).await, left(&app, b).await);
    // Two words about one balance: the last counts.
    let body = format!(
        "client_id,trade_day,total_assets\n{a},2026-03-02,9\n{a},2026-03-02,10\n{a},2026-03-03,11\n{b},2026-03-02,12\n{b},2026-03-03,13\n"
    );
    let tried = imported(&app, &admin, "kind=balances&dry_run=true", &body).await;
    assert_eq!(counts(&tried["result"]), [5, 5, 0, 0, 0]);
    assert_eq!(left(&app, a).await, before_a, "nothing is written yet");
    // Somebody is quicker with one of them.
    send(b, "2026-03-02", "8").await;
    let done = step(&app, &admin, &tried, "commit").await;
    assert_eq!((&done["committed"], &done["skipped"]), (&json!(3), &json!(1)), "{done}");
    assert_eq!(left(&app, a).await.len(), 2);
    // And somebody changes another afterwards.
    send(b, "2026-03-03", "14").await;
    let undone = step(&app, &admin, &tried, "undo").await;
    assert_eq!((&undone["undone"], &undone["kept"]), (&json!(2), &json!(1)), "{undone}");
    assert_eq!(left(&app, a).await, before_a, "as it was before");
    assert_ne!(left(&app, b).await, before_b, "what others wrote stays");
}

#[tokio::test]
async fn trades_are_committed_once_and_reversed() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let body = format!(
        "client_id,executed_at,side,instrument,amount,external_id\n{client},2026-03-02,buy,X,5,T1\n{client},2026-03-02,buy,X,6,T2\n"
    );
    let query = "kind=trades&source=counter";
    let tried = imported(&app, &admin, &format!("{query}&dry_run=true"), &body).await;
    assert!(left(&app, client).await.is_empty());
    let taken = json!([{ "client_id": client, "source": "counter", "external_id": "T2", "executed_at": "2026-03-02T02:00:00Z",
        "side": "sell", "instrument": "Y", "amount": "1" }]);
    admin.post("/v1/trades/batch").json(taken).send().await.is(200);
    let done = step(&app, &admin, &tried, "commit").await;
    assert_eq!((&done["committed"], &done["skipped"]), (&json!(1), &json!(1)), "{done}");
    let again = imported(&app, &admin, query, &body).await;
    assert_eq!(counts(&again["result"]), [2, 0, 1, 1, 0], "what the plan wrote is what the file writes");
    let undone = step(&app, &admin, &tried, "undo").await;
    assert_eq!((&undone["undone"], &undone["kept"]), (&json!(1), &json!(0)), "{undone}");
    let effective = "SELECT count(*) FROM trade WHERE NOT reversed";
    let effective: i64 =
        sqlx::query_scalar(effective).fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap();
    assert_eq!(effective, 1, "only what others sent");
}

#[tokio::test]
async fn clients_nobody_touched_are_closed_again() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = "client_no,name,kind,branch_code,phone\nP1,韩梅梅,individual,HQ,13900000000\nP2,李雷,individual,HQ,\nP3,王芳,individual,HQ,\n";
    let tried = imported(&app, &admin, "kind=clients&dry_run=true", body).await;
    let readable = "SELECT count(*) FROM bulk_item WHERE before::text LIKE '%13900000000%' OR before::text LIKE '%韩%'";
    let readable: i64 = sqlx::query_scalar(readable).fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap();
    assert_eq!(readable, 0, "rows are sealed");
    let done = step(&app, &admin, &tried, "commit").await;
    assert_eq!(done["committed"], 3, "{done}");
    let found = async |number: &str| {
        admin.get(&format!("/v1/clients?client_no={number}")).send().await.is(200).json["items"][0].clone()
    };
    let path = |client: &Value| format!("/v1/clients/{}", client["client_id"].as_str().unwrap());
    let change = admin.patch(&path(&found("P2").await)).if_match("*").json(json!({ "phone": "13800000000" }));
    change.send().await.is(200);
    let balance = json!([{ "client_no": "P3", "trade_day": "2026-03-02", "total_assets": "1" }]);
    admin.post("/v1/balances/batch").json(balance).send().await.is(200);
    let undone = step(&app, &admin, &tried, "undo").await;
    assert_eq!((&undone["undone"], &undone["kept"]), (&json!(1), &json!(2)), "{undone}");
    let statuses = [found("P1").await, found("P2").await, found("P3").await].map(|client| client["status"].clone());
    assert_eq!(statuses, ["closed", "active", "active"]);
}
