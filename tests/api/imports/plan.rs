//! A dry run's plan: committed exactly so, undone where it is still what was written.

use std::collections::BTreeSet;
use std::fmt::Write;

use clientele::book::trades;
use clientele::platform::kernel::ids::{BranchId, ClientId};
use clientele::platform::kernel::principal::Caller;
use serde_json::{Value, json};

use super::{NOW, counts, imported};
use crate::bulk::killed_in_the_second_chunk;
use crate::support::{Client, TestApp};

/// What ingestion leaves of a client, without ids and times.
async fn left(app: &TestApp, client_id: impl ToString) -> Vec<String> {
    let sql = "SELECT (to_jsonb(b) - 'recorded_at')::text FROM balance b WHERE client_id = $1::uuid
               UNION ALL SELECT (to_jsonb(s) - 'client_id')::text FROM trade_statistics s
               WHERE client_id = $1::uuid AND trade_count <> 0 ORDER BY 1";
    let rows = sqlx::query_scalar(sql).bind(client_id.to_string());
    rows.fetch_all(&mut *app.db.connection().await.unwrap()).await.unwrap()
}

fn path(tried: &Value) -> String {
    format!("/v1/bulk-plans/{}", tried["result"]["bulk_plan_id"].as_str().unwrap())
}

/// Takes a step with a plan; how many items are how far then.
async fn step(app: &TestApp, caller: &Client, tried: &Value, step: &str) -> Value {
    let path = path(tried);
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
    let trail = format!("/v1/audit?client_id={a}&action=balance.corrected");
    let trail = admin.get(&trail).send().await.is(200).json["items"].clone();
    let totals: Vec<[&Value; 2]> = trail
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["change"]["total_assets"])
        .map(|total| [&total["before"], &total["after"]])
        .collect();
    // Newest first: what was put back and what was taken out, each as it was and is; before them the commit.
    assert_eq!(totals.len(), 3, "{trail}");
    assert!(totals.contains(&[&json!("10"), &json!("5")]) && totals.contains(&[&json!("11"), &Value::Null]), "{trail}");
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

/// Statuses and reasons of a plan's items, and that every reason is a code of the catalogue.
async fn outcomes(caller: &Client, tried: &Value) -> Vec<(String, Option<String>)> {
    let labels = caller.get("/v1/labels").send().await.is(200).json;
    let codes = |list: &str| labels[list].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned());
    let known: BTreeSet<String> = codes("faults").chain(codes("problems")).collect::<Vec<_>>().into_iter().collect();
    let items = caller.get(&format!("{}/items?limit=200", path(tried))).send().await.is(200).json["items"].clone();
    let outcome = |item: &Value| {
        let reason = item["reason"].as_str().map(str::to_owned);
        assert!(reason.as_ref().is_none_or(|reason| known.contains(reason)), "{reason:?} is in no catalogue");
        (item["status"].as_str().unwrap().to_owned(), reason)
    };
    items.as_array().unwrap().iter().map(outcome).collect()
}

#[tokio::test]
async fn clients_that_rows_name_are_made_as_planned_and_closed_again() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    for (query, row) in [
        ("kind=trades&source=counter&create_clients=true", "2026-03-02,buy,X,5"),
        ("kind=balances&create_clients=true", "2026-03-02,5"),
    ] {
        let kind = if query.contains("trades") { "T" } else { "B" };
        let header = if kind == "T" { "executed_at,side,instrument,amount" } else { "trade_day,total_assets" };
        let mut body = format!("client_no,{header}\n");
        for number in ["1", "2", "1", "3", "4"] {
            writeln!(body, "{kind}{number},{row}").unwrap();
        }
        let tried = imported(&app, &admin, &format!("{query}&dry_run=true"), &body).await;
        let rows = if kind == "T" { 5 } else { 4 };
        assert_eq!(counts(&tried["result"])[4], 4, "{tried}");
        assert_eq!(admin.get(&path(&tried)).send().await.is(200).json["plan"]["item_count"], 4 + rows);
        let found = async |number: &str| {
            let list = format!("/v1/clients?client_no={kind}{number}");
            admin.get(&list).send().await.is(200).json["items"][0].clone()
        };
        assert_eq!(found("1").await, Value::Null, "nobody is there yet");
        // Somebody takes a number: neither their client nor a row of it is touched.
        let taken = json!({ "client_no": format!("{kind}2"), "name": "李雷", "kind": "individual", "branch_id": BranchId::ROOT });
        admin.post("/v1/clients").json(taken).send().await.is(201);
        let done = step(&app, &admin, &tried, "commit").await;
        assert_eq!((&done["committed"], &done["skipped"]), (&json!(rows + 2), &json!(2)), "{done}");
        let skipped: Vec<_> = outcomes(&admin, &tried).await.into_iter().filter_map(|(_, reason)| reason).collect();
        assert_eq!(skipped, ["client_no_taken", if kind == "T" { "unknown_client" } else { "changed_since" }]);
        // And books something for another one.
        let more = json!([{ "client_no": format!("{kind}3"), "trade_day": "2026-03-03", "total_assets": "1" }]);
        admin.post("/v1/balances/batch").json(more).send().await.is(200);
        let undone = step(&app, &admin, &tried, "undo").await;
        assert_eq!((&undone["undone"], &undone["kept"]), (&json!(rows + 1), &json!(1)), "{undone}");
        let statuses = [found("1").await, found("2").await, found("3").await, found("4").await];
        assert_eq!(statuses.map(|client| client["status"].clone()), ["closed", "active", "active", "closed"]);
    }
}

#[tokio::test]
async fn what_cannot_be_taken_back_says_why() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let body = format!(
        "client_id,executed_at,side,instrument,amount,external_id,reverses\n\
         {client},2026-03-02,buy,X,5,T1,\n{client},,,,,R1,T1\n"
    );
    let tried = imported(&app, &admin, "kind=trades&source=counter&dry_run=true", &body).await;
    step(&app, &admin, &tried, "commit").await;
    step(&app, &admin, &tried, "undo").await;
    let kept: Vec<_> = outcomes(&admin, &tried).await.into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(kept, [Some("already_reversed".to_owned()), Some("not_reversible".to_owned())]);
}

#[tokio::test]
async fn a_file_too_large_for_a_plan_says_so() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let mut body = "client_id,executed_at,side,instrument,amount,external_id\n".to_owned();
    for n in 0..=clientele::platform::bulk::MOST_ITEMS {
        writeln!(body, "{client},2026-03-02,buy,X,5,E{n}").unwrap();
    }
    let tried = imported(&app, &admin, "kind=trades&source=counter&dry_run=true", &body).await;
    let result = &tried["result"];
    assert_eq!(
        (&result["no_bulk_plan"], &result["bulk_plan_id"]),
        (&json!("bulk_plan_too_large"), &Value::Null),
        "{tried}"
    );
    assert_eq!(counts(result)[1], 20_001);
}

#[tokio::test]
async fn a_commit_and_an_undo_that_are_killed_book_every_row_once() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let (a, b) = (app.client(BranchId::ROOT, None).await, app.client(BranchId::ROOT, None).await);
    let number = async |client: ClientId| {
        admin.get(&format!("/v1/clients/{client}")).send().await.is(200).text_of("client_no").to_owned()
    };
    let (number_a, number_b) = (number(a).await, number(b).await);
    // With the client that the first row makes, 450 items.
    let mut body = "client_no,executed_at,side,instrument,amount,external_id\nK1,2026-03-02,buy,X,5,K\n".to_owned();
    for n in 0..448 {
        writeln!(body, "{},2026-03-02,buy,X,5,E{n}", if n < 248 { &number_a } else { &number_b }).unwrap();
    }
    let query = "kind=trades&source=counter&create_clients=true&dry_run=true";
    let tried = imported(&app, &admin, query, &body).await;
    let booked = async |client: ClientId| -> (i64, i64, i64) {
        let sql = "SELECT count(*), count(*) FILTER (WHERE reversed),
                          (SELECT count(*) FROM trade_reversal r WHERE r.client_id = $1)
                   FROM trade WHERE client_id = $1";
        let row = sqlx::query_as(sql).bind(client);
        row.fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap()
    };
    // Whose rows are in the second chunk, and not in the first: an undo goes backwards.
    for (action, first_chunk, held_up) in [("commit", "committed", b), ("undo", "undone", a)] {
        admin.post(&format!("{}/{action}", path(&tried))).send().await.is(202);
        let mut held = app.db.begin(&Caller::system("test", "test")).await.unwrap();
        trades::lock_clients(&mut held, vec![held_up]).await.unwrap();
        killed_in_the_second_chunk(&app, &admin, &path(&tried), first_chunk).await;
        drop(held);
        app.run_jobs().await;
        let counts = admin.get(&path(&tried)).send().await.is(200).json["counts"].clone();
        assert_eq!(counts[first_chunk], 450, "{action}: {counts}");
        let expected = if action == "commit" { [(248, 0, 0), (200, 0, 0)] } else { [(248, 248, 248), (200, 200, 200)] };
        assert_eq!([booked(a).await, booked(b).await], expected, "{action}");
        let made = admin.get("/v1/clients?client_no=K1").send().await.is(200).json["items"][0].clone();
        assert_eq!(made["status"], if action == "commit" { "active" } else { "closed" });
    }
    assert!(left(&app, a).await.is_empty() && left(&app, b).await.is_empty(), "nothing of it is left");
}
