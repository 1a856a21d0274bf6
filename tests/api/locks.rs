//! Lost updates: every PATCH of the document keeps the one rule about `If-Match` (RFC 9110 §13.1.1).

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::document::{Operation, operations};
use crate::support::{Client, TestApp};

fn patches() -> Vec<Operation> {
    operations().into_iter().filter(|operation| operation.method == Method::PATCH).collect()
}

/// Something to be changed, two changes that differ from it and from each other, and its table.
async fn subject(app: &TestApp, admin: &Client, operation: &Operation) -> (String, [Value; 2], &'static str) {
    let texts = |member: &str| [json!({ member: "甲" }), json!({ member: "乙" })];
    let client = async || format!("/v1/clients/{}", app.client(BranchId::ROOT, None).await);
    let made = async |path: String, body: Value, id: &str| {
        let made = admin.post(&path).json(body).send().await.is(201);
        format!("{path}/{}", made.text_of(id))
    };
    match operation.path {
        "/v1/branches/{branch_id}" => {
            (format!("/v1/branches/{}", app.branch("L1", BranchId::ROOT).await), texts("name"), "branch")
        }
        "/v1/staff/{staff_id}" => {
            let staff = app.staff(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
            (format!("/v1/staff/{staff}"), texts("name"), "staff")
        }
        "/v1/clients/{client_id}" => {
            (client().await, [json!({ "phone": "13800138001" }), json!({ "phone": "13800138002" })], "client")
        }
        "/v1/clients/{client_id}/fund-accounts/{fund_account_id}" => {
            let body = json!({ "fund_account_no": "F1", "kind": "ordinary" });
            (
                made(format!("{}/fund-accounts", client().await), body, "fund_account_id").await,
                texts("custodian_bank"),
                "fund_account",
            )
        }
        "/v1/clients/{client_id}/interactions/{interaction_id}" => {
            let body = json!({ "channel": "call", "direction": "outbound", "purpose": "care" });
            (
                made(format!("{}/interactions", client().await), body, "interaction_id").await,
                texts("notes"),
                "interaction",
            )
        }
        "/v1/policies/{policy_id}" => {
            let list = admin.get("/v1/policies?kind=churn").send().await.is(200);
            let body = json!({ "kind": "churn", "rules": list.json["items"][0]["rules"] });
            (made("/v1/policies".to_owned(), body, "policy_id").await, texts("note"), "policy")
        }
        "/v1/schedules/{schedule_code}" => {
            let list = admin.get("/v1/schedules").send().await.is(200);
            let code = list.json["items"][0]["code"].as_str().unwrap().to_owned();
            (format!("/v1/schedules/{code}"), [json!({ "enabled": false }), json!({ "enabled": true })], "schedule")
        }
        other => panic!("PATCH {other}: say here what it changes"),
    }
}

async fn audited(app: &TestApp) -> i64 {
    let count = sqlx::query_scalar("SELECT count(*) FROM audit_entry");
    count.fetch_one(&mut app.connect().await).await.unwrap()
}

#[tokio::test]
async fn a_change_is_based_on_the_version_it_names() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut silent = Vec::new();
    for operation in patches() {
        let (path, [change, _], _) = subject(&app, &admin, &operation).await;
        let name = operation.name();
        let before = admin.get(&path).send().await.is(200).etag().to_owned();
        let send = |tag: &str| admin.patch(&path).if_match(tag).json(change.clone()).send();
        for stale in ["\"999\"", &format!("W/{before}"), "\"998\", \"999\"", "nonsense"] {
            let refused = send(stale).await.is_problem(412, "version_mismatch");
            assert!(refused.text_of("detail").contains(&before), "{name}: {}", refused.text());
        }
        let changed = send(&format!("\"999\", W/\"1\", {before}")).await.is(200).etag().to_owned();
        assert_ne!(changed, before, "{name}");
        let kept = "SELECT change IS NOT NULL FROM audit_entry ORDER BY audit_entry_id DESC LIMIT 1";
        let kept: bool = sqlx::query_scalar(kept).fetch_one(&mut app.connect().await).await.unwrap();
        silent.extend((!kept).then_some(name.clone()));
        // Nothing changed: nothing is written.
        let noted = audited(&app).await;
        assert_eq!(send("*").await.is(200).etag(), changed, "{name}");
        assert_eq!(audited(&app).await, noted, "{name} wrote though nothing changed");
        let unnamed = admin.patch(&path).json(change.clone()).send().await;
        if operation.demands_if_match() {
            unnamed.is_problem(428, "version_required");
        } else {
            assert_eq!(unnamed.is(200).etag(), changed, "{name}");
        }
    }
    assert_eq!(
        silent, [""; 0],
        "the trail does not say what was there before: `.change(&before, &after)` of the event"
    );
}

/// Two who name no version: both are heard, in turn. A third hand writes between the read and the write of one of them,
/// while it waits for that hand's row lock.
#[tokio::test]
async fn a_race_without_a_version_is_run_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for operation in patches() {
        let (path, [change, _], table) = subject(&app, &admin, &operation).await;
        let tag = if operation.demands_if_match() { Some("*") } else { None };
        let request = admin.patch(&path).json(change);
        let request = if let Some(tag) = tag { request.if_match(tag) } else { request };
        let mut rival = app.connect().await;
        let mut rival = sqlx::Connection::begin(&mut rival).await.unwrap();
        let moved = format!("UPDATE {table} SET row_version = row_version + 1");
        sqlx::query(sqlx::AssertSqlSafe(moved)).execute(&mut *rival).await.unwrap();
        let (answer, ()) = join(request.send(), async {
            let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())";
            let mut watch = app.connect().await;
            while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut watch).await.unwrap() {
                tokio::task::yield_now().await;
            }
            rival.commit().await.unwrap();
        })
        .await;
        answer.is(200);
    }
}
