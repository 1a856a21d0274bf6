//! Reads of clients: who was answered with what, noted beside the request.

use std::collections::BTreeSet;

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::{BranchId, ClientId};
use clientele::platform::kernel::principal::Caller;
use clientele::platform::worker::{self, NewJob};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::document::operations;

/// The reads that match, newest first.
async fn noted(app: &TestApp, filter: &str) -> Vec<Value> {
    app.state.reads.written().await;
    let found = app.admin().await.get(&format!("/v1/audit/client-reads?limit=200&{filter}")).send().await.is(200);
    found.json["items"].as_array().unwrap().clone()
}

async fn count(app: &TestApp) -> i64 {
    app.state.reads.written().await;
    sqlx::query_scalar("SELECT count(*) FROM client_read").fetch_one(&mut app.connect().await).await.unwrap()
}

#[tokio::test]
async fn who_reads_a_client_is_noted_and_who_is_refused_is_not() {
    let app = TestApp::start().await;
    let (here, there) = (app.branch("A", BranchId::ROOT).await, app.branch("B", BranchId::ROOT).await);
    let client_id = app.client(here, None).await;
    let path = format!("/v1/clients/{client_id}");
    let manager = app.client_as(Role::BranchManager, DataScope::Branch, here).await;
    let stranger = app.client_as(Role::BranchManager, DataScope::Branch, there).await;
    let before = count(&app).await;
    let read = manager.get(&format!("{path}/overview")).send().await.is(200);
    stranger.get(&path).send().await.is_problem(404, "not_found");
    app.anonymous().get(&path).send().await.is_problem(401, "unauthenticated");
    manager.get(&format!("{path}?as_of=nonsense")).send().await.is_problem(400, "malformed");
    manager.get(&format!("{path}/churn-alerts/{}", app.id())).send().await.is_problem(404, "not_found");
    manager.get("/v1/clients").send().await.is(200);
    assert_eq!(count(&app).await, before + 1, "refused requests and lists of many are no reads");
    let found = noted(&app, &format!("client_id={client_id}&actor=staff:{}", manager.staff_id.unwrap())).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["operation"], "GET /v1/clients/{client_id}/overview");
    assert_eq!(found[0]["client_id"], json!(client_id));
    assert_eq!(found[0]["address"], "127.0.0.1");
    assert_eq!(found[0]["request_id"], read.header("x-request-id").unwrap());
    assert_eq!(noted(&app, &format!("actor=staff:{}", stranger.staff_id.unwrap())).await, Vec::<Value>::new());

    // A list narrowed to one client tells of that client; so does the audit.
    let admin = app.admin().await;
    admin.get(&format!("/v1/audit?client_id={client_id}")).send().await.is(200);
    let found = noted(&app, &format!("actor=staff:{}", admin.staff_id.unwrap())).await;
    assert_eq!((&found[0]["operation"], &found[0]["client_id"]), (&json!("GET /v1/audit"), &json!(client_id)));
    let narrow = app.client_as(Role::Compliance, DataScope::Branch, here).await;
    narrow.get("/v1/audit/client-reads").send().await.is_problem(403, "forbidden");
}

/// Identifiers in the clear are in the trail of effects before they are shown, and beside it a read like any other.
#[tokio::test]
async fn identifiers_are_revealed_with_an_entry_or_not_at_all() {
    let app = TestApp::start().await;
    let (admin, client_id) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let reveal = format!("/v1/clients/{client_id}/reveal");
    let mut connection = app.connect().await;
    sqlx::query("BEGIN").execute(&mut connection).await.unwrap();
    sqlx::query("LOCK TABLE audit_entry IN ACCESS EXCLUSIVE MODE").execute(&mut connection).await.unwrap();
    let body = json!({ "purpose": "客户要求核对" });
    let refused = admin.post(&reveal).json(body.clone()).send().await;
    assert_eq!(refused.status, 503, "no entry, no identifiers");
    sqlx::query("ROLLBACK").execute(&mut connection).await.unwrap();
    admin.post(&reveal).json(body).send().await.is(200);
    let entries = "SELECT count(*) FROM audit_entry WHERE action = 'client.revealed' AND client_id = $1";
    let entries: i64 = sqlx::query_scalar(entries).bind(client_id).fetch_one(&mut connection).await.unwrap();
    assert_eq!(entries, 1, "there when the answer is, waited for or not");
    assert_eq!(
        noted(&app, &format!("client_id={client_id}")).await[0]["operation"],
        "POST /v1/clients/{client_id}/reveal"
    );
}

/// Every operation of a client that answers is noted, and no other.
#[tokio::test]
async fn every_operation_of_one_client_is_a_read() {
    let app = TestApp::start().await;
    let (admin, client_id) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let mut answered = BTreeSet::new();
    for operation in operations().iter().filter(|operation| operation.method == "GET") {
        let placeholders = operation.path.matches('{').count();
        let one = operation.path.contains("{client_id}") && placeholders == 1;
        if !one && placeholders > 0 {
            continue;
        }
        let path = operation.path.replace("{client_id}", &client_id.to_string());
        if admin.get(&path).send().await.status == 200 && one {
            answered.insert(operation.name());
        }
    }
    let found = noted(&app, &format!("client_id={client_id}&actor=staff:{}", admin.staff_id.unwrap())).await;
    // Its creation answered with it, under a path that names no client.
    let found: BTreeSet<String> = found.iter().map(|read| read["operation"].as_str().unwrap().to_owned()).collect();
    assert!(answered.len() > 8, "{answered:?}");
    assert_eq!(found, answered);
}

/// Nothing is written on the path of the request: an answer waits for no table, and is noted when the table is free.
#[tokio::test]
async fn an_answer_waits_for_no_note() {
    let app = TestApp::start().await;
    let (admin, client_id) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let before = count(&app).await;
    let mut connection = app.connect().await;
    sqlx::query("BEGIN").execute(&mut connection).await.unwrap();
    sqlx::query("LOCK TABLE client_read IN ACCESS EXCLUSIVE MODE").execute(&mut connection).await.unwrap();
    let path = format!("/v1/clients/{client_id}");
    let reads = (0..50).map(|_| admin.get(&path).send());
    assert!(join_all(reads).await.iter().all(|answer| answer.status == 200));
    sqlx::query("ROLLBACK").execute(&mut connection).await.unwrap();
    assert_eq!(count(&app).await, before + 50);
}

#[tokio::test]
async fn reads_are_forgotten_when_the_setting_says_so() {
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    let client_id: ClientId = app.client(BranchId::ROOT, None).await;
    let insert = "INSERT INTO client_read (client_id, client_read_id, read_at, actor, request_id, operation)
                  SELECT $1, gen_random_uuid(), timestamptz '2026-03-02T02:00:00Z' - days * interval '1 day', 'staff:x', 'r', 'GET /'
                  FROM unnest(ARRAY[1, 29, 31, 1094, 1096]) AS days";
    sqlx::query(insert).bind(client_id).execute(&mut app.connect().await).await.unwrap();
    let purge = async || {
        let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
        worker::enqueue(&mut uow, NewJob::of("purge", json!({}))).await.unwrap();
        uow.finish(()).await.unwrap();
        app.run_jobs().await.pop().unwrap().result.unwrap()["client_reads"].clone()
    };
    assert_eq!(purge().await, 1, "three years");
    let shorter = sqlx::query("UPDATE setting SET value = '30' WHERE key = 'client_reads.keep_days'");
    shorter.execute(&mut app.connect().await).await.unwrap();
    assert_eq!(purge().await, 2);
    assert_eq!(count(&app).await, 2);
}
