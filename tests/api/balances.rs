//! Balances over HTTP.

use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn the_last_word_of_a_day_and_account_wins() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let balance = |day: &str, total: &str| json!({ "client_id": client, "trade_day": day, "total_assets": total });
    let mut account = balance("2026-03-02", "50");
    account["fund_account_no"] = "8001".into();
    account["liabilities"] = "70.5".into();
    let batch = json!([
        balance("2026-02-27", "100"),
        balance("2026-03-02", "200"),
        balance("2026-03-02", "200.0"),
        balance("2026-03-02", "300"),
        account
    ]);
    let answer = admin.post("/v1/balances/batch").json(batch).send().await.is(200).json;
    let statuses = |answer: &Value| -> Vec<String> {
        answer["items"].as_array().unwrap().iter().map(|item| item["status"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(statuses(&answer), ["accepted", "accepted", "duplicate", "accepted", "accepted"], "{answer}");
    let batch = json!([balance("2026-02-27", "100"), balance("2026-03-02", "301")]);
    let answer = admin.post("/v1/balances/batch").json(batch).send().await.is(200).json;
    assert_eq!(statuses(&answer), ["duplicate", "accepted"]);
    let path = format!("/v1/clients/{client}/balances");
    let page = admin.get(&format!("{path}?limit=2")).send().await.is(200).json;
    let rows = |page: &Value| -> Vec<String> {
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
        let row = |row: &Value| {
            ["trade_day", "fund_account_no", "total_assets", "net_assets"].map(|n| text(row, n)).join(" ")
        };
        page["items"].as_array().unwrap().iter().map(row).collect()
    };
    assert_eq!(rows(&page), ["2026-03-02 8001 50 -20.5", "2026-03-02 - 301 301"]);
    let next = format!("{path}?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(rows(&admin.get(&next).send().await.is(200).json), ["2026-02-27 - 100 100"]);
    assert_eq!(rows(&admin.get(&format!("{path}?day_to=2026-02-28")).send().await.is(200).json).len(), 1);
    assert_eq!(
        rows(&admin.get(&format!("{path}?day_from=2026-02-28&fund_account_no=8001")).send().await.is(200).json).len(),
        1
    );
    admin.get(&format!("{path}?day_to=2026-02-30")).send().await.is_problem(400, "malformed");
}

#[tokio::test]
async fn what_is_wrong_with_a_balance_refuses_that_balance() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let with = |name: &str, value: &str| {
        let mut item = json!({ "client_id": client, "trade_day": "2026-03-02", "total_assets": "1" });
        item[name] = value.into();
        item
    };
    let both = |net: &str, liabilities: &str| {
        let mut item = with("net_assets", net);
        item["liabilities"] = liabilities.into();
        item
    };
    let cases = [
        (with("trade_day", "2026-03-03"), "/trade_day future"),
        (with("trade_day", "2026-02-30"), "/trade_day format"),
        (with("trade_day", "1969-12-31"), "/trade_day too_early"),
        (with("currency", "USD"), "/currency other_currency"),
        (with("currency", "CNY"), " "),
        (with("total_assets", "-1"), "/total_assets negative"),
        (with("net_assets", "-99999999999999999"), "/net_assets too_large"),
        (with("cash", "1.000000001"), "/cash too_precise"),
        (with("client_no", "both"), "/client_no one_client"),
        (with("liabilities", "-1"), "/liabilities negative"),
        (with("net_assets", "1.01"), "/net_assets net_above_total"),
        (both("0.5", "0.5"), " "),
        (both("0.4", "0.5"), "/net_assets net_disagrees"),
        (with("amount", "1"), "/amount unknown"),
        (json!({ "client_id": client, "total_assets": "1" }), "/trade_day required"),
    ];
    let batch = Value::Array(cases.iter().map(|(item, _)| item.clone()).collect());
    let answer = admin.post("/v1/balances/batch").json(batch).send().await.is(200).json;
    let fault = |item: &Value| {
        let part = |name: &str| item["errors"][0][name].as_str().unwrap_or_default().to_owned();
        format!("{} {}", part("pointer"), part("code"))
    };
    let found: Vec<String> = answer["items"].as_array().unwrap().iter().map(fault).collect();
    assert_eq!(found, cases.each_ref().map(|(_, fault)| (*fault).to_owned()));
    let hopeless = json!([{ "client_id": client, "amount": "1", "cash": 1, "liabilities": "-1" }]);
    let answer = admin.post("/v1/balances/batch").json(hopeless).send().await.is(200).json;
    let errors = answer["items"][0]["errors"].as_array().unwrap();
    let pointers: Vec<&str> = errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/amount", "/cash", "/total_assets", "/trade_day", "/liabilities"], "all at once");
}

/// What the API refuses, the database refuses too.
#[tokio::test]
async fn no_balance_contradicts_itself_in_the_database() {
    let app = TestApp::start().await;
    let client = app.client(BranchId::ROOT, None).await;
    for (net, liabilities, constraint) in [
        ("1", "-1", "balance_liabilities_not_negative"),
        ("2", "0", "balance_net_at_most_total"),
        ("0.5", "0.4", "balance_net_is_total_less_liabilities"),
    ] {
        let insert = "INSERT INTO balance (client_id, trade_day, source, currency, total_assets, net_assets, liabilities, recorded_at)
                      VALUES ($1, '2026-03-02', 'test', 'CNY', 1, $2::text::numeric, $3::text::numeric, now())";
        let mut conn = app.db.connection().await.unwrap();
        let refused =
            sqlx::query(insert).bind(client).bind(net).bind(liabilities).execute(&mut *conn).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(constraint));
    }
}
