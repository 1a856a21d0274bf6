//! Tiers over HTTP: moved by trades and balances, explained, as of any day.

use clientele::book::trades;
use clientele::firm::access::{DataScope, Role};
use clientele::insight::tiers::{self, TierPolicy};
use clientele::platform::db::Lane;
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
    let wrong = "UPDATE tier_period SET rule = 'by_dice'";
    let refused = sqlx::query(wrong).execute(&mut *app.db.connection().await.unwrap()).await.unwrap_err();
    assert_eq!(refused.into_database_error().unwrap().constraint(), Some("tier_period_rule_known"));
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
    assert_eq!(tier(&app, client, "?as_of=2026-03-01").await["current"], Value::Null);
    assert_eq!(before["current"]["valid_from"], "2026-03-01T16:00:00Z", "the day began in Shanghai");
    assert_eq!(before["current"]["valid_to"], "2026-03-02T16:00:00Z");
    assert_eq!(before["current"]["recorded_at"], "2026-03-02T08:00:00Z");
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
    assert_eq!(overview["not_as_of"], json!([]));
    let path = format!("/v1/clients/{client}/overview?as_of=2026-03-02");
    let overview = app.admin().await.get(&path).send().await.is(200).json;
    assert_eq!(overview["tier"]["inputs"], before, "and of an earlier day, too");
    assert_eq!(overview["client"]["tier"], overview["tier"]["tier"]);
    assert_eq!(overview["as_of"], "2026-03-02T15:59:59.999999Z");
    assert_eq!(overview["trading_profile"]["as_of"], "2026-03-02");
    assert_eq!(overview["not_as_of"], json!(["client", "fund_accounts", "churn_alert"]));
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

/// Whoever comes late finds the same periods: a peak that lies behind the months of grace holds nobody.
#[tokio::test]
async fn a_past_that_comes_in_late_is_judged_as_the_past() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let client = app.client(BranchId::ROOT, None).await;
    balance(&app, client, "2026-03-02", "20000").await;
    assert_eq!(tier(&app, client, "").await["current"]["rung"], "under_100k");
    // A file of last year, the peak at its beginning.
    let day = |month: u32, net: &str| json!({ "client_id": client, "trade_day": format!("2025-{month:02}-15"), "total_assets": net });
    let mut items = vec![day(1, "9000000")];
    items.extend((2..=12).map(|month| day(month, "20000")));
    // The mean of the latest twenty days forgets the peak when there are as many after it.
    items.extend(
        (16..=31).map(|n| json!({ "client_id": client, "trade_day": format!("2025-01-{n}"), "total_assets": "20000" })),
    );
    items.extend(
        (1..=14)
            .map(|n| json!({ "client_id": client, "trade_day": format!("2025-02-{n:02}"), "total_assets": "20000" })),
    );
    app.admin().await.post("/v1/balances/batch").json(json!(items)).send().await.is(200);
    let now = tier(&app, client, "").await;
    let seen = |period: &Value| {
        let text = |name: &str| period[name].as_str().unwrap().to_owned();
        format!("{} {} {} {}", &text("valid_from")[..10], text("rung"), text("standing"), text("since"))
    };
    let periods: Vec<String> = now["history"].as_array().unwrap().iter().rev().map(seen).collect();
    // The peak stays in the mean for twenty days and the client in grace for six months; July is the last of them.
    assert_eq!(
        periods,
        [
            "2025-01-14 6m_to_10m settled 2025-01-15",
            "2025-01-15 6m_to_10m in_grace 2025-01-15",
            "2025-04-30 6m_to_10m watch 2025-01-15",
            "2025-07-31 under_100k settled 2025-08-01",
        ]
    );
    assert_eq!(now["history"][0]["recorded_at"], "2026-03-02T08:00:00Z");
    assert_eq!(tier(&app, client, "?as_of=2025-06-30").await["current"]["standing"], "watch");
    let read = app.admin().await.get(&format!("/v1/clients/{client}")).send().await.is(200).json;
    assert_eq!(read["tier"], "ordinary");
}

/// Time passes and nobody sends anything: the periods are there already, and the day's assessment moves the client.
#[tokio::test]
async fn time_alone_lowers_a_client_on_the_first_of_a_month() {
    let app = TestApp::at("2026-03-31T08:00:00Z").await;
    let client = app.client(BranchId::ROOT, None).await;
    let of = |month: u32, day: u32, net: &str| json!({ "client_id": client, "trade_day": format!("2025-{month:02}-{day:02}"), "total_assets": net });
    let mut items = vec![of(5, 31, "700000")];
    items.extend((6..=11).flat_map(|month| (1..=20).map(move |day| of(month, day, "300"))));
    app.clock.set("2025-11-30T08:00:00Z".parse().unwrap());
    app.admin().await.post("/v1/balances/batch").json(json!(items)).send().await.is(200);
    assert_eq!(tier(&app, client, "").await["current"]["standing"], "watch");
    assert_eq!(tier(&app, client, "").await["current"]["valid_to"], Value::Null, "what has not come yet is not told");
    let assessed = async || {
        let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
        let moves = tiers::assess(&mut uow, 100).await.unwrap();
        uow.finish(()).await.unwrap();
        moves.len()
    };
    assert_eq!(assessed().await, 0);
    app.clock.set("2025-12-01T08:00:00Z".parse().unwrap());
    let now = tier(&app, client, "").await["current"].clone();
    assert_eq!(
        (now["rung"].as_str(), now["decision"]["rule"].as_str()),
        (Some("under_100k"), Some("downgrade_after_grace"))
    );
    let listed =
        async || app.admin().await.get(&format!("/v1/clients/{client}")).send().await.is(200).json["tier"].clone();
    assert_eq!(listed().await, "middle", "until the assessment of the day");
    assert_eq!((assessed().await, assessed().await), (1, 0));
    assert_eq!(listed().await, "ordinary");
}

/// A client of whom nothing stands any more has no tier.
#[tokio::test]
async fn the_last_trade_taken_back_takes_the_tier() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    send(
        &admin,
        vec![trade(client, "T1", "2026-02-02T02:00:00Z", "10"), trade(client, "T2", "2026-02-03T02:00:00Z", "10")],
    )
    .await;
    assert_eq!(tier(&app, client, "").await["current"]["since"], "2026-02-02");
    send(&admin, vec![json!({ "client_id": client, "external_id": "R1", "reverses": "T1" })]).await;
    assert_eq!(tier(&app, client, "").await["current"]["since"], "2026-02-03");
    send(&admin, vec![json!({ "client_id": client, "external_id": "R2", "reverses": "T2" })]).await;
    let nothing = tier(&app, client, "").await;
    assert_eq!((nothing["current"].clone(), nothing["history"].clone()), (Value::Null, json!([])));
    let read = admin.get(&format!("/v1/clients/{client}")).send().await.is(200).json;
    assert_eq!(read["tier"], Value::Null);
}

/// The ladder tried on the book before anybody moves: who would, why, and what their advisors would have to do.
#[tokio::test]
async fn a_policy_is_tried_on_the_book() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let advisor = app.staff(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let mut clients = Vec::new();
    for net in ["750000", "450000", "90000", "12000000"] {
        let client = app.client(BranchId::ROOT, Some(advisor)).await;
        balance(&app, client, "2026-03-02", net).await;
        clients.push(client);
    }
    app.client(BranchId::ROOT, None).await;
    let mut read = app.db.read(&Caller::system("test", "test")).await.unwrap();
    let same = tiers::simulate(&mut read, TierPolicy::default()).await.unwrap();
    assert_eq!((same.clients, same.moved, same.samples.len(), same.advisors.len()), (4, 0, 0, 0));
    let mut policy = TierPolicy { version: 2, ..TierPolicy::default() };
    policy.rungs[3].lower_bound = "400000".parse().unwrap();
    policy.rungs[5].code = "above_10m".to_owned();
    let simulated = tiers::simulate(&mut read, policy).await.unwrap();
    assert_eq!((simulated.clients, simulated.moved), (4, 1));
    let moved = &simulated.samples[0];
    assert_eq!((moved.client_id, moved.rung_to.as_str()), (clients[1], "500k_to_6m"));
    assert!(moved.reasons[0].text.en.contains("450000.00 CNY"), "{moved:?}");
    let load = simulated.advisors[0];
    assert_eq!((load.advisor_id, load.before.middle, load.after.middle), (Some(advisor), 1, 2));
    assert_eq!(simulated.branches.len(), 1);
    let foreign = TierPolicy { currency: "USD".to_owned(), ..TierPolicy::default() };
    let refused = tiers::simulate(&mut read, foreign.clone()).await.unwrap_err();
    assert!(format!("{refused:?}").contains("policy_in_another_currency"), "{refused:?}");
    let draft = json!({ "kind": "tier", "rules": serde_json::to_value(foreign).unwrap() });
    let draft = app.admin().await.post("/v1/policies").json(draft).send().await.is(201);
    let simulate = format!("/v1/policies/{}/simulate", draft.text_of("policy_id"));
    app.admin().await.post(&simulate).send().await.is_problem(409, "policy_in_another_currency");
    let counts: Vec<u64> = simulated.tiers.iter().map(|count| count.clients).collect();
    assert_eq!(counts, [1, 1, 1, 1], "{:?}", simulated.tiers);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "evidence: the demonstration book simulated, with its figures"]
async fn the_demonstration_book_is_simulated() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let db = app.db.lane(Lane::Worker);
    let request = clientele::demo::Request::until_yesterday(&db, 2_000, 1);
    clientele::demo::load(&db, &request, "a quiet river", |_| ()).await.unwrap();
    let mut read = db.read(&Caller::system("test", "test")).await.unwrap();
    let mut policy = TierPolicy { version: 2, ..TierPolicy::default() };
    policy.rungs[3].lower_bound = "300000".parse().unwrap();
    policy.rungs[4].lower_bound = "3000000".parse().unwrap();
    let start = std::time::Instant::now();
    let simulated = tiers::simulate(&mut read, policy).await.unwrap();
    let took = start.elapsed();
    let clients: u64 = simulated.tiers.iter().map(|count| count.clients).sum();
    assert_eq!(clients, simulated.clients);
    eprintln!("{} clients simulated in {:.3} s, {} moved", simulated.clients, took.as_secs_f64(), simulated.moved);
    simulated.tiers.iter().for_each(|count| eprintln!("  {:?} to {:?}: {}", count.from, count.to, count.clients));
}

/// What a simulation says of each client is what the policy does to that client when it rules.
#[tokio::test]
async fn what_is_simulated_is_what_happens() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let nets = ["750000", "450000", "90000", "12000000", "310000", "5000000", "299999"];
    let mut clients = Vec::new();
    for net in nets {
        let client = app.client(BranchId::ROOT, None).await;
        balance(&app, client, "2026-03-02", net).await;
        clients.push(client);
    }
    let (maker, checker) =
        (app.admin().await, app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await);
    let list = maker.get("/v1/policies?kind=tier&status=active").send().await.is(200);
    let mut rules = list.json["items"][0]["rules"].clone();
    rules["rungs"][3]["lower_bound"] = json!("300000");
    rules["rungs"][4]["lower_bound"] = json!("4000000");
    let made = maker.post("/v1/policies").json(json!({ "kind": "tier", "rules": rules })).send().await.is(201);
    let path = format!("/v1/policies/{}", made.text_of("policy_id"));
    let simulated = maker.post(&format!("{path}/simulate")).send().await.is(200).json;
    let answer = simulated.get("result").unwrap_or(&simulated);
    let mut expected: Vec<(String, String)> = answer["samples"]
        .as_array()
        .unwrap_or_else(|| panic!("{simulated}"))
        .iter()
        .map(|moved| (moved["client_id"].as_str().unwrap().to_owned(), moved["to"].as_str().unwrap().to_owned()))
        .collect();
    expected.sort();
    assert_eq!(expected.len(), 3, "{simulated}");
    maker.post(&format!("{path}/submit")).send().await.is(200);
    checker.post(&format!("{path}/approve")).send().await.is(200);
    let mut moved = Vec::new();
    let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    let locks = trades::lock_clients(&mut uow, clients.clone()).await.unwrap();
    for step in tiers::derive_all(&mut uow, &locks, &clients).await.unwrap() {
        let to = serde_json::to_value(step.to).unwrap();
        moved.push((step.client_id.to_string(), to.as_str().unwrap().to_owned()));
    }
    uow.finish(()).await.unwrap();
    moved.sort();
    assert_eq!(moved, expected);
    // The day before is decided by what ruled then.
    let now = tier(&app, clients[1], "").await["current"].clone();
    assert_eq!((now["tier"].as_str(), now["decision"]["policy_version"].as_i64()), (Some("middle"), Some(2)));
}
