//! Alerts: who sees them, in which order, and that every walk over the endpoints keeps to the table.

use std::collections::HashMap;

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use super::book::{enter, invented, score};
use crate::support::{Client, TestApp};

/// Three thousand customers scored; some advisor's, most nobody's.
async fn scored(app: &TestApp) -> (Client, BranchId) {
    let branch = app.branch("SH001", BranchId::ROOT).await;
    let advisor = app.client_as(Role::Advisor, DataScope::Own, branch).await;
    let clients = enter(app, invented(3_000)).await;
    let theirs: Vec<_> = clients.into_iter().step_by(4).collect();
    sqlx::query("UPDATE client SET advisor_id = $1, branch_id = $2 WHERE client_id = ANY($3)")
        .bind(advisor.staff_id)
        .bind(branch)
        .bind(theirs)
        .execute(&mut *app.db.connection().await.unwrap())
        .await
        .unwrap();
    score(app, "1998-01-01", 180).await;
    (advisor, branch)
}

async fn all(who: &Client, query: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("/v1/churn-alerts?limit=7{query}{cursor}")).send().await.is(200).json;
        items.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else { return items };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn alerts_are_listed_newest_first_by_state_severity_and_advisor_within_scope() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    let (advisor, branch) = scored(&app).await;
    let admin = app.admin().await;
    let everything = all(&admin, "").await;
    let id = |alert: &Value| alert["churn_alert_id"].as_str().unwrap().to_owned();
    assert!(everything.len() > 30 && everything.is_sorted_by(|a, b| id(a) > id(b)), "{} alerts", everything.len());
    let of = |severities: &[&str]| -> Vec<String> {
        everything.iter().filter(|alert| severities.contains(&alert["severity"].as_str().unwrap())).map(id).collect()
    };
    let ids = |alerts: Vec<Value>| alerts.iter().map(id).collect::<Vec<_>>();
    for severities in [&["high"][..], &["medium", "low"], &["low", "low"], &["critical"]] {
        let query: String = severities.iter().map(|severity| format!("&severity={severity}")).collect();
        assert_eq!(ids(all(&admin, &query).await), of(severities), "{query}");
        assert_eq!(ids(all(&admin, &format!("&status=open&status=resolved{query}")).await), of(severities));
        assert_eq!(all(&admin, &format!("&status=expired{query}")).await.len(), 0);
    }
    let page = admin.get("/v1/churn-alerts?include=total&limit=1").send().await.is(200);
    assert!(page.header("link").unwrap().contains("&include=total>"), "{:?}", page.headers);
    let total = page.json;
    assert_eq!(total["total"], everything.len());

    // An advisor sees their own, a manager the branch's, and both the same as the filter by advisor.
    let own = ids(all(&advisor, "").await);
    let manager = app.client_as(Role::BranchManager, DataScope::Branch, branch).await;
    let elsewhere =
        app.client_as(Role::BranchManager, DataScope::Branch, app.branch("SH002", BranchId::ROOT).await).await;
    assert!(!own.is_empty() && own.len() < everything.len());
    assert_eq!(own, ids(all(&manager, "").await));
    assert_eq!(own, ids(all(&admin, &format!("&advisor_id={}", advisor.staff_id.unwrap())).await));
    assert_eq!(all(&elsewhere, "").await.len(), 0);
    let (theirs, other): (Vec<_>, Vec<_>) = everything.iter().partition(|alert| own.contains(&id(alert)));
    let path = |alert: &Value| format!("/v1/clients/{}/churn-alerts", alert["client_id"].as_str().unwrap());
    let found = advisor.get(&format!("{}?status=open", path(theirs[0]))).send().await.is(200).json;
    assert_eq!(found["items"], json!([theirs[0]]));
    advisor.get(&path(other[0])).send().await.is_problem(404, "not_found");
    advisor.get(&format!("{}/{}", path(other[0]), id(other[0]))).send().await.is_problem(404, "not_found");
    advisor.post(&format!("{}/{}/acknowledge", path(other[0]), id(other[0]))).send().await.is_problem(404, "not_found");
    // An alert is found under its own client only.
    advisor.get(&format!("{}/{}", path(theirs[0]), id(theirs[1]))).send().await.is_problem(404, "not_found");
    let page = admin.get("/v1/churn-alerts?limit=1").send().await.is(200).json;
    let moved = format!("/v1/churn-alerts?limit=1&status=open&cursor={}", page["next_cursor"].as_str().unwrap());
    admin.get(&moved).send().await.is_problem(422, "invalid_cursor");
    for query in ["status=asleep", "severity=", "advisor_id=me", "sort=p"] {
        admin.get(&format!("/v1/churn-alerts?{query}")).send().await.is_problem(400, "malformed");
    }
}

#[tokio::test]
async fn an_alert_is_taken_up_worked_on_and_resolved() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    let (advisor, _) = scored(&app).await;
    let admin = app.admin().await;
    let alert = all(&advisor, "").await[0].clone();
    let client = alert["client_id"].as_str().unwrap();
    let path = format!("/v1/clients/{client}/churn-alerts/{}", alert["churn_alert_id"].as_str().unwrap());
    let read = advisor.get(&path).send().await.is(200);
    assert_eq!((read.json.clone(), read.etag()), (alert.clone(), "\"1\""));
    let of = admin.get(&format!("/v1/clients/{client}")).send().await.is(200).json;
    assert_eq!((&alert["client_no"], &alert["client_name"]), (&of["client_no"], &of["name"]));
    let taken = admin.post(&format!("{path}/acknowledge")).key("a").if_match("\"1\"").send().await.is(200);
    assert_eq!(taken.json["advisor_id"], advisor.staff_id.unwrap().to_string(), "the client's advisor stays in charge");
    assert_eq!(taken.json["allowed_actions"], json!([{ "action": "start", "blocked_by": null }]));
    let analyst = app.client_as(Role::Analyst, DataScope::Firm, BranchId::ROOT).await;
    let seen = analyst.get(&path).send().await.is(200).json;
    assert_eq!(seen["allowed_actions"], json!([{ "action": "start", "blocked_by": "churn:write" }]));
    assert_eq!((taken.json["acknowledged_at"].as_str(), taken.etag()), (Some("1998-07-10T02:00:00Z"), "\"2\""));
    let replayed = admin.post(&format!("{path}/acknowledge")).key("a").if_match("\"1\"").send().await.is(200);
    assert_eq!(replayed.json, taken.json);
    advisor.post(&format!("{path}/start")).if_match("\"1\"").send().await.is_problem(412, "version_mismatch");
    advisor.post(&format!("{path}/start")).if_match("\"2\"").send().await.is(200);
    let resolve = async |body: Value| advisor.post(&format!("{path}/resolve")).json(body).send().await;
    assert_eq!(resolve(json!({ "outcome": "lost" })).await.is_problem(422, "invalid").pointers(), ["/loss_reason"]);
    resolve(json!({ "outcome": "lost", "loss_reason": "weather" })).await.is_problem(422, "invalid");
    let kept = resolve(json!({ "outcome": "retained", "loss_reason": "fees" })).await.is_problem(422, "invalid");
    assert_eq!(kept.pointers(), ["/loss_reason"]);
    resolve(json!({})).await.is_problem(422, "invalid");
    let lost = resolve(json!({ "outcome": "lost", "loss_reason": "advisor_left" })).await.is(200).json;
    assert_eq!(lost["allowed_actions"], json!([]));
    assert_eq!((lost["status"].as_str(), lost["loss_reason"].as_str()), (Some("resolved"), Some("advisor_left")));
    let late = resolve(json!({ "outcome": "retained" })).await.is_problem(409, "illegal_transition");
    assert_eq!(
        late.json["detail"],
        "The state is “Resolved”, which does not allow “Resolve”; nothing can be done any more."
    );
    let start = advisor.post(&format!("{path}/start")).header("Accept-Language", "zh-CN").send().await;
    assert_eq!(
        start.is_problem(409, "illegal_transition").json["detail"],
        "当前状态为“已办结”，不能执行“开始处理”；已不能再执行任何操作。"
    );

    // Of a client without an advisor, whoever took note is in charge.
    let nobody_s = all(&admin, "&status=open").await.into_iter().find(|alert| alert["advisor_id"].is_null()).unwrap();
    let path = format!(
        "/v1/clients/{}/churn-alerts/{}",
        nobody_s["client_id"].as_str().unwrap(),
        nobody_s["churn_alert_id"].as_str().unwrap()
    );
    let taken = admin.post(&format!("{path}/acknowledge")).send().await.is(200).json;
    let me = admin.get("/v1/me").send().await.is(200).json;
    assert_eq!(taken["advisor_id"], me["staff_id"]);
    // Every step is an event.
    let kinds = "SELECT kind FROM outbox_event WHERE client_id = $1::uuid ORDER BY transaction_id";
    let kinds: Vec<String> =
        sqlx::query_scalar(kinds).bind(client).fetch_all(&mut *app.db.connection().await.unwrap()).await.unwrap();
    let expected = ["opened", "acknowledged", "started", "resolved"].map(|step| format!("churn_alert.{step}"));
    assert_eq!(kinds, expected);
    // Within the cool-down no other opens.
    let run = score(&app, "1998-01-10", 180).await;
    let again = admin.get(&format!("/v1/clients/{client}/churn-alerts")).send().await.is(200).json;
    assert_eq!(again["items"].as_array().unwrap().len(), 1, "{}", run["summary"]["alerts"]);
}

/// The table of the life of an alert, kept apart from the code.
fn after(status: &str, verb: &str) -> Option<&'static str> {
    match (status, verb) {
        ("open", "acknowledge") => Some("acknowledged"),
        ("acknowledged", "start") => Some("in_progress"),
        ("in_progress", "resolve") => Some("resolved"),
        _ => None,
    }
}

#[tokio::test]
async fn no_walk_leaves_the_table() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    scored(&app).await;
    let admin = app.admin().await;
    let alerts: Vec<Value> = all(&admin, "").await.into_iter().take(12).collect();
    let mut states: HashMap<usize, &'static str> = (0..alerts.len()).map(|at| (at, "open")).collect();
    let path = |at: usize| {
        let text = |name: &str| alerts[at][name].as_str().unwrap().to_owned();
        format!("/v1/clients/{}/churn-alerts/{}", text("client_id"), text("churn_alert_id"))
    };
    let (mut seed, mut legal, mut illegal) = (0x1998_u64, 0, 0);
    let mut draw = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((seed >> 33) % below).unwrap()
    };
    for step in 0..300 {
        let (at, verb) = (draw(12), ["acknowledge", "start", "resolve"][draw(3)]);
        let call = admin.post(&format!("{}/{verb}", path(at)));
        let outcome = ["retained", "false_alarm"][draw(2)];
        let call = if verb == "resolve" { call.json(json!({ "outcome": outcome })) } else { call };
        match after(states[&at], verb) {
            Some(next) => {
                let answer = call.send().await.is(200).json;
                assert_eq!(answer["status"], next, "step {step}");
                states.insert(at, next);
                legal += 1;
            }
            None => {
                call.send().await.is_problem(409, "illegal_transition");
                illegal += 1;
            }
        }
        assert_eq!(admin.get(&path(at)).send().await.is(200).json["status"], states[&at], "step {step}");
    }
    assert!(legal >= 25 && illegal >= 100, "{legal} legal, {illegal} illegal");
    // The system's own steps end what stands, but not what a person ended; then nothing moves any more.
    app.clock.set("1999-03-01T02:00:00Z".parse().unwrap());
    score(&app, "1999-02-28", 90).await;
    let admin = app.admin().await;
    for at in 0..alerts.len() {
        let now = admin.get(&path(at)).send().await.is(200).json;
        assert_eq!(now["status"], if states[&at] == "resolved" { "resolved" } else { "expired" });
        assert!(now["closed_at"].is_string());
        for verb in ["acknowledge", "start"] {
            admin.post(&format!("{}/{verb}", path(at))).send().await.is_problem(409, "illegal_transition");
        }
    }
}

#[tokio::test]
async fn two_people_take_an_alert_up_once() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    let (advisor, _) = scored(&app).await;
    let alert = all(&advisor, "").await[0].clone();
    let text = |name: &str| alert[name].as_str().unwrap().to_owned();
    let path = format!("/v1/clients/{}/churn-alerts/{}/acknowledge", text("client_id"), text("churn_alert_id"));
    let calls = (0..8).map(|_| advisor.post(&path).send());
    let answers = futures_util::future::join_all(calls).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn alerts_are_counted_by_outcome_and_due_dates_say_what_they_lean_on() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    let (advisor, _) = scored(&app).await;
    let admin = app.admin().await;
    let (everything, own) = (all(&admin, "").await, all(&advisor, "").await);
    for alert in &everything {
        let unloaded = if alert["severity"] == "low" { Value::Null } else { json!([1998]) };
        assert_eq!(alert["due_basis"]["unloaded_years"], unloaded, "{alert}");
    }
    // One is resolved, so that a person's word stands beside the states.
    let text = |name: &str| everything[0][name].as_str().unwrap().to_owned();
    let path = format!("/v1/clients/{}/churn-alerts/{}", text("client_id"), text("churn_alert_id"));
    for step in ["acknowledge", "start"] {
        admin.post(&format!("{path}/{step}")).send().await.is(200);
    }
    admin.post(&format!("{path}/resolve")).json(json!({ "outcome": "false_alarm" })).send().await.is(200);
    let report = "/v1/reports/alerts_by_outcome";
    let counted = admin.get(report).send().await.is(200).json;
    let severity_of = |alert: &Value| alert["severity"].clone();
    for row in counted["rows"].as_array().unwrap() {
        let all = everything.iter().filter(|alert| severity_of(alert) == row[0]).count();
        assert_eq!(row[5], all, "{row}");
        let resolved = usize::from(row[0] == severity_of(&everything[0]));
        let expected = if row[2] == "open" { all - resolved } else { resolved };
        assert_eq!(row[4], if all < 10 { Value::Null } else { json!(expected) }, "{row}");
    }
    let kinds: Vec<&Value> = counted["rows"].as_array().unwrap().iter().map(|row| &row[2]).collect();
    assert!(kinds.contains(&&json!("false_alarm")), "{counted}");
    // The scope holds, and so does the range of days.
    let theirs = advisor.get(report).send().await.is(200).json;
    let mine: std::collections::BTreeSet<i64> =
        theirs["rows"].as_array().unwrap().iter().map(|row| row[5].as_i64().unwrap()).collect();
    assert!(!own.is_empty() && mine.iter().all(|count| *count <= own.len() as i64), "{theirs}");
    assert_eq!(admin.get(&format!("{report}?from=1998-01-02")).send().await.is(200).json["rows"], json!([]));
    assert_eq!(admin.get(&format!("{report}?to=1998-01-01")).send().await.is(200).json["rows"], counted["rows"]);
    // The picture names what the table does; kept where a person may look at it.
    let picture = admin.get(&format!("{report}?format=svg")).header("Accept-Language", "zh-CN").send().await.is(200);
    assert!(picture.text().contains("误报") && picture.text().contains("待处理"));
    if let Ok(folder) = std::env::var("REPORT_PICTURES") {
        std::fs::write(format!("{folder}/alerts_by_outcome.svg"), picture.text()).unwrap();
    }
}
