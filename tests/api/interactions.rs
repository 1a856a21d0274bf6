//! Contacts with clients.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn an_advisor_records_lists_and_completes_a_contact() {
    let app = TestApp::start().await;
    let advisor = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let (theirs, other) = (app.client(BranchId::ROOT, advisor.staff_id).await, app.client(BranchId::ROOT, None).await);
    let call = json!({ "channel": "call", "direction": "outbound", "purpose": "callback", "occurred_at": "2026-01-05T02:00:00Z" });
    let made = advisor.post(&format!("/v1/clients/{theirs}/interactions")).json(call.clone()).send().await.is(201);
    assert_eq!(made.json["staff_id"], json!(advisor.staff_id.unwrap()));
    let client = advisor.get(&format!("/v1/clients/{theirs}")).send().await.is(200).json;
    assert_eq!((&made.json["client_no"], &made.json["client_name"]), (&client["client_no"], &client["name"]));
    assert!(client["name"].is_string());
    advisor.post(&format!("/v1/clients/{other}/interactions")).json(call).send().await.is_problem(404, "not_found");
    let one = made.header("location").unwrap().to_owned();
    let done = advisor.patch(&one).json(json!({ "outcome": "reached", "notes": "已确认" })).send().await.is(200);
    assert_eq!((&done.json["outcome"], done.etag()), (&json!("reached"), "\"2\""));
    let cleared = advisor.patch(&one).if_match("\"2\"").json(json!({ "notes": null })).send().await.is(200);
    assert_eq!(cleared.json["notes"], Value::Null);
    advisor
        .patch(&one)
        .if_match("\"2\"")
        .json(json!({ "notes": "x" }))
        .send()
        .await
        .is_problem(412, "version_mismatch");
    assert_eq!(advisor.get(&one).send().await.is(200).json["outcome"], "reached");
}

#[tokio::test]
async fn contacts_are_listed_latest_first_across_clients_in_scope() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let advisor = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let (theirs, other) = (app.client(BranchId::ROOT, advisor.staff_id).await, app.client(BranchId::ROOT, None).await);
    for (client, day, purpose) in [(theirs, 3, "service"), (other, 2, "care"), (theirs, 1, "callback")] {
        let visit = json!({ "channel": "visit", "direction": "inbound", "purpose": purpose, "occurred_at": format!("2026-01-0{day}T00:00:00Z") });
        admin.post(&format!("/v1/clients/{client}/interactions")).json(visit).send().await.is(201);
    }
    let days = |answer: &crate::support::Answer| -> Vec<String> {
        answer.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["occurred_at"].as_str().unwrap()[..10].to_owned())
            .collect()
    };
    let all = admin.get("/v1/interactions?limit=2").send().await.is(200);
    assert_eq!(days(&all), ["2026-01-03", "2026-01-02"]);
    let rest =
        admin.get(&format!("/v1/interactions?limit=2&cursor={}", all.text_of("next_cursor"))).send().await.is(200);
    assert_eq!(days(&rest), ["2026-01-01"]);
    assert_eq!(days(&advisor.get("/v1/interactions").send().await.is(200)), ["2026-01-03", "2026-01-01"]);
    let of_client =
        format!("/v1/clients/{theirs}/interactions?occurred_from=2026-01-02T00:00:00Z&channel=visit&channel=call");
    assert_eq!(days(&advisor.get(&of_client).send().await.is(200)), ["2026-01-03"]);
    let some = admin.get("/v1/interactions?purpose=care&purpose=callback").send().await.is(200);
    assert_eq!(days(&some), ["2026-01-02", "2026-01-01"]);
    advisor.get(&format!("/v1/clients/{other}/interactions")).send().await.is_problem(404, "not_found");
}

#[tokio::test]
async fn a_contact_has_happened_and_answers_an_alert_of_its_client() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/v1/clients/{}/interactions", app.client(BranchId::ROOT, None).await);
    let mut call = json!({ "channel": "call", "direction": "outbound", "purpose": "retention", "occurred_at": "2999-01-01T00:00:00Z" });
    let refused = admin.post(&path).json(call.clone()).send().await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/occurred_at"]);
    call["occurred_at"] = json!("1969-12-31T23:59:59Z");
    call["next_step_on"] = json!("1969-12-31");
    let refused = admin.post(&path).json(call.clone()).send().await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/next_step_on", "/occurred_at"]);
    (call["occurred_at"], call["next_step_on"], call["notes"]) = (Value::Null, Value::Null, json!(" \u{3000}\n"));
    assert_eq!(admin.post(&path).json(call.clone()).send().await.is_problem(422, "invalid").pointers(), ["/notes"]);
    call["notes"] = json!("第一天");
    call["occurred_at"] = json!("1970-01-01T00:00:00Z");
    let made = admin.post(&path).json(call.clone()).send().await.is(201);
    let one = made.header("location").unwrap().to_owned();
    for (change, pointer) in [
        (json!({ "next_step_on": "1969-12-31" }), "/next_step_on"),
        (json!({ "notes": " " }), "/notes"),
        (json!({ "next_step": "\t" }), "/next_step"),
    ] {
        assert_eq!(admin.patch(&one).json(change).send().await.is_problem(422, "invalid").pointers(), [pointer]);
    }
    for (change, constraint) in [
        ("notes = ' '", "interaction_notes_bounds"),
        ("next_step = ''", "interaction_next_step_bounds"),
        ("next_step_on = '1969-12-31'", "interaction_next_step_on_since_1970"),
        ("occurred_at = '1969-12-31T23:59:59Z'", "interaction_occurred_at_since_1970"),
    ] {
        let wrong = sqlx::AssertSqlSafe(format!("UPDATE interaction SET {change}"));
        let refused = sqlx::raw_sql(wrong).execute(&mut *app.db.connection().await.unwrap()).await;
        assert_eq!(refused.unwrap_err().into_database_error().unwrap().constraint(), Some(constraint));
    }
    call["occurred_at"] = Value::Null;
    call["churn_alert_id"] = json!("01890000-0000-7000-8000-000000000000");
    admin.post(&path).json(call).send().await.is_problem(422, "unknown_alert");
}

#[tokio::test]
async fn a_contact_with_a_former_client_is_recorded() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/v1/clients/{}", app.client(BranchId::ROOT, None).await);
    admin.post(&format!("{path}/close")).json(json!({ "reason": "转户" })).send().await.is(200);
    let call = json!({ "channel": "call", "direction": "inbound", "purpose": "service" });
    admin.post(&format!("{path}/interactions")).json(call).send().await.is(201);
}

/// A column that a statement forgets is silent, but not here: whatever the document says a body may hold is sent, and
/// is there afterwards.
#[tokio::test]
async fn every_member_of_a_body_is_kept() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let client = app.client(BranchId::ROOT, None).await;
    let path = format!("/v1/clients/{client}/interactions");
    let members = |schema: &str| -> Vec<String> {
        let schema = &clientele::openapi::document()["components"]["schemas"][schema];
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let new = json!({ "channel": "visit", "direction": "inbound", "purpose": "care", "outcome": "interest", "notes": "n",
        "next_step": "s", "next_step_on": "2026-02-01", "churn_alert_id": null, "occurred_at": "2026-01-05T02:00:00Z" });
    let change = json!({ "outcome": "refused", "notes": "m", "next_step": "t", "next_step_on": "2026-03-01" });
    for (schema, body) in [("RecordInteraction", &new), ("ChangeInteraction", &change)] {
        let sent: Vec<&String> = body.as_object().unwrap().keys().collect();
        let (mut sent, mut all) = (sent, members(schema));
        sent.sort();
        all.sort();
        assert_eq!(sent, all.iter().collect::<Vec<_>>(), "{schema}: send every member here");
    }
    let made = admin.post(&path).json(new.clone()).send().await.is(201);
    let one = made.header("location").unwrap().to_owned();
    admin.patch(&one).json(change.clone()).send().await.is(200);
    let kept = admin.get(&one).send().await.is(200).json;
    for (member, value) in new.as_object().unwrap().iter().chain(change.as_object().unwrap()) {
        let expected = change.get(member).unwrap_or(value);
        assert_eq!((member, &made.json[member], &kept[member]), (member, new.get(member).unwrap(), expected));
    }
    let again = admin.patch(&one).json(change).send().await.is(200);
    assert_eq!(again.etag(), "\"2\"", "nothing changed, nothing written");
}
