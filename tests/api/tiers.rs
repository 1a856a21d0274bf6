//! Tiers over HTTP: moved by trades and balances, explained, as of any day.

use clientele::insight::tiers;
use clientele::platform::kernel::ids::{BranchId, ClientId};
use clientele::platform::kernel::principal::Caller;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::trades::{send, trade};

/// A token is good for minutes, and these tests set the clock by days: whoever calls signs in anew.
async fn tier(app: &TestApp, client: ClientId, query: &str) -> Value {
    app.admin().await.get(&format!("/v1/clients/{client}/tier{query}")).send().await.is(200).json
}

async fn balance(app: &TestApp, client: ClientId, day: &str, net: &str) {
    let item = json!({ "client_id": client, "trade_day": day, "total_assets": net });
    let answer = app.admin().await.post("/v1/balances/batch").json(json!([item])).send().await.is(200).json;
    assert_eq!(answer["rejected"], 0, "{answer}");
}

#[tokio::test]
async fn the_default_policy_is_there() {
    let app = TestApp::start().await;
    let list = app.admin().await.get("/v1/tier-policies").send().await.is(200).json;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let policy = &list["items"][0];
    assert_eq!((policy["version"].as_i64(), policy["status"].as_str()), (Some(1), Some("active")));
    assert_eq!(policy["rungs"].as_array().unwrap().len(), 6);
    assert_eq!(policy["rungs"][3]["lower_bound"], "500000");
}

#[tokio::test]
async fn trades_and_balances_move_the_tier_before_they_are_answered() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let nothing = tier(&app, client, "").await;
    assert_eq!((nothing["current"].clone(), nothing["history"].clone()), (Value::Null, json!([])));
    send(&admin, vec![trade(client, "T1", "2026-03-02T02:00:00Z", "10")]).await;
    let first = tier(&app, client, "").await;
    assert_eq!(first["current"]["rung"], "zero");
    assert_eq!(first["current"]["decision"]["rule"], "no_balances_yet");
    app.clock.set("2026-03-03T08:00:00Z".parse().unwrap());
    balance(&app, client, "2026-03-03", "750000").await;
    let now = tier(&app, client, "").await["current"].clone();
    assert_eq!((now["tier"].as_str(), now["rung"].as_str()), (Some("middle"), Some("500k_to_6m")));
    let wrong = "UPDATE tier_assignment SET rule = 'by_dice'";
    let refused = sqlx::query(wrong).execute(&mut *app.db.connection().await.unwrap()).await.unwrap_err();
    assert_eq!(refused.into_database_error().unwrap().constraint(), Some("tier_assignment_rule_known"));
    let decision = &now["decision"];
    assert_eq!((decision["rule"].as_str(), now["since"].as_str()), (Some("upgrade_at_once"), Some("2026-03-03")));
    assert_eq!(decision["inputs"]["average_net_assets"], "750000");
    assert_eq!((decision["rung_before"].as_str(), decision["policy_version"].as_i64()), (Some("zero"), Some(1)));
    assert!(decision["reasons"][0]["text"].as_str().unwrap().contains("750000.00 CNY"), "{now}");
    let read = app.admin().await.get(&format!("/v1/clients/{client}")).send().await.is(200).json;
    assert_eq!(read["tier"], "middle");
    // As of the day before, and before everything.
    let before = tier(&app, client, "?as_of=2026-03-02").await;
    assert_eq!((before["current"]["rung"].as_str(), before["history"].as_array().unwrap().len()), (Some("zero"), 1));
    assert_eq!(tier(&app, client, "?as_of=2026-03-02T07:59:59Z").await["current"], Value::Null);
    assert_eq!(tier(&app, client, "").await["history"].as_array().unwrap().len(), 2);
    let admin = app.admin().await;
    let chinese =
        admin.get(&format!("/v1/clients/{client}/tier")).header("Accept-Language", "zh-CN").send().await.is(200);
    assert!(chinese.json["current"]["reasons"][0]["text"].as_str().unwrap().contains("日均净资产"));
    // A fall is held in grace: no other tier, but another standing.
    app.clock.set("2026-03-04T08:00:00Z".parse().unwrap());
    balance(&app, client, "2026-03-04", "1000").await;
    let held = tier(&app, client, "").await["current"].clone();
    assert_eq!((held["tier"].as_str(), held["standing"].as_str()), (Some("middle"), Some("in_grace")));
    assert_eq!(held["since"], "2026-03-03");
    let moves = "SELECT count(*) FROM outbox_event WHERE kind = 'client.tier_changed' AND client_id = $1";
    let moves: i64 =
        sqlx::query_scalar(moves).bind(client).fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap();
    assert_eq!(moves, 2);
    app.admin().await.get(&format!("/v1/clients/{client}/tier?as_of=soon")).send().await.is_problem(400, "malformed");
}

/// The day of the client as a whole counts; its fund accounts only where there is none.
#[tokio::test]
async fn no_money_counts_twice() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let client = app.client(BranchId::ROOT, None).await;
    let of = |account: &str, net: &str| json!({ "client_id": client, "trade_day": "2026-03-02", "fund_account_no": account, "total_assets": net });
    let accounts = json!([of("8001", "200000"), of("8002", "100000")]);
    app.admin().await.post("/v1/balances/batch").json(accounts.clone()).send().await.is(200);
    let added_up = tier(&app, client, "").await["current"].clone();
    assert_eq!(
        (added_up["inputs"]["average_net_assets"].as_str(), &added_up["tier"]),
        (Some("300000"), &json!("ordinary"))
    );
    balance(&app, client, "2026-03-02", "310000").await;
    let once = tier(&app, client, "").await["current"].clone();
    assert_eq!(
        (&once["rung"], &once["inputs"]["average_net_assets"]),
        (&added_up["rung"], &json!("310000")),
        "together they would reach the next rung"
    );
    balance(&app, client, "2026-03-02", "550000").await;
    app.admin().await.post("/v1/balances/batch").json(accounts).send().await.is(200);
    let as_a_whole = tier(&app, client, "").await["current"].clone();
    assert_eq!(
        (as_a_whole["inputs"]["average_net_assets"].as_str(), &as_a_whole["tier"]),
        (Some("550000"), &json!("middle"))
    );
}

#[tokio::test]
async fn frequent_trading_lifts_the_service_and_not_the_tier() {
    let app = TestApp::at("2026-03-30T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let day = |n: usize| trade(client, &format!("T{n}"), &format!("2026-03-{n:02}T02:00:00Z"), "10");
    send(&admin, (1..20).map(day).collect()).await;
    assert_eq!(tier(&app, client, "").await["current"]["service_level"], "ordinary");
    send(&admin, vec![day(20)]).await;
    let lifted = tier(&app, client, "").await["current"].clone();
    assert_eq!((lifted["tier"].as_str(), lifted["service_level"].as_str()), (Some("ordinary"), Some("middle")));
    assert_eq!(lifted["inputs"]["active_days"], 20);
    send(&admin, vec![json!({ "client_id": client, "external_id": "R", "reverses": "T5" })]).await;
    assert_eq!(tier(&app, client, "").await["current"]["service_level"], "ordinary");
}

#[tokio::test]
async fn a_tier_that_stays_tells_what_speaks_for_it_now() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let client = app.client(BranchId::ROOT, None).await;
    balance(&app, client, "2026-03-02", "750000").await;
    app.clock.set("2026-03-03T08:00:00Z".parse().unwrap());
    send(&app.admin().await, vec![trade(client, "T1", "2026-03-03T02:00:00Z", "10")]).await;
    balance(&app, client, "2026-03-03", "850000").await;

    let told = tier(&app, client, "").await;
    assert_eq!(told["history"].as_array().unwrap().len(), 1, "nothing moved");
    let now = &told["current"];
    assert_eq!(
        (now["inputs"]["active_days"].as_u64(), now["decision"]["inputs"]["active_days"].as_u64()),
        (Some(1), Some(0))
    );
    assert_eq!(now["inputs"]["average_net_assets"], "800000");
    assert_eq!(
        (now["reasons"][1]["code"].as_str(), now["reasons"][1]["contribution"].as_f64()),
        (Some("unchanged"), None)
    );
    assert_eq!(now["decision"]["reasons"][1]["code"], "first_assignment");
    let before = tier(&app, client, "?as_of=2026-03-02").await["current"]["inputs"].clone();
    assert_eq!((before["as_of"].as_str(), before["active_days"].as_u64()), (Some("2026-03-02"), Some(0)));
    assert_eq!(before["average_net_assets"], "750000");

    let overview = app.admin().await.get(&format!("/v1/clients/{client}/overview")).send().await.is(200).json;
    assert_eq!(&overview["tier"], now, "the overview says the same");
}

#[tokio::test]
async fn a_client_goes_down_after_six_months_below() {
    let app = TestApp::at("2025-06-30T08:00:00Z").await;
    let client = app.client(BranchId::ROOT, None).await;
    balance(&app, client, "2025-06-30", "7000000").await;
    let months = ["2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12", "2026-01"];
    let mut seen = Vec::new();
    for (n, month) in months.iter().enumerate() {
        app.clock.set(format!("{month}-28T08:00:00Z").parse().unwrap());
        for day in 1..=25 {
            balance(&app, client, &format!("{month}-{day:02}"), &format!("{}", 600_000 + n)).await;
        }
        let now = tier(&app, client, "").await["current"].clone();
        seen.push(format!("{} {}", now["rung"].as_str().unwrap(), now["standing"].as_str().unwrap()));
    }
    let (held, watched) = ("6m_to_10m in_grace", "6m_to_10m watch");
    assert_eq!(seen, [held, held, held, watched, watched, watched, "500k_to_6m settled"]);
}

#[tokio::test]
async fn a_review_of_many_moves_only_who_must_move() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(app.client(BranchId::ROOT, None).await);
    }
    balance(&app, clients[0], "2026-03-02", "10000000").await;
    let review = async || {
        let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
        let moves = tiers::reassess(&mut uow, &clients, "2026-03-02".parse().unwrap()).await.unwrap();
        uow.finish(()).await.unwrap();
        moves.len()
    };
    assert_eq!(review().await, 2);
    assert_eq!(review().await, 0);
}
