//! Alerts in the order asked for, and what the database itself holds of them.

use clientele::firm::access::{DataScope, Role};
use clientele::insight::scoring::HORIZON_DAYS;
use clientele::platform::kernel::ids::BranchId;
use serde_json::Value;
use sqlx::Executor;

use super::book::{enter, invented, score};
use crate::support::{Client, TestApp};

async fn scored() -> TestApp {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    enter(&app, invented(3_000)).await;
    score(&app, "1998-01-01", 180).await;
    // Ties are what a cursor stumbles over.
    let round = "UPDATE churn_alert SET value_at_risk = round(value_at_risk, -1)";
    app.db.connection().await.unwrap().execute(round).await.unwrap();
    app
}

async fn all(who: &Client, query: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("/v1/churn-alerts?limit=7{query}{cursor}")).send().await.is(200).json;
        items.extend(page["items"].as_array().unwrap().clone());
        assert!(items.len() < 3_000, "the pages of {query} go round in a circle");
        let Some(next) = page["next_cursor"].as_str() else { return items };
        cursor = format!("&cursor={next}");
    }
}

fn id(alert: &Value) -> String {
    alert["churn_alert_id"].as_str().unwrap().to_owned()
}

fn value(alert: &Value) -> i64 {
    alert["value_at_risk"].as_str().unwrap().parse().unwrap()
}

fn urgency(alert: &Value) -> usize {
    ["low", "medium", "high", "critical"].iter().position(|code| alert["severity"] == *code).unwrap()
}

#[tokio::test]
async fn alerts_come_in_the_order_asked_for() {
    let app = scored().await;
    let admin = app.admin().await;
    let advisor = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let newest = all(&admin, "").await;
    assert!(newest.len() > 30 && newest.is_sorted_by(|a, b| id(a) > id(b)));
    let charge = "UPDATE churn_alert SET advisor_id = $1 WHERE churn_alert_id = ANY($2::uuid[])";
    let theirs: Vec<String> = newest.iter().step_by(2).map(id).collect();
    sqlx::query(charge)
        .bind(advisor.staff_id)
        .bind(&theirs)
        .execute(&mut *app.db.connection().await.unwrap())
        .await
        .unwrap();
    let by_advisor = format!("&advisor_id={}", advisor.staff_id.unwrap());
    for filter in ["", "&severity=high&severity=low", "&status=open", &by_advisor] {
        let expected = all(&admin, filter).await;
        let sorted = |by: &dyn Fn(&Value) -> (i64, String)| -> Vec<String> {
            let mut alerts = expected.clone();
            alerts.sort_by_key(|alert| std::cmp::Reverse(by(alert)));
            alerts.iter().map(id).collect()
        };
        let found = async |sort: &str| -> Vec<String> {
            all(&admin, &format!("&sort={sort}{filter}")).await.iter().map(id).collect()
        };
        assert!(expected.len() > 8, "{filter}");
        assert_eq!(found("-opened_at").await, sorted(&|alert| (0, id(alert))), "{filter}");
        assert_eq!(found("-value_at_risk").await, sorted(&|alert| (value(alert), id(alert))), "{filter}");
        let by_urgency = |alert: &Value| (i64::try_from(urgency(alert)).unwrap(), id(alert));
        assert_eq!(found("-severity").await, sorted(&by_urgency), "{filter}");
    }
    let kinds: std::collections::BTreeSet<usize> = newest.iter().map(urgency).collect();
    assert!(kinds.len() > 1, "one severity has no order");
    admin.get("/v1/churn-alerts?sort=severity").send().await.is_problem(400, "malformed");
}

#[tokio::test]
async fn the_database_refuses_an_alert_that_cannot_be() {
    let app = scored().await;
    let resolved =
        "status = 'resolved', acknowledged_at = now(), started_at = now(), closed_at = now(), closed_as_of = as_of";
    let (lost, weather) =
        (format!("{resolved}, outcome = 'lost'"), format!("{resolved}, outcome = 'lost', loss_reason = 'weather'"));
    for (change, constraint) in [
        (lost.as_str(), "churn_alert_loss_reason_complete"),
        (&weather, "churn_alert_loss_reason_known"),
        ("loss_reason = 'fees'", "churn_alert_loss_reason_complete"),
        ("status = 'acknowledged'", "churn_alert_acknowledged_complete"),
        ("acknowledged_at = now()", "churn_alert_acknowledged_complete"),
        ("status = 'in_progress', acknowledged_at = now()", "churn_alert_started_complete"),
        ("status = 'acknowledged', acknowledged_at = now(), started_at = now()", "churn_alert_started_complete"),
        ("status = 'expired', closed_at = now()", "churn_alert_closed_complete"),
        ("horizon_days = 731", "churn_alert_horizon_forecast"),
        ("horizon_days = 0", "churn_alert_horizon_forecast"),
    ] {
        let wrong = format!(
            "UPDATE churn_alert SET {change} WHERE churn_alert_id = (SELECT max(churn_alert_id::text)::uuid FROM churn_alert)"
        );
        let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(wrong)).execute(&mut *app.db.connection().await.unwrap()).await;
        let refused = refused.unwrap_err().into_database_error().unwrap();
        assert_eq!(refused.constraint(), Some(constraint), "{change}");
    }
    let run = "UPDATE scoring_run SET horizon_days = 731";
    let refused = app.db.connection().await.unwrap().execute(run).await.unwrap_err().into_database_error().unwrap();
    assert_eq!(refused.constraint(), Some("scoring_run_horizon_forecast"));
}

#[tokio::test]
async fn every_way_to_ask_for_a_forecast_has_the_same_bounds() {
    let (least, most) = (*HORIZON_DAYS.start(), *HORIZON_DAYS.end());
    let document = serde_json::to_value(clientele::openapi::document()).unwrap();
    let body = &document["components"]["schemas"]["StartScoringRun"]["properties"]["horizon_days"];
    let parameters = document["paths"]["/v1/clients/{client_id}/churn-risk"]["get"]["parameters"].as_array().unwrap();
    let query = parameters.iter().find(|parameter| parameter["name"] == "horizon_days").unwrap();
    for schema in [body, &query["schema"]] {
        let bounds = (schema["minimum"].as_u64(), schema["maximum"].as_u64());
        assert_eq!(bounds, (Some(least.into()), Some(most.into())), "{schema}");
    }
    let app = TestApp::start().await;
    let caller = clientele::platform::kernel::principal::Caller::system("test", "test");
    for (days, good) in [(least, true), (most, true), (most + 1, false), (0, false)] {
        let mut uow = app.db.begin(&caller).await.unwrap();
        let asked = clientele::insight::scoring::request_run(&mut uow, None, days).await;
        assert_eq!(asked.is_ok(), good, "{days}");
        if good {
            uow.finish(()).await.unwrap();
        }
    }
}
