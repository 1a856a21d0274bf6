//! Right numbers: the amount is the money, currencies are those there are, and nothing traded is no trade.

use clientele::book::trades;
use clientele::platform::kernel::ids::{BranchId, ClientId};
use clientele::platform::kernel::principal::Caller;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const NOW: &str = "2026-11-25T08:00:00Z";

/// The result of a file of trades, taken in to the end.
async fn imported(app: &TestApp, admin: &Client, query: &str, body: &str) -> Value {
    let path = format!("/v1/imports?create_clients=true&{query}");
    let taken = admin.post(&path).bytes("text/csv", body.to_owned()).send().await.is(202);
    app.run_jobs().await;
    let job = admin.get(taken.header("location").unwrap()).send().await.is(200).json;
    job["result"].clone()
}

async fn trades_of(admin: &Client, client_no: &str) -> Vec<Value> {
    let clients = admin.get(&format!("/v1/clients?client_no={client_no}")).send().await.is(200).json;
    let client = clients["items"][0]["client_id"].as_str().unwrap().to_owned();
    let list = admin.get(&format!("/v1/clients/{client}/trades")).send().await.is(200).json;
    list["items"].as_array().unwrap().clone()
}

/// A reverse repo's price is a rate, a bond's is clean, an option's is of one unit, Stock Connect's is in Hong Kong
/// dollars, and a fund has none before confirmation.
#[tokio::test]
async fn a_price_that_is_no_money_per_unit_leaves_the_amount_alone() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = "client_no,executed_at,side,instrument,quantity,price,amount,commission\n\
        77000012,2026-03-02 09:31:00,reverse_repo,204001,1000,1.855,100000.00,0.5\n\
        77000012,2026-03-02 09:32:00,buy,019666,100,100.25,10105.40,0.5\n\
        77000012,2026-03-02 09:33:00,option_open,10005678,2,0.0456,912.00,0.5\n\
        77000012,2026-03-02 09:34:00,buy,H00700,100,388.20,35714.40,0.5\n\
        77000012,2026-03-02 09:35:00,purchase,110011,0,0,10000.00,0.5\n\
        77000012,2026-03-02 09:36:00,purchase,110011,0.00,0.0000,10000.00,0.5\n\
        77000012,2026-03-02 09:37:00,subscribe,004432,,,10000.00,0.5\n\
        77000012,2026-03-02 09:38:00,new_share_subscription,730999,500,12.34,6170,0.5\n";
    let result = imported(&app, &admin, "kind=trades", body).await;
    assert_eq!((&result["accepted"], &result["rejected"]), (&json!(8), &json!(0)), "{result}");
    let amounts = trades_of(&admin, "77000012").await;
    let amounts: Vec<&str> = amounts.iter().map(|trade| trade["amount"].as_str().unwrap()).collect();
    assert_eq!(amounts, ["6170", "10000", "10000", "10000", "35714.4", "912", "10105.4", "100000"]);
}

#[tokio::test]
async fn a_disagreement_names_both_figures_in_the_caller_s_language() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let with = |n: u32, change: Value| {
        let mut item = json!({ "client_id": client, "external_id": format!("T{n}"), "executed_at": "2026-03-02T02:00:00Z",
            "side": "buy", "instrument": "600519.SH" });
        item.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        item
    };
    let items = [
        with(1, json!({ "quantity": "333", "price": "10.53", "amount": "3506.5" })),
        with(2, json!({ "quantity": "100", "price": "10.25", "amount": "10250.00" })),
        with(3, json!({ "quantity": "100", "price": "10.25", "amount": "1031.00" })),
        with(4, json!({ "quantity": "1000", "price": "1.855", "side": "reverse_repo", "instrument": "204001" })),
        with(5, json!({ "quantity": "0", "price": "10.25", "amount": "0" })),
    ];
    let answer = admin.post("/v1/trades/batch").json(json!(items)).send().await.is(200).json;
    let told = |n: usize| {
        let error = &answer["items"][n]["errors"][0];
        ["pointer", "code", "message"].map(|name| error[name].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(answer["items"][0]["status"], "accepted", "{answer}");
    assert_eq!(told(1)[..2], ["/amount", "amount_disagrees"]);
    assert_eq!(told(1)[2], "The amount 10250.00 is 10 times quantity × price, which is 1025.00");
    assert_eq!(told(2)[2], "The amount is 1031.00, but quantity × price is 1025.00");
    assert_eq!(told(3)[..2], ["/amount", "required"], "a rate makes no money");
    assert_eq!(answer["warnings"]["nothing_traded"], 1);
}

/// An order that was cancelled makes no active day, neither by its coming nor by being taken back.
#[tokio::test]
async fn an_order_that_was_cancelled_does_not_end_a_silence() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = "client_no,executed_at,side,instrument,quantity,price,amount\n\
        S1,2026-03-02 09:31,buy,600000,100,10.00,1000.00\nS1,2026-11-02 09:31,buy,600000,0,10.50,0.00\nS1,2026-11-03 09:31,sell,600000,0,,0\n";
    let result = imported(&app, &admin, "kind=trades", body).await;
    assert_eq!((&result["accepted"], &result["warnings"]), (&json!(3), &json!({ "nothing_traded": 2 })), "{result}");
    let nothing = trades_of(&admin, "S1").await.into_iter().find(|trade| trade["quantity"] == "0").unwrap();
    let reversal = json!([{ "client_no": "S1", "external_id": "R1", "source": nothing["source"], "reverses": nothing["external_id"] }]);
    assert_eq!(admin.post("/v1/trades/batch").json(reversal).send().await.is(200).json["accepted"], 1);
    let mut conn = app.db.connection().await.unwrap();
    let active = "SELECT string_agg(trade_day::text || ' ' || trade_count, ',') FROM active_day";
    let active: String = sqlx::query_scalar(active).fetch_one(&mut *conn).await.unwrap();
    let last = "SELECT last_day::text || ' ' || active_days || ' ' || trade_count FROM trade_statistics";
    let last: String = sqlx::query_scalar(last).fetch_one(&mut *conn).await.unwrap();
    assert_eq!((active.as_str(), last.as_str()), ("2026-03-02 1", "2026-03-02 1 1"));
    let client: ClientId =
        sqlx::query_scalar("SELECT client_id FROM client WHERE client_no = 'S1'").fetch_one(&mut *conn).await.unwrap();
    let mut read = app.db.read(&Caller::system("test", "test")).await.unwrap();
    let differences = trades::SLICE.verify.unwrap()(&mut read, &[client]).await.unwrap();
    assert!(differences.is_empty(), "{differences:?}");
}

/// Whoever books a trade anew under the id of one that was taken back hears so, whether in a batch, a file or a dry
/// run.
#[tokio::test]
async fn a_trade_booked_anew_under_a_reversed_id_is_no_duplicate() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let trade = json!({ "client_id": client, "source": "counter", "external_id": "T1", "executed_at": "2026-03-02T02:00:00Z",
        "side": "buy", "instrument": "600519.SH", "amount": "10" });
    let reversal = json!({ "client_id": client, "source": "counter", "external_id": "R1", "reverses": "T1" });
    let mut other = trade.clone();
    other["amount"] = json!("11");
    let first = json!([trade, reversal, trade]);
    let first = admin.post("/v1/trades/batch").json(first).send().await.is(200).json;
    assert_eq!(first["items"][2]["status"], "duplicate", "in one batch trades come before reversals");
    let again = admin.post("/v1/trades/batch").json(json!([trade, reversal, other])).send().await.is(200).json;
    let statuses: Vec<&str> =
        again["items"].as_array().unwrap().iter().map(|item| item["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["reversed_before", "duplicate", "reversed_before"]);
    assert_eq!(
        (&again["reversed_before"], &again["duplicates"], &again["rejected"]),
        (&json!(2), &json!(1), &json!(0))
    );
    assert_eq!(again["items"][0]["trade_id"], first["items"][0]["trade_id"]);
    let file = "client_id,executed_at,side,instrument,amount,external_id,reverses\n".to_owned()
        + &format!(
            "{client},2026-03-02T02:00:00Z,buy,600519.SH,10,T1,\n{client},2026-03-03T02:00:00Z,buy,600519.SH,10,T2,\n"
        )
        + &format!("{client},,,,,R2,T2\n");
    for query in ["dry_run=true&source=counter", "source=counter"] {
        let result = imported(&app, &admin, &format!("kind=trades&{query}"), &file).await;
        let counts = ["accepted", "reversed_before", "duplicate"].map(|name| result[name].as_u64().unwrap());
        assert_eq!(counts, [2, 1, 0], "{query}: {result}");
    }
}

/// The counter knows better than our record of the client: such trades are taken in, and counted.
#[tokio::test]
async fn what_our_record_does_not_know_is_a_warning() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = json!({ "client_no": "W1", "name": "李娜", "kind": "individual", "branch_id": BranchId::ROOT, "opened_on": "2026-03-02" });
    let client = admin.post("/v1/clients").json(body).send().await.is(201).text_of("client_id").to_owned();
    let account = json!({ "fund_account_no": "F1", "kind": "ordinary" });
    admin.post(&format!("/v1/clients/{client}/fund-accounts")).json(account).send().await.is(201);
    let trade = |id: &str, day: &str, account: &str| {
        json!({ "client_no": "W1", "external_id": id, "executed_at": format!("{day}T02:00:00Z"), "side": "buy",
            "instrument": "600519.SH", "amount": "10", "fund_account_no": account })
    };
    let items = json!([
        trade("T1", "2026-03-02", "F1"),
        trade("T2", "2026-03-01", "F1"),
        trade("T3", "2026-03-02", "F9"),
        trade("T4", "2026-02-27", "F9"),
        trade("T1", "2026-03-02", "F1"),
    ]);
    let answer = admin.post("/v1/trades/batch").json(items.clone()).send().await.is(200).json;
    assert_eq!((&answer["accepted"], &answer["duplicates"]), (&json!(4), &json!(1)), "{answer}");
    assert_eq!(answer["warnings"], json!({ "before_opening": 2, "unknown_fund_account": 2 }));
    assert_eq!(answer["items"][1]["warnings"][0]["pointer"], "/executed_at");
    assert_eq!(answer["items"][3]["warnings"].as_array().unwrap().len(), 2);
    assert_eq!(answer["items"][0]["warnings"], json!([]));
    let again = admin.post("/v1/trades/batch").json(items).send().await.is(200).json;
    assert_eq!((&again["duplicates"], &again["warnings"]), (&json!(5), &json!({})), "only what is taken in");
    let balance =
        json!([{ "client_no": "W1", "trade_day": "2026-03-01", "total_assets": "1", "fund_account_no": "F9" }]);
    let balance = admin.post("/v1/balances/batch").json(balance).send().await.is(200).json;
    assert_eq!(balance["warnings"], json!({ "before_opening": 1, "unknown_fund_account": 1 }));
    let file = "client_no,executed_at,side,instrument,amount,fund_account_no\nW1,2026-01-05,buy,600519.SH,10,F9\nW1,2026-03-05,buy,600519.SH,10,F1\n";
    for query in ["kind=trades&dry_run=true", "kind=trades"] {
        let result = imported(&app, &admin, query, file).await;
        assert_eq!(
            (&result["accepted"], &result["warnings"]),
            (&json!(2), &json!({ "before_opening": 1, "unknown_fund_account": 1 })),
            "{result}"
        );
    }
}

#[tokio::test]
async fn yuan_are_yuan_however_they_are_written() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = "client_no,executed_at,side,instrument,amount,currency\n\
        77000041,2026-11-02 09:31:00,buy,600000,50000,RMB\n77000041,2026-11-03 09:31:00,buy,600000,1,人民币\n\
        77000041,2026-11-04 09:31:00,buy,600000,1,XYZ\n77000041,2026-11-05 09:31:00,buy,AAPL,1,USD\n";
    let result = imported(&app, &admin, "kind=trades", body).await;
    assert_eq!((&result["accepted"], &result["rejected"]), (&json!(3), &json!(1)), "{result}");
    let trades = trades_of(&admin, "77000041").await;
    let currencies: Vec<&str> = trades.iter().map(|trade| trade["currency"].as_str().unwrap()).collect();
    assert_eq!(currencies, ["USD", "CNY", "CNY"]);
    let bought = "SELECT buy_amount::text FROM trade_statistics";
    let bought: String = sqlx::query_scalar(bought).fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap();
    assert_eq!(bought, "50001.00000000");
}
