//! Changes that take a second person: every way around one, what becomes of one, and what of it can be read.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::approvals::{self, NewChange};
use clientele::platform::kernel::ids::{BranchId, ClientId, PendingChangeId};
use clientele::platform::kernel::principal::{Caller, Principal, Visibility};
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// A submitted policy, and the change that waits for it.
async fn submitted(maker: &Client) -> (String, String) {
    let list = maker.get("/v1/policies?kind=churn&status=active").send().await.is(200);
    let draft = json!({ "kind": "churn", "rules": list.json["items"][0]["rules"] });
    let draft = maker.post("/v1/policies").json(draft).send().await.is(201);
    let policy = format!("/v1/policies/{}", draft.text_of("policy_id"));
    maker.post(&format!("{policy}/submit")).send().await.is(200);
    let waiting = maker.get("/v1/approvals?status=pending").send().await.is(200);
    (policy, format!("/v1/approvals/{}", waiting.json["items"][0]["pending_change_id"].as_str().unwrap()))
}

async fn another(app: &TestApp) -> Client {
    app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await
}

fn id_of(path: &str) -> PendingChangeId {
    PendingChangeId(path.rsplit('/').next().unwrap().parse().unwrap())
}

/// Proposes a change as a part of the system would, of a policy that is not there.
async fn proposed(app: &TestApp, client_id: Option<ClientId>, payload: Value) -> PendingChangeId {
    let mut uow = app.db.begin(&Caller::system("import", "test")).await.unwrap();
    let new = NewChange { kind: "policy", subject_id: app.id(), client_id, row_version: 1, payload, comment: None };
    let change = approvals::propose(&mut uow, new).await.unwrap();
    uow.finish(()).await.unwrap();
    change.pending_change_id
}

#[tokio::test]
async fn there_is_no_way_around_the_second_person() {
    let app = TestApp::start().await;
    let maker = app.admin().await;
    let (policy, change) = submitted(&maker).await;
    // The API, by both doors.
    for door in [&policy, &change] {
        maker.post(&format!("{door}/approve")).send().await.is_problem(403, "takes_another_person");
    }
    // Somebody who may decide about changes, but not about policies.
    let analyst = app.client_as(Role::Analyst, DataScope::Firm, BranchId::ROOT).await;
    analyst.post(&format!("{change}/approve")).send().await.is_problem(403, "not_an_approver");
    // A partner's machine: no permission; and with every permission still no person.
    let machine = app.client_as(Role::Integration, DataScope::Firm, BranchId::ROOT).await;
    machine.post(&format!("{change}/approve")).send().await.is_problem(403, "forbidden");
    let all = [("integration:1", true), ("system:cli", false), ("system:import", false)];
    for (name, holds) in all {
        let mut principal = Principal::system("x");
        principal.name = name.to_owned();
        if holds {
            principal.scopes = std::sync::Arc::new(["approvals:write", "policies:approve"].into());
        }
        // What the command line, a batch, an import or a job does runs as such a caller.
        let caller = Caller { principal: std::sync::Arc::new(principal), ..Caller::system("x", "test") };
        let mut uow = app.db.begin(&caller).await.unwrap();
        let refused = approvals::approve(&mut uow, id_of(&change)).await.unwrap_err();
        let expected = if holds { &approvals::TAKES_ANOTHER_PERSON } else { &approvals::NOT_AN_APPROVER };
        assert!(refused.is(expected), "{name}: {refused}");
    }
    // A hand on the database.
    for checker in ["maker", "'system:cli'"] {
        let sql = format!(
            "UPDATE pending_change SET status = 'approved', checker = {checker}, decided_at = now() WHERE status = 'pending'"
        );
        let refused = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut app.connect().await).await.unwrap_err();
        let refused = refused.into_database_error().unwrap();
        assert!(refused.constraint().unwrap().starts_with("pending_change_"), "{refused}");
    }
    assert_eq!(maker.get(&policy).send().await.is(200).text_of("status"), "submitted");
    another(&app).await.post(&format!("{change}/approve")).send().await.is(200);
    assert_eq!(maker.get(&policy).send().await.is(200).text_of("status"), "active");
}

#[tokio::test]
async fn whoever_asked_takes_it_back_and_nobody_else() {
    let app = TestApp::start().await;
    let (maker, other) = (app.admin().await, another(&app).await);
    let (policy, change) = submitted(&maker).await;
    let seen = other.get(&change).send().await.is(200);
    let blocked: Vec<_> =
        seen.json["allowed_actions"].as_array().unwrap().iter().map(|a| (&a["action"], &a["blocked_by"])).collect();
    let (approve, reject, withdraw) = (json!("approve"), json!("reject"), json!("withdraw"));
    let not_the_maker = json!("not_the_maker");
    assert_eq!(blocked, [(&approve, &Value::Null), (&reject, &Value::Null), (&withdraw, &not_the_maker)]);
    other.post(&format!("{change}/withdraw")).send().await.is_problem(403, "not_the_maker");
    let withdrawn = maker.post(&format!("{change}/withdraw")).send().await.is(200);
    assert_eq!((withdrawn.text_of("status"), &withdrawn.json["checker"]), ("withdrawn", &Value::Null));
    assert_eq!(maker.get(&policy).send().await.is(200).text_of("status"), "draft");
    let again = other.post(&format!("{change}/approve")).header("Accept-Language", "zh").send().await;
    let again = again.is_problem(409, "illegal_transition");
    assert_eq!(again.text_of("detail"), "当前状态为“已撤回”，不能执行“批准”；已不能再执行任何操作。");
}

#[tokio::test]
async fn a_change_whose_subject_moved_on_is_stale() {
    let app = TestApp::start().await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    let (policy, change) = submitted(&maker).await;
    let moved = sqlx::query("UPDATE policy SET row_version = row_version + 1, note = 'x' WHERE status = 'submitted'");
    moved.execute(&mut app.connect().await).await.unwrap();
    let stale = checker.post(&format!("{change}/approve")).send().await.is(200);
    assert_eq!(stale.text_of("status"), "stale");
    assert_eq!(maker.get(&policy).send().await.is(200).text_of("status"), "submitted", "nothing was applied");
}

#[tokio::test]
async fn what_nobody_decides_expires() {
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    let (policy, change) = submitted(&app.admin().await).await;
    app.clock.set("2026-03-16T02:00:00Z".parse().unwrap());
    // Too late, even before the timer has fired.
    another(&app).await.post(&format!("{change}/approve")).send().await.is_problem(409, "change_expired");
    let fired = app.run_jobs().await;
    assert_eq!(fired.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["approval_expiry"]);
    let admin = app.admin().await;
    assert_eq!(admin.get(&change).send().await.is(200).text_of("status"), "expired");
    assert_eq!(admin.get(&policy).send().await.is(200).text_of("status"), "draft");
}

#[tokio::test]
async fn one_thing_waits_for_one_change_at_a_time() {
    let app = TestApp::start().await;
    let mut uow = app.db.begin(&Caller::system("import", "test")).await.unwrap();
    let new = NewChange {
        kind: "policy",
        subject_id: app.id(),
        client_id: None,
        row_version: 1,
        payload: json!({}),
        comment: None,
    };
    approvals::propose(&mut uow, new.clone()).await.unwrap();
    assert!(approvals::propose(&mut uow, new).await.unwrap_err().is(&approvals::CHANGE_PENDING));
}

#[tokio::test]
async fn what_is_to_be_changed_is_sealed_with_the_clients_key() {
    let app = TestApp::start().await;
    let client = app.client(BranchId::ROOT, None).await;
    let secret = "310101199001011234";
    let (of_client, of_house) = (
        proposed(&app, Some(client), json!({ "number": secret })).await,
        proposed(&app, None, json!({ "number": secret })).await,
    );
    let mut connection = app.connect().await;
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT payload FROM pending_change").fetch_all(&mut connection).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| !row.windows(secret.len()).any(|part| part == secret.as_bytes())));
    let admin = app.admin().await;
    for id in [of_client, of_house] {
        let seen = admin.get(&format!("/v1/approvals/{id}")).send().await.is(200);
        assert_eq!(seen.json["change"]["number"], secret);
    }
    // Erasing the key erases the change.
    sqlx::query("DELETE FROM data_key WHERE client_id = $1").bind(client).execute(&mut connection).await.unwrap();
    admin.get(&format!("/v1/approvals/{of_client}")).send().await.is_problem(404, "not_found");
    admin.get(&format!("/v1/approvals/{of_house}")).send().await.is(200);
}

/// Out of scope is not there, for the list and for every step.
#[tokio::test]
async fn changes_are_seen_with_their_client() {
    let app = TestApp::start().await;
    let (here, there) = (app.branch("A", BranchId::ROOT).await, app.branch("B", BranchId::ROOT).await);
    let (client, other) = (app.client(here, None).await, app.client(there, None).await);
    let (seen, hidden) = (proposed(&app, Some(client), json!({})).await, proposed(&app, Some(other), json!({})).await);
    let manager = app.client_as(Role::BranchManager, DataScope::Branch, here).await;
    let list = manager.get("/v1/approvals").send().await.is(200);
    let ids: Vec<&str> =
        list.json["items"].as_array().unwrap().iter().map(|c| c["pending_change_id"].as_str().unwrap()).collect();
    assert_eq!(ids, [seen.to_string()]);
    manager.get(&format!("/v1/approvals/{hidden}")).send().await.is_problem(404, "not_found");
    let mut principal = Principal::system("x");
    principal.visibility = Visibility { firm: false, branch_ids: vec![here.0], advisor_id: None };
    let caller = Caller { principal: std::sync::Arc::new(principal), ..Caller::system("x", "test") };
    let mut uow = app.db.begin(&caller).await.unwrap();
    assert!(approvals::withdraw(&mut uow, hidden).await.is_err());
}
