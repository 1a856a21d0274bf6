//! What a series of runs leaves behind: shares that hold, alerts that carry the forecast they stand on, none of clients
//! who left.

use serde_json::{Value, json};

use super::book::{enter, invented, score};
use crate::support::TestApp;

async fn alerts(app: &TestApp, query: &str) -> Vec<Value> {
    let admin = app.admin().await;
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page =
            admin.get(&format!("/v1/churn-alerts?limit=200&status=open{query}{cursor}")).send().await.is(200).json;
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn week_after_week_shares_hold_and_alerts_carry_their_forecast() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    enter(&app, invented(3_000)).await;
    let (mut most, mut raised) = (0.0_f64, 0);
    let runs = [("1998-01-01", 90), ("1998-01-15", 180), ("1998-02-01", 90), ("1998-03-01", 180), ("1998-04-01", 270)];
    for (day, horizon_days) in runs {
        let run = score(&app, day, horizon_days).await;
        // What stands when the population shrinks stays; there is no more of it than there ever was room for.
        most = most.max((run["summary"]["population"].as_u64().unwrap() as f64 * 0.05).ceil());
        raised += run["summary"]["alerts"]["raised"].as_u64().unwrap();
        for severity in ["low", "medium"] {
            let standing = alerts(&app, &format!("&severity={severity}")).await.len();
            assert!(standing as f64 <= most, "{standing} {severity} on {day}, room for {most}");
        }
    }
    assert!(raised > 0, "nothing was raised");
    let admin = app.admin().await;
    for alert in alerts(&app, "").await {
        let (client, as_of, horizon) =
            (alert["client_id"].as_str().unwrap(), alert["as_of"].as_str().unwrap(), &alert["horizon_days"]);
        let path = format!("/v1/clients/{client}/churn-risk?as_of={as_of}&horizon_days={horizon}");
        assert_eq!(admin.get(&path).send().await.is(200).json["p_silent"], alert["p_silent"], "{alert}");
    }
}

#[tokio::test]
async fn alerts_of_clients_who_left_end_and_cool_down_is_in_days_of_the_book() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    let admin = app.admin().await;
    enter(&app, invented(1_000)).await;
    score(&app, "1998-01-01", 180).await;
    let open = alerts(&app, "").await;
    let path = |alert: &Value| {
        format!(
            "/v1/clients/{}/churn-alerts/{}",
            alert["client_id"].as_str().unwrap(),
            alert["churn_alert_id"].as_str().unwrap()
        )
    };
    let left = "UPDATE client SET status = 'closed', closed_on = '1998-01-05', close_reason = 'moved' WHERE client_id = $1::uuid";
    let client = open[0]["client_id"].as_str().unwrap();
    sqlx::query(left).bind(client).execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
    for (step, body) in
        [("acknowledge", json!({})), ("start", json!({})), ("resolve", json!({ "outcome": "retained" }))]
    {
        let call = admin.post(&format!("{}/{step}", path(&open[1])));
        let call = if step == "resolve" { call.json(body) } else { call };
        call.send().await.is(200);
    }
    let closed = "SELECT closed_as_of::text FROM churn_alert WHERE churn_alert_id = $1::uuid";
    let closed: String = sqlx::query_scalar(closed)
        .bind(open[1]["churn_alert_id"].as_str().unwrap())
        .fetch_one(&mut *app.db.connection().await.unwrap())
        .await
        .unwrap();
    assert_eq!(closed, "1998-01-01", "not the day of the clock, half a year later");
    score(&app, "1998-01-08", 180).await;
    let ended = admin.get(&path(&open[0])).send().await.is(200).json;
    assert_eq!(ended["status"], "cleared", "{ended}");
}
