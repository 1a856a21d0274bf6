//! The risk of one client: figures, reasons, and why there may be none.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use super::book::{enter, invented, score};
use crate::support::TestApp;
use crate::trades::{send, trade};

#[tokio::test]
async fn a_risk_explains_itself_as_of_any_day() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    let clients = enter(&app, invented(3_000)).await;
    let first = score(&app, "1998-01-01", 90).await;
    let second = score(&app, "1998-03-01", 90).await;
    let admin = app.admin().await;
    let (mut explained, mut last) = (0, Value::Null);
    for client in clients.iter().step_by(100) {
        let path = format!("/v1/clients/{client}/churn-risk");
        let risk = admin.get(&format!("{path}?as_of=1998-01-01&horizon_days=180")).send().await.is(200).json;
        let p = risk["p_silent"].as_f64().unwrap();
        assert_eq!(risk["model"]["churn_model_id"], first["churn_model_id"]);
        // The probability is the exact sum of its terms, in log-odds.
        let terms = risk["terms"].as_array().unwrap().iter().map(|term| term["contribution"].as_f64().unwrap());
        let sum = risk["base_log_odds"].as_f64().unwrap() + terms.sum::<f64>();
        assert!((sum - (p / (1.0 - p)).ln()).abs() < 1e-9, "{risk}");
        assert!(risk["p_alive"].as_f64().unwrap() <= 1.0 && risk["expected_active_days"].as_f64().unwrap() >= 0.0);
        explained += risk["reasons"].as_array().unwrap().len();
        // A longer horizon is less likely to stay silent, the newest model that saw nothing later is used.
        let short = admin.get(&format!("{path}?as_of=1998-01-01")).send().await.is(200).json;
        assert!(short["p_silent"].as_f64() >= Some(p) && short["horizon_days"] == 90);
        last = admin.get(&path).send().await.is(200).json;
        assert_eq!(last["model"]["churn_model_id"], second["churn_model_id"]);
        assert_eq!(last["as_of"], "1998-07-10");
        // Before the first model there is what was seen, but no probability.
        let before = admin.get(&format!("{path}?as_of=1997-12-31T12:00:00Z")).send().await.is(200).json;
        assert_eq!((before["p_silent"].clone(), before["code"].as_str()), (Value::Null, Some("no_model")));
        assert_eq!(before["statistics"]["first_day"], risk["statistics"]["first_day"]);
    }
    assert!(explained > 30, "{explained} reasons for 30 clients");
    let path = format!("/v1/clients/{}/churn-risk", clients[2_900]);
    let chinese = admin.get(&path).header("Accept-Language", "zh-CN").send().await.is(200).json;
    assert_eq!(chinese["p_silent"], last["p_silent"]);
    assert!(chinese["reasons"][0]["text"].as_str().unwrap().contains('天'), "{chinese}");
}

#[tokio::test]
async fn what_is_told_with_an_alert_is_what_is_read() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    enter(&app, invented(3_000)).await;
    score(&app, "1998-01-01", 180).await;
    let admin = app.admin().await;
    let alerts = admin.get("/v1/churn-alerts?limit=20").send().await.is(200).json;
    for alert in alerts["items"].as_array().unwrap() {
        let path = format!(
            "/v1/clients/{}/churn-risk?as_of=1998-01-01&horizon_days=180",
            alert["client_id"].as_str().unwrap()
        );
        let risk = admin.get(&path).send().await.is(200).json;
        assert_eq!(alert["p_silent"], risk["p_silent"]);
        let given: Vec<&Value> = alert["reasons"].as_array().unwrap().iter().collect();
        assert!(risk["reasons"].as_array().unwrap().iter().all(|reason| given.contains(&reason)), "{alert}\n{risk}");
    }
}

#[tokio::test]
async fn without_a_model_or_a_trade_there_is_a_code() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let risk = async |query: &str| -> Value {
        admin.get(&format!("/v1/clients/{client}/churn-risk{query}")).send().await.is(200).json
    };
    let never = risk("").await;
    assert_eq!((never["code"].as_str(), never["statistics"].clone()), (Some("never_traded"), Value::Null));
    let items = (1..=9).map(|n| trade(client, &format!("T{n}"), &format!("2025-1{}-0{n}T02:00:00Z", n % 3), "10"));
    send(&admin, items.collect()).await;
    let none = risk("").await;
    assert_eq!((none["code"].as_str(), none["model"].clone()), (Some("no_model"), Value::Null));
    assert_eq!((none["p_silent"].clone(), none["statistics"]["active_days"].as_u64()), (Value::Null, Some(9)));
    assert!(!none["reasons"].as_array().unwrap().is_empty(), "what was seen can be said without a model: {none}");
    admin.post("/v1/scoring-runs").json(json!({})).send().await.is(202);
    app.run_jobs().await;
    let few = risk("").await;
    assert_eq!(
        (&few["code"], &few["model"]["kind"]),
        (&Value::Null, &json!("rhythm")),
        "one client has a rhythm: {few}"
    );
    let [low, p, high] = ["p_silent_low", "p_silent", "p_silent_high"].map(|name| few[name].as_f64().unwrap());
    assert!(0.0 < low && low <= p && p < high && high < 1.0 && few["statistics"]["active_days"] == 9, "{few}");
    for query in ["?horizon_days=0", "?horizon_days=731", "?horizon_days=1.5", "?as_of=soon"] {
        admin.get(&format!("/v1/clients/{client}/churn-risk{query}")).send().await.is_problem(400, "malformed");
    }
    let stranger = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    stranger.get(&format!("/v1/clients/{client}/churn-risk")).send().await.is_problem(404, "not_found");
}

#[tokio::test]
async fn every_risk_that_was_decided_is_concluded_again_to_the_byte() {
    let app = TestApp::at("1998-07-10T02:00:00Z").await;
    enter(&app, invented(1_000)).await;
    let run = score(&app, "1998-01-01", 180).await;
    let admin = app.admin().await;
    let decided = "SELECT client_id, decision_id FROM decision WHERE kind = 'churn_risk' ORDER BY 1";
    let decided: Vec<(uuid::Uuid, uuid::Uuid)> =
        sqlx::query_as(decided).fetch_all(&mut *app.db.connection().await.unwrap()).await.unwrap();
    assert_eq!(decided.len() as u64, run["summary"]["alerts"]["opened"].as_u64().unwrap(), "one with every alert");
    for (client, decision) in &decided {
        let path = format!("/v1/clients/{client}/decisions/{decision}");
        let replay = admin.post(&format!("{path}/replay")).send().await.is(200).json;
        assert_eq!(replay["equal"], true, "{replay}");
        assert!(["likely", "severe"].contains(&replay["stored"]["result"]["band"].as_str().unwrap()), "{replay}");
    }
    // On demand, of whoever never traded too; the same again is the same decision.
    let never = app.client(BranchId::ROOT, None).await;
    let path = format!("/v1/clients/{never}/decisions");
    let made = admin.post(&path).json(json!({ "kind": "churn_risk" })).send().await.is(200);
    assert_eq!(made.json["result"], json!({ "band": null, "code": "never_traded" }));
    let again = admin.post(&path).json(json!({ "kind": "churn_risk" })).send().await.is(200);
    assert_eq!(again.json, made.json);
    let replay = format!("{path}/{}/replay", made.text_of("decision_id"));
    assert_eq!(admin.post(&replay).send().await.is(200).json["equal"], true);
    // Another model concludes otherwise: what was decided rests on the one it names.
    let other = "UPDATE churn_model SET parameters = jsonb_set(parameters, '{base,alpha}', '0.01')";
    sqlx::query(other).execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
    let (client, decision) = decided[0];
    let path = format!("/v1/clients/{client}/decisions/{decision}/replay");
    assert_eq!(admin.post(&path).send().await.is(200).json["equal"], false);
}
