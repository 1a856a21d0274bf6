//! The API and files are two doors to one set of rules: a bad value gets one code at both, and the document's bounds
//! are those of the rules.

use clientele::platform::kernel::ids::BranchId;
use serde_json::{Map, Value, json};

use super::NOW;
use crate::support::TestApp;

const GOOD: [(&str, &[(&str, &str)]); 2] = [
    ("trades", &[("executed_at", "2026-03-02T02:00:00Z"), ("side", "buy"), ("instrument", "X"), ("amount", "10")]),
    ("balances", &[("trade_day", "2026-03-02"), ("total_assets", "10")]),
];

/// Members that a good trade or balance is changed by, and the faults it has then.
fn cases() -> Vec<(usize, Value, Value)> {
    let trade = |change: Value, faults: Value| (0, change, faults);
    let balance = |change: Value, faults: Value| (1, change, faults);
    let long = "x".repeat(65);
    vec![
        trade(json!({ "amount": "-5" }), json!({ "/amount": "negative" })),
        trade(json!({ "amount": "12345678901234567" }), json!({ "/amount": "too_large" })),
        trade(json!({ "amount": "9".repeat(60) }), json!({ "/amount": "too_large" })),
        trade(json!({ "amount": "1e5" }), json!({ "/amount": "format" })),
        trade(json!({ "amount": "1,00" }), json!({ "/amount": "format" })),
        trade(json!({ "amount": "NaN" }), json!({ "/amount": "format" })),
        trade(json!({ "quantity": "3", "price": "3" }), json!({ "/amount": "amount_disagrees" })),
        trade(json!({ "amount": null }), json!({ "/amount": "required" })),
        trade(json!({ "currency": "usd" }), json!({ "/currency": "format" })),
        trade(json!({ "instrument": "a\tb" }), json!({ "/instrument": "control_character" })),
        trade(json!({ "instrument": "   " }), json!({ "/instrument": "required" })),
        trade(json!({ "instrument": "" }), json!({ "/instrument": "required" })),
        trade(json!({ "instrument": long }), json!({ "/instrument": "length" })),
        trade(json!({ "product_type": long }), json!({ "/product_type": "length" })),
        trade(json!({ "source": "x".repeat(129) }), json!({ "/source": "length" })),
        trade(json!({ "external_id": "a\u{7f}b" }), json!({ "/external_id": "control_character" })),
        trade(json!({ "reverses": "x".repeat(129) }), json!({ "/reverses": "length" })),
        trade(json!({ "side": "hold" }), json!({ "/side": "enum" })),
        trade(json!({ "side": null }), json!({ "/side": "required" })),
        trade(json!({ "executed_at": "yesterday" }), json!({ "/executed_at": "format" })),
        trade(json!({ "executed_at": "2027-01-01T00:00:00Z" }), json!({ "/executed_at": "future" })),
        trade(json!({ "executed_at": "1969-12-31T00:00:00Z" }), json!({ "/executed_at": "too_early" })),
        trade(json!({ "client_id": "me" }), json!({ "/client_id": "format" })),
        trade(json!({ "client_id": null }), json!({ "/client_no": "one_client" })),
        trade(json!({ "client_id": null, "client_no": "nobody" }), json!({ "/client_no": "unknown_client" })),
        trade(
            json!({ "side": "hold", "amount": "-5", "currency": "usd", "instrument": long }),
            json!({ "/side": "enum", "/amount": "negative", "/currency": "format", "/instrument": "length" }),
        ),
        balance(json!({ "total_assets": "-1" }), json!({ "/total_assets": "negative" })),
        balance(json!({ "total_assets": null }), json!({ "/total_assets": "required" })),
        balance(json!({ "net_assets": "11" }), json!({ "/net_assets": "net_above_total" })),
        balance(json!({ "net_assets": "9", "liabilities": "2" }), json!({ "/net_assets": "net_disagrees" })),
        balance(json!({ "liabilities": "-2" }), json!({ "/liabilities": "negative" })),
        balance(json!({ "trade_day": "2026-02-30" }), json!({ "/trade_day": "format" })),
        balance(json!({ "trade_day": "2026-03-03" }), json!({ "/trade_day": "future" })),
        balance(json!({ "currency": "USD" }), json!({ "/currency": "other_currency" })),
        balance(json!({ "fund_account_no": "a\tb" }), json!({ "/fund_account_no": "control_character" })),
        balance(json!({ "trade_day": "2026-03-01" }), json!({})),
        balance(json!({ "trade_day": "2026-02-28", "liabilities": "2.5" }), json!({})),
    ]
}

#[tokio::test]
async fn a_bad_value_gets_one_code_at_both_doors() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    for (kind, (name, members)) in GOOD.into_iter().enumerate() {
        let cases: Vec<_> = cases().into_iter().filter(|case| case.0 == kind).collect();
        let item = |(place, (_, change, _)): (usize, &(usize, Value, Value))| {
            let mut item: Map<String, Value> =
                members.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
            item.insert("client_id".to_owned(), json!(client));
            if name == "trades" {
                item.insert("external_id".to_owned(), json!(format!("T{place}")));
            }
            item.extend(change.as_object().unwrap().clone());
            Value::Object(item)
        };
        let items: Vec<Value> = cases.iter().enumerate().map(item).collect();
        let expected: Vec<Value> = cases.iter().map(|case| case.2.clone()).collect();
        let lines: Vec<String> = items.iter().map(Value::to_string).collect();

        let answer = admin.post(&format!("/v1/{name}/batch")).json(Value::Array(items)).send().await.is(200).json;
        let place = |fault: &Value| (fault["pointer"].as_str().unwrap().to_owned(), fault["code"].clone());
        let of_item =
            |item: &Value| Value::Object(item["errors"].as_array().into_iter().flatten().map(place).collect());
        let by_batch: Vec<Value> = answer["items"].as_array().unwrap().iter().map(of_item).collect();
        assert_eq!(by_batch, expected, "{name} by the API");

        let call = admin.post(&format!("/v1/imports?kind={name}")).bytes("application/x-ndjson", lines.join("\n"));
        let taken = call.send().await.is(202);
        app.run_jobs().await;
        let path = format!("{}/rejections?limit=200", taken.header("location").unwrap());
        let mut by_file = vec![json!({}); lines.len()];
        for fault in admin.get(&path).send().await.is(200).json["items"].as_array().unwrap() {
            let place = usize::try_from(fault["line"].as_u64().unwrap()).unwrap() - 1;
            by_file[place][fault["pointer"].as_str().unwrap_or_default()] = fault["code"].clone();
        }
        // A file without anything to apply fails, but its lines are listed; trades have no good one here.
        assert_eq!(by_file, expected, "{name} by a file");
    }
}

/// How a file may write values more freely, and no further.
#[tokio::test]
async fn a_file_may_write_the_same_values_otherwise() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let body = format!(
        "client_id,executed_at,side,instrument,amount\n{client},2026/03/02 10:00,Margin Buy,X,+0.123456785\n\
         {client},20260302,SELL,X,.5\n{client},2026-03-02,sell,X,1e-5\n"
    );
    let call = admin.post("/v1/imports?kind=trades").bytes("text/csv", body).send().await.is(202);
    app.run_jobs().await;
    let path = format!("{}/rejections", call.header("location").unwrap());
    let refused = admin.get(&path).send().await.is(200).json["items"].clone();
    assert_eq!(refused, json!([{ "line": 4, "code": "format", "pointer": "/amount" }]));
    let trades = admin.get(&format!("/v1/clients/{client}/trades")).send().await.is(200).json;
    let kept: Vec<String> = trades["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|trade| ["executed_at", "side", "amount"].map(|name| trade[name].as_str().unwrap()).join(" "))
        .collect();
    assert_eq!(kept, ["2026-03-02T02:00:00Z margin_buy 0.12345678", "2026-03-01T16:00:00Z sell 0.5"]);
}

/// Each bound that the document shows of a member refuses the item that breaks it, at that member.
#[tokio::test]
async fn every_bound_of_the_document_is_kept_item_by_item() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let schemas = &clientele::openapi::document()["components"]["schemas"];
    let resolved = |schema: &'static Value| {
        let one = schema["oneOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"));
        let schema = one.unwrap_or(schema);
        let name = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next());
        name.map_or(schema, |name| &schemas[name])
    };
    for (path, name, (_, members)) in [("trades", "TradeInput", GOOD[0]), ("balances", "BalanceInput", GOOD[1])] {
        let (mut items, mut broken) = (Vec::new(), Vec::new());
        for (member, schema) in schemas[name]["properties"].as_object().unwrap() {
            let schema = resolved(schema);
            let mut bad = vec![json!(1), json!({}), json!(true)];
            if schema.get("pattern").is_some() {
                bad.extend(["", " ", "a\u{1}"].map(|text| json!(text)));
            }
            if let Some(most) = schema["maxLength"].as_u64() {
                bad.push(json!("x".repeat(usize::try_from(most).unwrap() + 1)));
            }
            if schema.get("format").is_some() || schema.get("enum").is_some() {
                bad.push(json!("x"));
            }
            for value in bad {
                let mut item: Map<String, Value> =
                    members.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
                item.insert("client_id".to_owned(), json!(client));
                item.insert(member.clone(), value);
                if member == "client_no" {
                    item.shift_remove("client_id");
                }
                if path == "trades" {
                    item.entry("external_id").or_insert(json!("T"));
                }
                items.push(Value::Object(item));
                broken.push(format!("/{member}"));
            }
        }
        let answer = admin.post(&format!("/v1/{path}/batch")).json(Value::Array(items)).send().await.is(200).json;
        for (item, pointer) in answer["items"].as_array().unwrap().iter().zip(&broken) {
            let errors = item["errors"].as_array().unwrap_or_else(|| panic!("{pointer} is taken: {item}"));
            assert!(errors.iter().any(|error| error["pointer"] == pointer.as_str()), "{pointer}: {item}");
        }
        assert_eq!(answer["rejected"], broken.len());
    }
}
