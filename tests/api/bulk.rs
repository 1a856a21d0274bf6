//! Bulk plans: looked at before they are done, done exactly so, taken back where that is still possible; killed
//! anywhere.

use clientele::app;
use clientele::book::clients::{self, ClientKind, Identity, NewClient, Profile};
use clientele::firm::access::{DataScope, Role};
use clientele::platform::db::Lane;
use clientele::platform::kernel::batch::{Outcome, Pending};
use clientele::platform::kernel::ids::{BranchId, ClientId, StaffId};
use clientele::platform::kernel::principal::Caller;
use clientele::platform::worker::Runner;
use serde_json::{Value, json};
use sqlx::Connection;

use crate::support::{Client, TestApp, unique};

async fn plan(who: &Client, filter: Value, to: impl Into<Option<StaffId>>) -> Value {
    let change = json!({ "advisor_id": to.into() });
    let body = json!({ "kind": "advisor_reassignment", "filter": filter, "change": change });
    who.post("/v1/bulk-plans").json(body).send().await.is(201).json
}

fn path(plan: &Value) -> String {
    format!("/v1/bulk-plans/{}", plan["plan"]["bulk_plan_id"].as_str().unwrap())
}

async fn advisor_of(who: &Client, client: ClientId) -> Value {
    who.get(&format!("/v1/clients/{client}")).send().await.is(200).json["advisor_id"].clone()
}

async fn patch(who: &Client, client: ClientId, change: Value) {
    who.patch(&format!("/v1/clients/{client}")).if_match("*").json(change).send().await.is(200);
}

/// Status and reason of each item, by client.
async fn outcomes(who: &Client, plan: &Value) -> Vec<(String, String, Value)> {
    let items = who.get(&format!("{}/items?limit=200", path(plan))).send().await.is(200).json["items"].clone();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    let outcome = |item: &Value| (text(item, "client_id"), text(item, "status"), item["reason"].clone());
    items.as_array().unwrap().iter().map(outcome).collect()
}

#[tokio::test]
async fn a_plan_is_seen_committed_and_undone_item_by_item() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let branch = app.branch("BULK", BranchId::ROOT).await;
    let (from, to) = (
        app.staff(Role::Advisor, DataScope::Own, branch).await,
        app.staff(Role::Advisor, DataScope::Own, branch).await,
    );
    let mut theirs = Vec::new();
    for _ in 0..4 {
        theirs.push(app.client(branch, Some(from)).await);
    }
    let [moved, changed, closed, later] = theirs[..] else { unreachable!() };
    let other = app.client(branch, None).await;

    let made = plan(&admin, json!({ "advisor_id": from }), to).await;
    assert_eq!(made["plan"]["item_count"], 4);
    assert_eq!(made["counts"]["planned"], 4);
    assert_eq!(made["sample"][0]["before"]["advisor_id"], json!(from));
    assert_eq!(made["allowed_actions"], json!([{ "action": "commit", "blocked_by": null }]));
    assert_eq!(advisor_of(&admin, moved).await, json!(from), "a plan changes nothing");

    // Between the look and the commit one is changed, one leaves, and one more comes.
    patch(&admin, changed, json!({ "phone": "13900139000" })).await;
    admin.post(&format!("/v1/clients/{closed}/close")).json(json!({ "reason": "转户" })).send().await.is(200);
    let newcomer = app.client(branch, Some(from)).await;
    admin.post(&format!("{}/undo", path(&made))).send().await.is_problem(409, "illegal_transition");
    admin.post(&format!("{}/commit", path(&made))).send().await.is(202);
    admin.post(&format!("{}/commit", path(&made))).send().await.is_problem(409, "illegal_transition");
    app.run_jobs().await;
    let outcome = |client: ClientId, status: &str, reason: Value| (client.to_string(), status.to_owned(), reason);
    let expected = vec![
        outcome(moved, "committed", Value::Null),
        outcome(changed, "skipped", json!("changed_since")),
        outcome(closed, "skipped", json!("client_closed")),
        outcome(later, "committed", Value::Null),
    ];
    assert_eq!(outcomes(&admin, &made).await, expected);
    for (client, advisor) in [(moved, json!(to)), (changed, json!(from)), (newcomer, json!(from)), (other, Value::Null)]
    {
        assert_eq!(advisor_of(&admin, client).await, advisor);
    }

    // Whoever was changed after the commit keeps what was changed.
    patch(&admin, later, json!({ "phone": "13900139000" })).await;
    let done = admin.get(&path(&made)).send().await.is(200).json;
    assert_eq!((&done["plan"]["status"], &done["allowed_actions"][0]["action"]), (&json!("committed"), &json!("undo")));
    admin.post(&format!("{}/undo", path(&made))).send().await.is(202);
    app.run_jobs().await;
    let undone = admin.get(&path(&made)).send().await.is(200).json;
    assert_eq!(undone["plan"]["status"], "undone");
    assert_eq!(undone["counts"], json!({ "planned": 0, "committed": 0, "skipped": 2, "undone": 1, "kept": 1 }));
    assert_eq!(outcomes(&admin, &made).await[3].2, "changed_since");
    assert_eq!(advisor_of(&admin, moved).await, json!(from));
    assert_eq!(advisor_of(&admin, later).await, json!(to));
    let periods = admin.get(&format!("/v1/clients/{moved}/history")).send().await.is(200).json["items"].clone();
    let advisors: Vec<&Value> = periods.as_array().unwrap().iter().map(|period| &period["advisor_id"]).collect();
    assert_eq!(advisors, [&json!(from), &json!(to), &json!(from)]);
}

#[tokio::test]
async fn a_commit_touches_nobody_its_asker_does_not_see() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (home, elsewhere) = (app.branch("HOME", BranchId::ROOT).await, app.branch("AWAY", BranchId::ROOT).await);
    let manager = app.client_as(Role::BranchManager, DataScope::Branch, home).await;
    let colleague = app.client_as(Role::BranchManager, DataScope::Branch, home).await;
    let to = app.staff(Role::Advisor, DataScope::Own, home).await;
    let (here, gone) = (app.client(home, None).await, app.client(home, None).await);
    app.client(elsewhere, None).await;
    let made = plan(&manager, json!({}), to).await;
    assert_eq!(made["plan"]["item_count"], 2, "of the branch only");
    colleague.get(&path(&made)).send().await.is_problem(404, "not_found");
    let unknown =
        json!({ "kind": "advisor_reassignment", "filter": { "branch": 1 }, "change": { "advisor_id": null } });
    let refused = manager.post("/v1/bulk-plans").json(unknown).send().await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/filter/branch"]);
    let no_advisor = json!({ "kind": "advisor_reassignment", "filter": {}, "change": {} });
    let refused = manager.post("/v1/bulk-plans").json(no_advisor).send().await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/change/advisor_id"]);
    // Out of scope, and at the version that was seen.
    let leave = sqlx::query("UPDATE client SET branch_id = $2 WHERE client_id = $1").bind(gone).bind(elsewhere);
    leave.execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
    manager.post(&format!("{}/commit", path(&made))).send().await.is(202);
    app.run_jobs().await;
    let reasons: Vec<Value> = outcomes(&manager, &made).await.into_iter().map(|(.., reason)| reason).collect();
    assert_eq!(reasons, [Value::Null, json!("out_of_scope")]);
    assert_eq!((advisor_of(&admin, here).await, advisor_of(&admin, gone).await), (json!(to), Value::Null));
}

/// Many enough for three chunks.
const MANY: usize = 450;

async fn many(app: &TestApp, branch: BranchId) -> Vec<ClientId> {
    let mut uow = app.db.lane(Lane::Worker).begin(&Caller::system("test", "test")).await.unwrap();
    let new = |_| NewClient {
        client_no: format!("M{:08}", unique()),
        opened_on: None,
        profile: Profile { name: "王芳".into(), kind: ClientKind::Individual, branch_id: branch, advisor_id: None },
        identity: Identity::default(),
    };
    let opened = clients::open_many(&mut uow, Pending::all((0..MANY).map(new))).await.unwrap();
    uow.finish(()).await.unwrap();
    let id = |outcome| if let Outcome::Accepted(id) = outcome { ClientId(id) } else { panic!("{outcome:?}") };
    let mut opened: Vec<ClientId> = opened.into_iter().map(|settled| id(settled.outcome)).collect();
    // In the order of a plan: ids of one instant come in any order.
    opened.sort_unstable();
    opened
}

/// Runs the next job until its first chunk is done, and what the caller holds keeps the second waiting; then the worker
/// dies.
pub async fn killed_in_the_second_chunk(app: &TestApp, admin: &Client, path: &str, member: &str) {
    let runner = Runner::new(&app.db, app::job_kinds());
    let worker = tokio::spawn(async move { runner.run_next(None).await });
    while admin.get(path).send().await.is(200).json["counts"][member] != 200 {
        tokio::task::yield_now().await;
    }
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());
    // The lease of the dead runs out.
    app.clock.set(app.clock.now() + chrono::Duration::seconds(60));
}

#[tokio::test]
async fn a_commit_and_an_undo_that_are_killed_go_on_and_write_everything_once() {
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    let admin = app.admin().await;
    let branch = app.branch("MANY", BranchId::ROOT).await;
    let clients = many(&app, branch).await;
    let to = app.staff(Role::Advisor, DataScope::Own, branch).await;
    let made = plan(&admin, json!({ "branch_id": branch }), to).await;
    for (step, first_chunk, end, version) in [("commit", "committed", "committed", 2), ("undo", "undone", "undone", 3)]
    {
        admin.post(&format!("{}/{step}", path(&made))).send().await.is(202);
        // In the second chunk either way: an undo goes backwards.
        let mut connection = app.connect().await;
        let mut held = connection.begin().await.unwrap();
        let lock = sqlx::query("SELECT FROM client WHERE client_id = $1 FOR UPDATE").bind(clients[220]);
        lock.execute(&mut *held).await.unwrap();
        killed_in_the_second_chunk(&app, &admin, &path(&made), first_chunk).await;
        held.rollback().await.unwrap();
        app.run_jobs().await;
        let plan = admin.get(&path(&made)).send().await.is(200).json;
        assert_eq!((plan["plan"]["status"].as_str(), plan["counts"][end].as_i64()), (Some(end), Some(450)), "{step}");
        let versions = sqlx::query_as(
            "SELECT c.row_version, count(a.client_id) FROM client c
             JOIN client_assignment a USING (client_id) WHERE c.branch_id = $1 GROUP BY c.client_id, c.row_version",
        );
        let versions: Vec<(i64, i64)> =
            versions.bind(branch).fetch_all(&mut *app.db.connection().await.unwrap()).await.unwrap();
        assert_eq!(versions, vec![(version, version); MANY], "after the {step} each client was written once more");
    }
    assert_eq!(advisor_of(&admin, clients[449]).await, Value::Null);
}

#[tokio::test]
async fn a_plan_that_nobody_commits_expires_with_its_items() {
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    let admin = app.admin().await;
    app.client(BranchId::ROOT, None).await;
    let to = app.staff(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let made = plan(&admin, json!({}), to).await;
    assert_eq!(made["plan"]["expires_at"], "2026-03-16T02:00:00Z");
    app.clock.set(app.clock.now() + chrono::Duration::days(14));
    let admin = app.admin().await;
    let commit = format!("{}/commit", path(&made));
    admin.post(&commit).send().await.is_problem(409, "bulk_plan_expired");
    app.run_jobs().await;
    let found = admin.get(&path(&made)).send().await.is(200).json;
    assert_eq!((&found["plan"]["status"], &found["allowed_actions"]), (&json!("expired"), &json!([])));
    assert_eq!(found["sample"], json!([]), "what clients were is forgotten");
    admin.post(&commit).send().await.is_problem(409, "illegal_transition");
    let fresh = plan(&admin, json!({}), to).await;
    app.run_jobs().await;
    assert_eq!(admin.get(&path(&fresh)).send().await.is(200).json["plan"]["status"], "draft");
}
