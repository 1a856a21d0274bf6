//! The trading profile: ten real investors to the digit, and what a window, a day, a currency and a scope leave out.

use std::collections::BTreeMap;

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::{BranchId, ClientId};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::trades::{send, trade};

type Row = BTreeMap<String, String>;

/// A file of the directory that `REFERENCE_DATA` names.
fn rows(file: &str) -> Vec<Row> {
    let directory = std::env::var("REFERENCE_DATA").expect("REFERENCE_DATA names the directory of the reference files");
    let mut reader = csv::Reader::from_path(format!("{directory}/{file}")).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Column of the reference → member of the answer.
const FIGURES: [(&str, &str); 16] = [
    ("trades", "trades"),
    ("buys", "buys"),
    ("sells", "sells"),
    ("span_days", "observed_days"),
    ("trades_per_30d", "trades_per_30_days"),
    ("amount_total", "turnover"),
    ("amount_median", "median_ticket"),
    ("instruments", "instruments"),
    ("hhi", "hhi"),
    ("matched_sells", "matched_sells"),
    ("unmatched_sell_qty", "unmatched_sell_quantity"),
    ("realised_pnl", "realised_profit"),
    ("realised_ret_on_cost", "realised_return_on_cost"),
    ("win_rate", "win_rate"),
    ("avg_hold_days_costw", "average_holding_days"),
    ("med_ret", "median_return_on_cost"),
];

#[tokio::test]
#[ignore = "evidence: REFERENCE_DATA names the directory of trades_de_investors.csv and needs_de_investors.csv"]
async fn ten_real_investors_are_as_the_reference_says() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut clients: BTreeMap<String, ClientId> = BTreeMap::new();
    let all = rows("trades_de_investors.csv");
    for row in &all {
        if !clients.contains_key(&row["client_id"]) {
            clients.insert(row["client_id"].clone(), app.client(BranchId::ROOT, None).await);
        }
    }
    // Later trades first: what is known does not depend on the order in which it came.
    for (number, chunk) in all.chunks(500).enumerate().rev() {
        // The API takes eight decimals; the file has prices with seventeen.
        let eight = |text: &str| decimal(text).round_dp(8).to_string();
        let item = |(place, row): (usize, &Row)| {
            json!({ "client_id": clients[&row["client_id"]], "external_id": format!("{number}.{place}"),
                "executed_at": row["ts"], "side": row["side"].to_lowercase(), "instrument": row["instrument"],
                "quantity": eight(&row["quantity"]), "price": eight(&row["price"]), "amount": eight(&row["amount"]) })
        };
        send(&admin, chunk.iter().enumerate().map(item).collect()).await;
    }
    let references = rows("needs_de_investors.csv");
    assert_eq!(references.len(), 10);
    for reference in references {
        let client = clients[&reference["client_id"]];
        let found = admin.get(&format!("/v1/clients/{client}/trading-profile?window_days=36500")).send().await.is(200);
        for (column, member) in FIGURES {
            let (want, got) = (decimal(&reference[column]), &found.json[member]);
            let got = got.as_str().map_or_else(|| decimal(&got.to_string()), decimal);
            let off = (got - want).abs();
            let near = off <= Decimal::new(1, 6) || off <= want.abs() * Decimal::new(1, 6);
            assert!(near, "{} {member}: {got}, not {want}", reference["client_id"]);
        }
    }
}

#[tokio::test]
async fn a_window_and_a_day_say_what_counts() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let with = |mut item: Value, more: Value| {
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let (lot, sale) =
        (json!({ "quantity": "10", "product_type": "stock" }), json!({ "quantity": "10", "side": "sell" }));
    send(
        &admin,
        vec![
            with(trade(client, "B1", "2025-12-01T02:00:00Z", "100"), lot),
            with(trade(client, "S1", "2026-02-20T02:00:00Z", "130"), sale),
            trade(client, "B2", "2026-03-02T02:00:00Z", "7"),
            with(trade(client, "D1", "2026-03-01T02:00:00Z", "999"), json!({ "currency": "USD" })),
            with(trade(client, "P1", "2026-03-01T02:00:00Z", "50"), json!({ "side": "regular_plan" })),
        ],
    )
    .await;
    let profile = async |query: &str| -> Value {
        admin.get(&format!("/v1/clients/{client}/trading-profile{query}")).send().await.is(200).json
    };
    let now = profile("").await;
    assert_eq!((now["as_of"].as_str(), now["window_days"].as_u64()), (Some("2026-03-02"), Some(365)));
    assert_eq!((now["trades"].as_u64(), now["turnover"].as_str()), (Some(3), Some("237")));
    assert_eq!((now["other_currency_trades"].as_u64(), now["currency"].as_str()), (Some(1), Some("CNY")));
    assert_eq!(now["apart"][0]["side"], "regular_plan");
    assert_eq!((now["realised_profit"].as_str(), now["average_holding_days"].as_str()), (Some("30"), Some("81")));
    assert_eq!(now["mix"]["products"][0], json!({ "product_type": null, "turnover": "137", "share": "0.5780590717" }));
    // Bought before the window, sold in it: the cost is known all the same.
    let month = profile("?window_days=30").await;
    assert_eq!((month["trades"].as_u64(), month["realised_profit"].as_str()), (Some(2), Some("30")));
    // The end of a day, and an instant of it.
    assert_eq!(profile("?as_of=2026-02-20").await["trades"], 2);
    assert_eq!(profile("?as_of=2026-02-20T01:59:59Z").await["trades"], 1);
    assert_eq!(profile("?as_of=2026-02-20T10:00:00%2B08:00").await["trades"], 2);
    assert_eq!(profile("?as_of=2031-01-01").await, now, "the future is not known");
    let before = profile("?as_of=2020-01-01").await;
    assert_eq!((before["active_days"].as_u64(), before["gaps"][0]["code"].as_str()), (Some(0), Some("no_trades")));
    let path = format!("/v1/clients/{client}/trading-profile?as_of=2020-01-01");
    let chinese = admin.get(&path).header("Accept-Language", "zh-CN").send().await.is(200);
    assert_eq!(chinese.json["gaps"][0]["text"], "本期间没有成交。");
}

#[tokio::test]
async fn what_cannot_be_read_or_seen_is_refused() {
    let app = TestApp::start().await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    for query in
        ["window_days=0", "window_days=36501", "window_days=x", "as_of=2026-02-30", "as_of=yesterday", "as_of="]
    {
        let answer = admin.get(&format!("/v1/clients/{client}/trading-profile?{query}")).send().await;
        let answer = answer.is_problem(400, "malformed");
        assert_eq!(answer.pointers(), [format!("?{}", query.split('=').next().unwrap())], "{query}");
    }
    let stranger = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    stranger.get(&format!("/v1/clients/{client}/trading-profile")).send().await.is_problem(404, "not_found");
    let integration = app.client_as(Role::Integration, DataScope::Firm, BranchId::ROOT).await;
    integration.get(&format!("/v1/clients/{client}/trading-profile")).send().await.is_problem(403, "forbidden");
}

#[tokio::test]
async fn the_largest_numbers_that_are_taken_do_not_overflow() {
    let app = TestApp::start().await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let large = "9999999999999999.99999999";
    let item = |id: &str, day: &str, side: &str, quantity: &str, amount: &str| {
        json!({ "client_id": client, "external_id": id, "executed_at": format!("{day}T02:00:00Z"), "side": side,
            "instrument": "X", "quantity": quantity, "amount": amount })
    };
    send(
        &admin,
        vec![
            item("1", "1990-01-01", "buy", large, large),
            item("2", "1990-01-02", "buy", "0.00000001", large),
            item("3", "2020-01-02", "sell", "3.33333333", large),
            item("4", "2020-01-03", "sell", large, "0.00000001"),
            item("5", "2020-01-04", "sell", large, large),
        ],
    )
    .await;
    let path = format!("/v1/clients/{client}/trading-profile?window_days=36500");
    let found = admin.get(&path).send().await.is(200).json;
    assert_eq!(found["turnover"], "39999999999999999.99999997");
}

/// Files often know the day of a trade only: what is bought and sold at one instant is matched, whichever came in
/// first.
#[tokio::test]
async fn trades_of_one_instant_are_matched_whatever_order_they_came_in() {
    let app = TestApp::at("2026-03-31T08:00:00Z").await;
    let admin = app.admin().await;
    let mut profiles = Vec::new();
    for arrival in 0..3 {
        let client = app.client(BranchId::ROOT, None).await;
        let mut items: Vec<Value> = (0..24)
            .map(|n| {
                let mut item = trade(client, &format!("T{n}"), "2026-03-02T16:00:00Z", "10");
                (item["side"], item["quantity"]) = (json!(["buy", "sell"][n % 2]), json!("10"));
                (item["price"], item["instrument"]) = (json!(format!("{}", 10 + n)), json!(format!("I{}", n / 4)));
                item.as_object_mut().unwrap().remove("amount");
                item
            })
            .collect();
        match arrival {
            0 => send(&admin, items).await,
            1 => send(&admin, items.into_iter().rev().collect()).await,
            _ => {
                items.sort_by_key(|item| item["side"] == "buy");
                let buys = items.split_off(12);
                send(&admin, items).await;
                send(&admin, buys).await
            }
        };
        let path = format!("/v1/clients/{client}/trading-profile?window_days=60");
        let mut profile = admin.get(&path).send().await.is(200).json;
        assert_eq!(
            (&profile["matched_sells"], &profile["unmatched_sell_quantity"]),
            (&json!(12), &json!("0")),
            "{profile}"
        );
        profile.as_object_mut().unwrap().remove("client_id");
        profiles.push(profile);
    }
    assert!(profiles.windows(2).all(|pair| pair[0] == pair[1]), "{profiles:#?}");
}
