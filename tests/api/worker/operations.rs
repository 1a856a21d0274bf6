//! Jobs over the API: listed, called off, tried again.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn a_job_is_called_off_and_tried_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let run = json!({ "as_of": "2026-01-01", "horizon_days": 90 });
    let job = admin.post("/v1/scoring-runs").json(run).send().await.is(202);
    let path = job.header("location").unwrap().to_owned();
    let actions = async || admin.get(&path).send().await.is(200).json["allowed_actions"].clone();
    assert_eq!(actions().await, json!([{ "action": "cancel", "blocked_by": null }]));
    admin.post(&format!("{path}/retry")).send().await.is_problem(409, "illegal_transition");
    let off = admin.post(&format!("{path}/cancel")).key("once").send().await.is(200);
    assert_eq!(off.json["state"], "cancelled");
    let again = admin.post(&format!("{path}/cancel")).key("once").send().await.is(200);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    admin.post(&format!("{path}/cancel")).send().await.is_problem(409, "illegal_transition");
    assert!(app.run_jobs().await.is_empty());
    assert_eq!(actions().await, json!([{ "action": "retry", "blocked_by": null }]));
    let queued = admin.post(&format!("{path}/retry")).send().await.is(200);
    assert_eq!((&queued.json["state"], &queued.json["finished_at"]), (&json!("queued"), &Value::Null));
    assert_eq!(app.run_jobs().await.len(), 1);
    assert_eq!(actions().await, json!([]));
}

#[tokio::test]
async fn jobs_are_listed_for_whoever_asked_for_them() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let analyst = app.client_as(Role::Analyst, DataScope::Firm, BranchId::ROOT).await;
    let narrow = app.client_as(Role::Analyst, DataScope::Branch, BranchId::ROOT).await;
    for day in 1..=3 {
        let run = json!({ "as_of": format!("2026-01-0{day}"), "horizon_days": 90 });
        analyst.post("/v1/scoring-runs").json(run).send().await.is(202);
    }
    let first = admin.get("/v1/jobs?kind=scoring&limit=2").send().await.is(200).json;
    let items = first["items"].as_array().unwrap();
    assert!(items.len() == 2 && items[0]["job_id"].as_str() > items[1]["job_id"].as_str(), "newest first");
    let rest = format!("/v1/jobs?kind=scoring&limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let rest = admin.get(&rest).send().await.is(200).json;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
    app.run_jobs().await;
    let count = async |path: &str| admin.get(path).send().await.is(200).json["items"].as_array().unwrap().len();
    assert_eq!((count("/v1/jobs?state=queued").await, count("/v1/jobs?state=succeeded").await), (0, 3));
    assert_eq!(narrow.get("/v1/jobs").send().await.is(200).json["items"], json!([]), "of others nothing is seen");
    let own = analyst.get("/v1/jobs").send().await.is(200).json;
    assert_eq!(own["items"].as_array().unwrap().len(), 3);
    admin.get("/v1/jobs?state=lost").send().await.is_problem(400, "malformed");
}
