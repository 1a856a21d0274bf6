//! Decisions of tiers: kept when what a client is assigned changes, by data or by time, and what was kept before them.

use clientele::platform::kernel::ids::{BranchId, ClientId};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor};

use crate::support::TestApp;
use crate::trades::{send, trade};

async fn kept(app: &TestApp, client: ClientId) -> Vec<Value> {
    let list = app.admin().await.get(&format!("/v1/clients/{client}/decisions?kind=tier")).send().await.is(200);
    list.json["items"].as_array().unwrap().clone()
}

async fn balance(app: &TestApp, client: ClientId, day: &str, net: &str) {
    let item = json!({ "client_id": client, "trade_day": day, "total_assets": net });
    app.admin().await.post("/v1/balances/batch").json(json!([item])).send().await.is(200);
}

async fn decided_now(app: &TestApp, client: ClientId) -> Value {
    let path = format!("/v1/clients/{client}/decisions");
    app.admin().await.post(&path).json(json!({ "kind": "tier" })).send().await.is(200).json
}

async fn is_replayed(app: &TestApp, client: ClientId, decision: &Value) -> bool {
    let id = decision["decision_id"].as_str().unwrap();
    let replay = app.admin().await.post(&format!("/v1/clients/{client}/decisions/{id}/replay")).send().await.is(200);
    replay.json["equal"].as_bool().unwrap()
}

#[tokio::test]
async fn a_tier_is_decided_with_the_data_that_changes_it() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let client = app.client(BranchId::ROOT, None).await;
    let nothing = decided_now(&app, client).await;
    assert_eq!(nothing["result"], json!({ "rung": null, "service_level": null, "status": null, "tier": null }));
    assert_eq!(nothing["reasons"][0]["code"], "no_record");
    // All of it within one millisecond of a clock that stands still.
    send(&app.admin().await, vec![trade(client, "T1", "2026-03-02T02:00:00Z", "10")]).await;
    balance(&app, client, "2026-03-02", "750000").await;
    balance(&app, client, "2026-03-02", "760000").await;
    let all = kept(&app, client).await;
    let rungs: Vec<&Value> = all.iter().map(|decision| &decision["result"]["rung"]).collect();
    assert_eq!(rungs, [&json!("500k_to_6m"), &json!("zero"), &Value::Null], "one a change, the newest first");
    let now = &all[0];
    let result = json!({ "rung": "500k_to_6m", "service_level": "middle", "status": "settled", "tier": "middle" });
    assert_eq!((&now["result"], now["as_of"].as_str()), (&result, Some("2026-03-02")));
    assert_eq!(now["basis"], json!([{ "kind": "policy:tier", "id": null, "version": 1 }]));
    let fresh = (&now["inputs"]["last_balance_on"], &now["inputs"]["last_active_on"]);
    assert_eq!(fresh, (&json!("2026-03-02"), &json!("2026-03-02")));
    assert_eq!(decided_now(&app, client).await, *now, "on demand the same, for nothing changed");
    for decision in &all {
        assert!(is_replayed(&app, client, decision).await, "{decision}");
    }
    let forged =
        "UPDATE decision SET inputs = replace(inputs::text, '\"750000\"', '\"400000\"')::json WHERE kind = 'tier'";
    sqlx::query(forged).execute(&mut app.connect().await).await.unwrap();
    assert!(!is_replayed(&app, client, now).await, "other inputs conclude otherwise");
}

/// Late data take a period away: what holds today is an older one, and that is decided.
#[tokio::test]
async fn a_correction_of_the_past_is_a_decision_of_today() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let client = app.client(BranchId::ROOT, None).await;
    balance(&app, client, "2026-02-02", "450000").await;
    balance(&app, client, "2026-02-03", "750000").await;
    balance(&app, client, "2026-02-03", "450000").await;
    let all = kept(&app, client).await;
    let said: Vec<(&str, &str)> = all
        .iter()
        .map(|decision| (decision["result"]["rung"].as_str().unwrap(), decision["as_of"].as_str().unwrap()))
        .collect();
    let low = ("100k_to_500k", "2026-02-02");
    assert_eq!(said, [low, ("500k_to_6m", "2026-02-03"), low]);
    assert_eq!(all[0]["reasons"][1]["code"], "first_assignment");
}

/// Nobody sends anything, and the service falls back with the days that leave its window.
#[tokio::test]
async fn what_time_alone_moves_is_decided_by_the_assessment_of_the_day() {
    let app = TestApp::at("2026-03-30T08:00:00Z").await;
    let client = app.client(BranchId::ROOT, None).await;
    let day = |n: usize| trade(client, &format!("T{n}"), &format!("2026-03-{n:02}T02:00:00Z"), "10");
    send(&app.admin().await, (1..=20).map(day).collect()).await;
    let level = |decision: &Value| decision["result"]["service_level"].clone();
    assert_eq!(level(&kept(&app, client).await[0]), "middle");
    app.clock.set("2026-05-30T08:00:00Z".parse().unwrap());
    app.run_jobs().await;
    for _ in 0..2 {
        let assess = "INSERT INTO job (job_id, kind, payload, max_attempts, run_at, requested_by, created_at)
                      VALUES (gen_random_uuid(), 'tiers.assess', '{}', 1, '2026-05-30', 'test', '2026-05-30')";
        sqlx::query(assess).execute(&mut app.connect().await).await.unwrap();
        app.run_jobs().await;
    }
    let all = kept(&app, client).await;
    assert_eq!((all.len(), level(&all[0])), (2, json!("ordinary")), "{all:?}");
    assert_eq!((all[0]["as_of"].as_str(), all[0]["inputs"]["active_days"].as_u64()), (Some("2026-05-30"), Some(19)));
}

/// What was kept of tiers before there were decisions is a decision now: replayed to the byte, and still the last one.
#[tokio::test]
async fn assignments_of_old_are_decisions() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let client = app.client(BranchId::ROOT, None).await;
    balance(&app, client, "2026-03-02", "750000").await;
    let before = kept(&app, client).await;
    let mut connection = app.connect().await;
    let old = include_str!("../../../migrations/0008_tiers.sql");
    let (from, to) =
        (old.find("CREATE TABLE tier_assignment").unwrap(), old.find("CREATE INDEX tier_assignment").unwrap());
    let table = old[from..to].replace("CONSTRAINT tier_assignment_policy_exists REFERENCES tier_policy", "");
    connection.execute(AssertSqlSafe(table)).await.unwrap();
    let as_it_was = "INSERT INTO tier_assignment
        SELECT client_id, decision_id, (SELECT policy_id FROM policy WHERE kind = 'tier'), result ->> 'rung', as_of, result ->> 'tier',
               result ->> 'service_level', result ->> 'status', 'first_assignment',
               inputs::jsonb - 'last_balance_on' - 'last_active_on', reasons::jsonb, tstzrange(decided_at, NULL)
        FROM decision;
        DELETE FROM decision;
        ALTER TABLE decision DROP COLUMN sequence;
        CREATE INDEX decision_by_kind ON decision (client_id, kind, decision_id DESC)";
    connection.execute(as_it_was).await.unwrap();
    connection.execute(include_str!("../../../migrations/0078_decision_sequence.sql")).await.unwrap();
    let after = kept(&app, client).await;
    let same = ["decision_id", "result", "reasons", "basis", "as_of", "decided_at"];
    assert!(after.len() == 1 && same.iter().all(|member| after[0][member] == before[0][member]), "{after:?}");
    assert!(is_replayed(&app, client, &after[0]).await);
    assert_eq!(decided_now(&app, client).await, after[0]);
    balance(&app, client, "2026-03-02", "10000000").await;
    assert_eq!(kept(&app, client).await.len(), 2);
}
