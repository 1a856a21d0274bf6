//! Policies: drafted, handed to another person, approved, ruling over a period, and never twice at the same time.

use std::collections::BTreeSet;

use clientele::app::SLICES;
use clientele::firm::access::{DataScope, Role};
use clientele::insight::tiers::TierPolicy;
use clientele::platform::kernel::ids::BranchId;
use clientele::platform::kernel::principal::Caller;
use clientele::platform::policies;
use clientele::platform::slice::Slice;
use clientele::platform::worker::{Subscriber, deliver, relay_events};
use futures_util::future::{join, join_all};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::support::events::catch_up;
use crate::support::{Answer, Client, TestApp, seed};

const MONDAY: &str = "2026-03-02T02:00:00Z";

/// The rules of the version that rules, with one number changed.
async fn rules(who: &Client, watch_after_months: u32) -> Value {
    let list = who.get("/v1/policies?kind=tier&status=active").send().await.is(200);
    let mut rules = list.json["items"][0]["rules"].clone();
    rules["watch_after_months"] = json!(watch_after_months);
    rules
}

async fn drafted(who: &Client, watch_after_months: u32, effective_on: Option<&str>) -> String {
    let rules = rules(who, watch_after_months).await;
    let body = json!({ "kind": "tier", "rules": rules, "effective_on": effective_on });
    let made = who.post("/v1/policies").json(body).send().await.is(201);
    format!("/v1/policies/{}", made.text_of("policy_id"))
}

async fn submitted(who: &Client, watch_after_months: u32, effective_on: Option<&str>) -> String {
    let path = drafted(who, watch_after_months, effective_on).await;
    who.post(&format!("{path}/submit")).send().await.is(200);
    path
}

async fn step(who: &Client, path: &str, action: &str) -> Answer {
    who.post(&format!("{path}/{action}")).send().await
}

async fn another(app: &TestApp) -> Client {
    app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await
}

/// The number of the version that ruled at an instant.
async fn ruled(app: &TestApp, instant: &str) -> i32 {
    let mut read = app.db.read(&Caller::system("test", "test")).await.unwrap();
    policies::at::<TierPolicy>(&mut read, instant.parse().unwrap()).await.unwrap().version
}

#[tokio::test]
async fn every_kind_begins_with_a_policy_that_has_ruled_since_ever() {
    let app = TestApp::start().await;
    let list = app.admin().await.get("/v1/policies").send().await.is(200);
    let items = list.json["items"].as_array().unwrap();
    let kinds: BTreeSet<&str> = items.iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, SLICES.iter().flat_map(|slice| slice.policies).map(|policy| policy.kind).collect());
    assert_eq!(kinds.len(), items.len());
    for item in items {
        assert_eq!((&item["status"], &item["version"]), (&json!("active"), &json!(1)));
        assert_eq!((&item["valid_from"], &item["valid_to"]), (&Value::Null, &Value::Null));
        assert_eq!(item["allowed_actions"], json!([{ "action": "retire", "blocked_by": "policy_must_rule" }]));
    }
    assert_eq!(ruled(&app, "1990-12-19T00:00:00Z").await, 1);
}

#[tokio::test]
async fn a_version_is_written_by_one_and_approved_by_another() {
    let app = TestApp::at(MONDAY).await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    let path = drafted(&maker, 4, None).await;
    let draft = maker.get(&path).send().await.is(200);
    let changed = maker.patch(&path).if_match(draft.etag()).json(json!({ "note": "观察期延长一个月" }));
    let changed = changed.send().await.is(200);
    assert_eq!(changed.text_of("note"), "观察期延长一个月");
    maker
        .patch(&path)
        .if_match(draft.etag())
        .json(json!({ "note": "x" }))
        .send()
        .await
        .is_problem(412, "version_mismatch");

    assert_eq!(step(&maker, &path, "submit").await.is(200).text_of("status"), "submitted");
    let refused = maker.patch(&path).if_match("*").json(json!({ "note": "y" })).send().await;
    let refused = refused.is_problem(409, "illegal_transition");
    assert!(refused.text_of("detail").contains("“Waits for another person”"), "{}", refused.text());
    step(&maker, &path, "approve").await.is_problem(403, "takes_another_person");
    step(&maker, &path, "retire").await.is_problem(409, "illegal_transition");

    let approved = step(&checker, &path, "approve").await.is(200);
    assert_eq!(approved.text_of("status"), "active");
    assert_eq!(approved.json["valid_from"], "2026-03-02T02:00:00Z");
    assert!(approved.text_of("approved_by") != approved.text_of("drafted_by"));
    // The old version ended where the new one begins; the slice's own list knows both.
    let list = maker.get("/v1/tier-policies").send().await.is(200);
    let seen: Vec<_> = list.json["items"].as_array().unwrap().iter().map(|p| (&p["version"], &p["status"])).collect();
    assert_eq!(seen, [(&json!(2), &json!("active")), (&json!(1), &json!("retired"))]);
    assert_eq!((ruled(&app, "2026-03-02T01:59:59Z").await, ruled(&app, MONDAY).await), (1, 2));
    step(&checker, &path, "retire").await.is_problem(409, "policy_must_rule");
}

#[tokio::test]
async fn a_rejected_version_is_a_draft_again() {
    let app = TestApp::start().await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    let path = submitted(&maker, 4, None).await;
    let reason = json!({ "reason": "请先模拟" });
    maker.post(&format!("{path}/reject")).json(reason.clone()).send().await.is_problem(403, "takes_another_person");
    let rejected = checker.post(&format!("{path}/reject")).json(reason).send().await.is(200);
    assert_eq!((rejected.text_of("status"), &rejected.json["submitted_by"]), ("draft", &Value::Null));
    let changes = maker.get("/v1/approvals?status=rejected").send().await.is(200);
    assert_eq!(changes.json["items"][0]["reason"], "请先模拟");
    // Whoever wrote the rules does not approve them, though somebody else submitted them.
    step(&checker, &path, "submit").await.is(200);
    step(&maker, &path, "approve").await.is_problem(403, "takes_another_person");
}

#[tokio::test]
async fn rules_are_checked_whole_by_their_kind() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let post = |body: Value| admin.post("/v1/policies").json(body).send();
    let mut bad = rules(&admin, 0).await;
    bad["currency"] = json!("yuan");
    let refused = post(json!({ "kind": "tier", "rules": bad })).await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/rules/currency", "/rules/watch_after_months"]);
    let refused = post(json!({ "kind": "tier", "rules": { "version": 9 } })).await.is_problem(422, "invalid");
    assert!(refused.pointers().contains(&"/rules/version") && refused.pointers().contains(&"/rules/rungs"));
    // What no schema says, each with its own words.
    let mut ladder = rules(&admin, 4).await;
    (ladder["rungs"][3]["lower_bound"], ladder["rungs"][1]["code"]) = (json!("100000"), json!("zero"));
    ladder["downgrade_after_months"] = json!(4);
    let refused = post(json!({ "kind": "tier", "rules": ladder })).await.is_problem(422, "invalid");
    assert_eq!(
        refused.pointers(),
        ["/rules/downgrade_after_months", "/rules/rungs/1/code", "/rules/rungs/3/lower_bound"]
    );
    let ruling = async |kind: &str| {
        let list = admin.get(&format!("/v1/policies?kind={kind}&status=active")).send().await.is(200);
        list.json["items"][0]["rules"].clone()
    };
    let mut value = ruling("value").await;
    (value["monthly_discount"], value["full_asset_classes"]) = (json!(2.5), json!(0));
    let refused = post(json!({ "kind": "value", "rules": value })).await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/rules/monthly_discount", "/rules/full_asset_classes"]);
    let mut value = ruling("value").await;
    value["loyalty"]["presence"] = json!(0.9);
    let refused = post(json!({ "kind": "value", "rules": value })).await.is_problem(422, "invalid");
    assert_eq!((refused.pointers(), &refused.json["errors"][0]["code"]), (vec!["/rules/loyalty"], &json!("weights")));
    let mut churn = ruling("churn").await;
    (churn["rise_share"], churn["horizon_days"]) = (json!(1.5), json!(0));
    let refused = post(json!({ "kind": "churn", "rules": churn })).await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/rules/rise_share", "/rules/horizon_days"]);
    let mut churn = ruling("churn").await;
    churn["declining_probability"] = json!(0.1);
    let refused = post(json!({ "kind": "churn", "rules": churn })).await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/rules/declining_probability"]);
    post(json!({ "kind": "weather", "rules": {} })).await.is_problem(422, "unknown_policy_kind");
    let past = json!({ "kind": "tier", "rules": rules(&admin, 4).await, "effective_on": "2020-01-01" });
    assert_eq!(post(past).await.is_problem(422, "invalid").pointers(), ["/effective_on"]);
    let list = admin.get("/v1/policies?kind=value&status=active").send().await.is(200);
    let body = json!({ "kind": "value", "rules": list.json["items"][0]["rules"] });
    let made = admin.post("/v1/policies").json(body).send().await.is(201);
    let path = format!("/v1/policies/{}", made.text_of("policy_id"));
    admin.post(&format!("{path}/simulate")).send().await.is_problem(409, "no_simulation");
}

#[tokio::test]
async fn a_version_for_a_later_day_waits_and_what_ruled_then_is_remembered() {
    let app = TestApp::at(MONDAY).await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    let path = submitted(&maker, 5, Some("2026-03-09")).await;
    let approved = step(&checker, &path, "approve").await.is(200);
    // The day begins in Shanghai.
    assert_eq!((approved.text_of("status"), approved.text_of("valid_from")), ("approved", "2026-03-08T16:00:00Z"));
    let (before, then) = ("2026-03-08T15:59:59Z", "2026-03-08T16:00:00Z");
    assert_eq!((ruled(&app, before).await, ruled(&app, then).await), (1, 2));

    app.clock.set("2026-03-09T01:00:00Z".parse().unwrap());
    app.run_jobs().await;
    let maker = app.admin().await;
    assert_eq!(maker.get(&path).send().await.is(200).text_of("status"), "active");
    assert_eq!((ruled(&app, before).await, ruled(&app, then).await), (1, 2), "as_of asks what ruled then");
}

#[tokio::test]
async fn withdrawing_a_later_version_lets_the_one_before_go_on() {
    let app = TestApp::at(MONDAY).await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    let (second, third) =
        (submitted(&maker, 4, Some("2026-03-09")).await, submitted(&maker, 5, Some("2026-03-05")).await);
    step(&checker, &second, "approve").await.is(200);
    // Approved later, begins sooner: it rules until the other begins.
    let between = step(&checker, &third, "approve").await.is(200);
    assert_eq!(between.text_of("valid_to"), "2026-03-08T16:00:00Z");
    let ruling = async || {
        (
            ruled(&app, MONDAY).await,
            ruled(&app, "2026-03-06T00:00:00Z").await,
            ruled(&app, "2026-03-10T00:00:00Z").await,
        )
    };
    assert_eq!(ruling().await, (1, 3, 2));
    assert_eq!(step(&checker, &second, "retire").await.is(200).text_of("status"), "retired");
    assert_eq!(ruling().await, (1, 3, 3));
    step(&checker, &third, "retire").await.is(200);
    assert_eq!(ruling().await, (1, 1, 1));
}

#[tokio::test]
async fn of_two_approvals_for_one_day_one_wins() {
    for _ in 0..5 {
        let app = TestApp::at(MONDAY).await;
        let (maker, checker) = (app.admin().await, another(&app).await);
        let (a, b) = (submitted(&maker, 4, Some("2026-03-09")).await, submitted(&maker, 5, Some("2026-03-09")).await);
        let (a, b) = join(step(&checker, &a, "approve"), step(&checker, &b, "approve")).await;
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", a.text(), b.text());
        let lost = if a.status == 409 { a } else { b };
        lost.is_problem(409, "policy_period_taken");
    }
}

/// The rule holds without the code.
#[tokio::test]
async fn the_database_wants_another_person() {
    let app = TestApp::start().await;
    let path = submitted(&app.admin().await, 4, None).await;
    let id: uuid::Uuid = path.rsplit('/').next().unwrap().parse().unwrap();
    let alone = "UPDATE policy SET status = 'approved', valid_during = '[2200-01-01,)', approved_by = submitted_by
                 WHERE policy_id = $1";
    let refused = sqlx::query(alone).bind(id).execute(&mut app.connect().await).await.unwrap_err();
    let refused = refused.into_database_error().unwrap();
    assert_eq!(refused.constraint(), Some("policy_another_approves"));
}

fn subscriber() -> &'static Subscriber {
    let tiers: &Slice = SLICES.iter().find(|slice| slice.name == "insight/tiers").unwrap();
    &tiers.subscribers[0]
}

/// Puts a version of the tier policy into force at once: from `middle` on a client is of the middle tier.
async fn rule_at_once(maker: &Client, checker: &Client, middle: u32) {
    let mut rules = rules(maker, 3).await;
    rules["rungs"][3]["lower_bound"] = json!(middle.to_string());
    let made = maker.post("/v1/policies").json(json!({ "kind": "tier", "rules": rules })).send().await.is(201);
    let path = format!("/v1/policies/{}", made.text_of("policy_id"));
    maker.post(&format!("{path}/submit")).send().await.is(200);
    checker.post(&format!("{path}/approve")).send().await.is(200);
}

/// What was approved a moment ago rules the whole book as soon as the event arrives, not from the next night on.
#[tokio::test]
async fn a_policy_that_rules_at_once_is_applied_to_the_book_at_once() {
    let app = TestApp::at(MONDAY).await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    let client_id = app.client(BranchId::ROOT, None).await;
    let balance = json!([{ "client_id": client_id, "trade_day": "2026-02-27", "total_assets": "450000" }]);
    maker.post("/v1/balances/batch").json(balance).send().await.is(200);
    let tier = async || maker.get(&format!("/v1/clients/{client_id}")).send().await.is(200).json["tier"].clone();
    let differences = async || {
        let mut read = app.db.read(&Caller::system("test", "test")).await.unwrap();
        let verify = SLICES.iter().find(|slice| slice.name == "insight/tiers").and_then(|slice| slice.verify).unwrap();
        verify(&mut read, &[client_id]).await.unwrap().len()
    };
    relay_events(&app.db).await.unwrap();
    deliver(&app.db, subscriber()).await.unwrap();
    app.run_jobs().await;
    assert_eq!((tier().await, differences().await), (json!("ordinary"), 0));
    rule_at_once(&maker, &checker, 400_000).await;
    assert!(differences().await > 0, "the untouched client is not yet by the new policy");
    relay_events(&app.db).await.unwrap();
    assert_eq!(deliver(&app.db, subscriber()).await.unwrap(), 1);
    app.run_jobs().await;
    assert_eq!((tier().await, differences().await), (json!("middle"), 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_version_is_applied_once_however_often_the_consumer_is_killed() {
    let app = TestApp::start().await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    for version in 1..=6 {
        rule_at_once(&maker, &checker, 500_000 - version).await;
    }
    relay_events(&app.db).await.unwrap();
    let seed = seed();
    let consumers = (0..3).map(|number| {
        let (db, mut random) = (app.db.clone(), ChaCha8Rng::seed_from_u64(seed + number));
        tokio::spawn(async move {
            let mut kills = 0;
            for _ in 0..20 {
                let yields = random.random_range(0..200);
                let killed = async {
                    for _ in 0..yields {
                        tokio::task::yield_now().await;
                    }
                };
                tokio::select! {
                    biased;
                    () = killed => kills += 1,
                    outcome = deliver(&db, subscriber()) => drop(outcome.unwrap()),
                }
            }
            kills
        })
    });
    let kills: u32 = join_all(consumers).await.into_iter().map(Result::unwrap).sum();
    catch_up(&app, subscriber()).await;
    let keys = "SELECT key FROM job WHERE kind = 'tiers.assess' ORDER BY key";
    let keys: Vec<String> = sqlx::query_scalar(keys).fetch_all(&mut app.connect().await).await.unwrap();
    eprintln!("seed {seed}: {kills} kills");
    // The first is the version that the house began with.
    assert_eq!(keys, (1..=7).map(|version| format!("policy:{version}")).collect::<Vec<_>>());
    assert!(kills > 0);
    // An open job would hide a second one of its key.
    app.run_jobs().await;
    assert_eq!(deliver(&app.db, subscriber()).await.unwrap(), 0);
    assert_eq!(app.run_jobs().await.len(), 0);
}
