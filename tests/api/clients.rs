//! Clients: what is promised about the profile, its identifiers, its scope and its changes.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::Row;

use crate::support::{Client, TestApp, encoded};

const ID_CARD: &str = "11010519491231002X";
const PHONE: &str = "13800138000";

fn li(client_no: &str) -> Value {
    json!({ "client_no": client_no, "name": "李晓燕", "kind": "individual", "branch_id": BranchId::ROOT, "phone": PHONE,
        "email": "li.xiaoyan@example.com", "address": "上海市浦东新区世纪大道100号", "document": { "type": "id_card", "number": ID_CARD } })
}

async fn create(who: &Client, body: Value) -> String {
    who.post("/v1/clients").json(body).send().await.is(201).text_of("client_id").to_owned()
}

#[tokio::test]
async fn identifiers_are_masked_until_revealed_for_a_purpose() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let made = admin.post("/v1/clients").json(li("C1")).send().await.is(201);
    let path = format!("/v1/clients/{}", made.text_of("client_id"));
    assert_eq!(made.header("location"), Some(path.as_str()));
    for answer in [made, admin.get(&path).send().await.is(200), admin.get("/v1/clients").send().await.is(200)] {
        for secret in [ID_CARD, PHONE, "li.xiaoyan", "世纪大道"] {
            assert!(!answer.text().contains(secret), "{} shows {secret}", answer.asked);
        }
    }
    admin.post(&format!("{path}/reveal")).json(json!({})).send().await.is_problem(422, "invalid");
    let shown = admin.post(&format!("{path}/reveal")).json(json!({ "purpose": "回访前核对" })).send().await.is(200);
    assert_eq!(shown.json["document"]["number"], ID_CARD);
    assert_eq!(shown.json["phone"], PHONE);
    let mut connection = app.db.connection().await.unwrap();
    let audit = sqlx::query("SELECT purpose, actor FROM audit_entry WHERE action = 'client.revealed'");
    let audit = audit.fetch_one(&mut *connection).await.unwrap();
    assert_eq!(audit.get::<String, _>("purpose"), "回访前核对");
    let announced = sqlx::query("SELECT FROM outbox_event WHERE kind = 'client.revealed'");
    assert!(announced.fetch_optional(&mut *connection).await.unwrap().is_none(), "a reveal is told to nobody");
}

#[tokio::test]
async fn identifiers_are_nowhere_in_the_database_in_the_clear() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let id = admin.post("/v1/clients").key("k").json(li("C1")).send().await.is(201).text_of("client_id").to_owned();
    let etag = admin.get(&format!("/v1/clients/{id}")).send().await.etag().to_owned();
    let change = json!({ "phone": "13900139000" });
    admin.patch(&format!("/v1/clients/{id}")).if_match(&etag).json(change).send().await.is(200);
    let mut connection = app.db.connection().await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    for table in tables {
        let statement = sqlx::AssertSqlSafe(format!("SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t"));
        let text: String = sqlx::query_scalar(statement).fetch_one(&mut *connection).await.unwrap();
        for secret in [ID_CARD, PHONE, "13900139000", "li.xiaoyan", "世纪大道"] {
            let bytes: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert!(!text.contains(secret) && !text.contains(&bytes), "{table} shows {secret}");
        }
    }
}

#[tokio::test]
async fn a_number_and_a_document_belong_to_one_client() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    create(&admin, li("C1")).await;
    admin.post("/v1/clients").json(li("C1")).send().await.is_problem(409, "client_no_taken");
    admin.post("/v1/clients").json(li("C2")).send().await.is_problem(409, "document_taken");
    // Refused for its document, C2 left its number free.
    let mut other = li("C2");
    other["document"] = Value::Null;
    let other = create(&admin, other).await;
    let path = format!("/v1/clients/{other}");
    let take = json!({ "document": { "type": "id_card", "number": ID_CARD.to_lowercase() } });
    admin.patch(&path).if_match("\"1\"").json(take).send().await.is_problem(409, "document_taken");
}

#[tokio::test]
async fn a_document_given_up_may_be_taken_by_another() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let first = create(&admin, li("C1")).await;
    let give_up = json!({ "document": null });
    let asked = admin.patch(&format!("/v1/clients/{first}")).if_match("\"1\"").json(give_up).send().await.is(202);
    let second = app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await;
    second.post(&format!("{}/approve", asked.header("location").unwrap())).send().await.is(200);
    create(&admin, li("C2")).await;
}

#[tokio::test]
async fn changes_say_which_version_they_are_based_on() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/v1/clients/{}", create(&admin, li("C1")).await);
    let change = json!({ "address": "上海市黄浦区外滩1号", "email": null });
    admin.patch(&path).json(change.clone()).send().await.is_problem(428, "version_required");
    let changed = admin.patch(&path).if_match("\"1\"").json(change.clone()).send().await.is(200);
    assert_eq!(
        (changed.etag(), &changed.json["address"], &changed.json["email"]),
        ("\"2\"", &json!("上海市黄浦***"), &Value::Null)
    );
    assert_eq!(changed.json["phone"], "138****8000", "what is absent stays");
    admin.patch(&path).if_match("\"1\"").json(change).send().await.is_problem(412, "version_mismatch");
}

#[tokio::test]
async fn put_by_number_enters_once_then_replaces() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = "/v1/clients/by-number/N-1";
    let mut profile = li("x");
    profile.as_object_mut().unwrap().remove("client_no");
    admin.put(path).if_match("\"1\"").json(profile.clone()).send().await.is_problem(412, "version_mismatch");
    let made = admin.put(path).json(profile.clone()).send().await.is(201);
    profile["phone"] = Value::Null;
    let replaced = admin.put(path).json(profile.clone()).send().await.is(200);
    assert_eq!(replaced.json["client_id"], made.json["client_id"]);
    assert_eq!(replaced.json["phone"], Value::Null, "what is absent is cleared");
    admin.put("/v1/clients/by-number/N%201").json(profile).send().await.is_problem(400, "malformed");
}

#[tokio::test]
async fn a_closed_client_stays_readable_and_unchanged() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/v1/clients/{}", create(&admin, li("C1")).await);
    let early = json!({ "reason": "转户", "closed_on": "1999-01-01" });
    admin.post(&format!("{path}/close")).json(early).send().await.is_problem(422, "invalid");
    let closed = admin.post(&format!("{path}/close")).json(json!({ "reason": "转户" })).send().await.is(200);
    assert_eq!(closed.json["status"], "closed");
    admin
        .post(&format!("{path}/close"))
        .json(json!({ "reason": "转户" }))
        .send()
        .await
        .is_problem(409, "client_closed");
    admin.patch(&path).if_match("*").json(json!({ "name": "x" })).send().await.is_problem(409, "client_closed");
    let account = json!({ "fund_account_no": "F1", "kind": "ordinary" });
    admin.post(&format!("{path}/fund-accounts")).json(account).send().await.is_problem(409, "client_closed");
    admin.get(&path).send().await.is(200);
}

#[tokio::test]
async fn scope_decides_who_is_seen_created_and_handed_over() {
    let app = TestApp::start().await;
    let (north, south) = (app.branch("N", BranchId::ROOT).await, app.branch("S", BranchId::ROOT).await);
    let manager = app.client_as(Role::BranchManager, DataScope::BranchTree, north).await;
    let mut new = li("C1");
    manager.post("/v1/clients").json(new.clone()).send().await.is_problem(422, "unknown_branch");
    new["branch_id"] = json!(north);
    let path = format!("/v1/clients/{}", create(&manager, new).await);
    let away = json!({ "branch_id": south });
    manager.patch(&path).if_match("\"1\"").json(away).send().await.is_problem(422, "unknown_branch");
    let stranger = app.staff(Role::Advisor, DataScope::Own, south).await;
    let hand_over = json!({ "advisor_id": stranger });
    manager.patch(&path).if_match("\"1\"").json(hand_over).send().await.is_problem(422, "unknown_advisor");
    let other = app.client_as(Role::BranchManager, DataScope::Branch, south).await;
    other.get(&path).send().await.is_problem(404, "not_found");
    other
        .post(&format!("{path}/reveal"))
        .json(json!({ "purpose": "curious" }))
        .send()
        .await
        .is_problem(404, "not_found");
    assert_eq!(other.get("/v1/clients?include=total").send().await.is(200).json["total"], 0);
}

/// Reads at the same time share a statement; each keeps the scope of whoever asks.
#[tokio::test]
async fn reads_that_share_a_statement_keep_their_own_scopes() {
    let app = TestApp::start().await;
    let (north, south) = (app.branch("N", BranchId::ROOT).await, app.branch("S", BranchId::ROOT).await);
    let (admin, norths) = (app.admin().await, app.client_as(Role::BranchManager, DataScope::BranchTree, north).await);
    let advisor = app.client_as(Role::Advisor, DataScope::Own, south).await;
    let mut paths = Vec::new();
    for (n, branch_id, advisor_id) in [(0, north, None), (1, south, None), (2, south, advisor.staff_id)] {
        let body = json!({ "client_no": format!("C{n}"), "name": "李晓燕", "kind": "individual", "branch_id": branch_id, "advisor_id": advisor_id });
        paths.push(format!("/v1/clients/{}", create(&admin, body).await));
    }
    let sees: [(&Client, [u16; 3]); 3] = [(&admin, [200; 3]), (&norths, [200, 404, 404]), (&advisor, [404, 404, 200])];
    let questions = (0..90).map(|n| (n % 3, (n / 3) % 3));
    let answers = join_all(questions.clone().map(|(who, what)| sees[who].0.get(&paths[what]).send())).await;
    for ((who, what), answer) in questions.zip(answers) {
        assert_eq!(answer.status, sees[who].1[what], "caller {who}, client {what}");
        assert!(answer.status == 404 || answer.json["client_no"] == format!("C{what}"), "{}", answer.text());
    }
}

/// Being the advisor of a client is no right to put the client anywhere.
#[tokio::test]
async fn an_advisor_places_clients_in_the_own_branch_only() {
    let app = TestApp::start().await;
    let (north, south) = (app.branch("N", BranchId::ROOT).await, app.branch("S", BranchId::ROOT).await);
    let advisor = app.client_as(Role::Advisor, DataScope::Own, north).await;
    let new = |client_no: &str, branch: BranchId| {
        json!({ "client_no": client_no, "name": "李晓燕", "kind": "individual", "branch_id": branch,
            "advisor_id": advisor.staff_id })
    };
    let path = format!("/v1/clients/{}", create(&advisor, new("C1", north)).await);
    advisor.post("/v1/clients").json(new("C2", south)).send().await.is_problem(422, "unknown_branch");
    let away = json!({ "branch_id": BranchId::ROOT });
    advisor.patch(&path).if_match("\"1\"").json(away).send().await.is_problem(422, "unknown_branch");
    advisor.patch(&path).if_match("\"1\"").json(json!({ "email": "xiaoyan@example.com" })).send().await.is(200);
}

#[tokio::test]
async fn lists_are_paged_filtered_and_sorted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (n, name) in ["张伟", "王芳", "张敏", "Anna Schmidt", "赵六"].into_iter().enumerate() {
        let body = json!({ "client_no": format!("C{n}"), "name": name, "kind": if n == 3 { "institution" } else { "individual" },
            "branch_id": BranchId::ROOT, "opened_on": format!("2020-01-{:02}", 10 - n) });
        create(&admin, body).await;
    }
    let names = async |query: &str| -> Vec<String> {
        let found = admin.get(&format!("/v1/clients?{query}")).send().await.is(200);
        let items = found.json["items"].as_array().unwrap();
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("").await, ["赵六", "Anna Schmidt", "张敏", "王芳", "张伟"]);
    assert_eq!(names("sort=opened_on&limit=2").await, ["赵六", "Anna Schmidt"]);
    assert_eq!(names(&format!("q={}", encoded("张"))).await, ["张敏", "张伟"]);
    assert_eq!(names(&format!("q={}", encoded("张伟"))).await, ["张伟"]);
    assert_eq!(names("q=schmi").await, ["Anna Schmidt"]);
    assert_eq!(names("q=%25").await, [""; 0]);
    assert_eq!(names("kind=institution").await, ["Anna Schmidt"]);
    assert_eq!(names("opened_from=2020-01-09&sort=-opened_on").await, ["张伟", "王芳"]);
    assert_eq!(names("client_no=C2").await, ["张敏"]);
    assert_eq!(names("status=prospect&status=closed").await, [""; 0]);
    let mut seen = Vec::new();
    let mut next = Some(String::new());
    while let Some(cursor) = next {
        let page = admin.get(&format!("/v1/clients?sort=-opened_on&limit=2{cursor}")).send().await.is(200);
        seen.extend(page.json["items"].as_array().unwrap().iter().map(|item| item["client_no"].clone()));
        next = page.json["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
        assert_eq!(page.header("link").is_some(), next.is_some());
    }
    assert_eq!(seen, ["C0", "C1", "C2", "C3", "C4"]);
    let cursor = admin.get("/v1/clients?limit=1").send().await.text_of("next_cursor").to_owned();
    admin
        .get(&format!("/v1/clients?limit=1&kind=product&cursor={cursor}"))
        .send()
        .await
        .is_problem(422, "invalid_cursor");
    admin.get("/v1/clients?limit=0").send().await.is_problem(400, "malformed");
    admin.get("/v1/clients?limit=201").send().await.is_problem(400, "malformed");
    admin.get("/v1/clients?tier=gold").send().await.is_problem(400, "malformed");
}

#[tokio::test]
async fn bad_input_is_told_all_at_once_and_without_the_values() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({ "client_no": "no spaces", "name": "  ", "kind": "person", "branch_id": "x", "phone": "110***0021",
        "email": "nobody", "opened_on": "2026-02-30", "document": { "type": "id_card" }, "extra": 1 });
    let refused = admin.post("/v1/clients").json(body).send().await.is_problem(422, "invalid");
    let mut pointers = refused.pointers();
    pointers.sort_unstable();
    let all =
        ["/branch_id", "/client_no", "/document/number", "/email", "/extra", "/kind", "/name", "/opened_on", "/phone"];
    assert_eq!(pointers, all, "{}", refused.text());
    assert!(!refused.text().contains("110***0021"));
    let mut wrong_digit = li("C1");
    wrong_digit["document"]["number"] = json!("110105194912310021");
    let refused = admin.post("/v1/clients").json(wrong_digit).send().await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/document/number"]);
    let mut nul = li("C1");
    nul["name"] = json!("a\u{0}b");
    admin.post("/v1/clients").json(nul).send().await.is_problem(422, "invalid");
    let mut long = li("C1");
    long["name"] = json!("长".repeat(1_000_000));
    admin.post("/v1/clients").json(long).send().await.is_problem(413, "body_too_large");
    let deep = "[".repeat(10_000);
    admin.post("/v1/clients").bytes("application/json", deep).send().await.is_problem(400, "malformed");
    let broken = b"{\"name\": \"\xff\"}".to_vec();
    admin.post("/v1/clients").bytes("application/json", broken).send().await.is_problem(400, "malformed");
    admin.post("/v1/clients").bytes("text/plain", "x").send().await.is_problem(415, "unsupported_media_type");
    let mut tomorrow = li("C1");
    tomorrow["opened_on"] = json!("2999-01-01");
    admin.post("/v1/clients").json(tomorrow).send().await.is_problem(422, "invalid");
}

#[tokio::test]
async fn fund_accounts_open_change_and_stay_unique() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/v1/clients/{}/fund-accounts", create(&admin, li("C1")).await);
    let account = json!({ "fund_account_no": "F1", "kind": "ordinary", "custodian_bank": "中国工商银行" });
    let made = admin.post(&path).json(account.clone()).send().await.is(201);
    admin.post(&path).json(account).send().await.is_problem(409, "fund_account_no_taken");
    let one = made.header("location").unwrap().to_owned();
    let changed = admin.patch(&one).json(json!({ "status": "dormant", "custodian_bank": null })).send().await.is(200);
    assert_eq!((&changed.json["status"], &changed.json["custodian_bank"]), (&json!("dormant"), &Value::Null));
    assert_eq!(changed.json["closed_on"], Value::Null);
    let allowed: Vec<&str> =
        changed.json["allowed_actions"].as_array().unwrap().iter().map(|a| a["action"].as_str().unwrap()).collect();
    assert_eq!(allowed, ["normalize", "restrict", "freeze", "close"], "what leads on from dormant");
    admin
        .patch(&one)
        .if_match("\"1\"")
        .json(json!({ "status": "normal" }))
        .send()
        .await
        .is_problem(412, "version_mismatch");
    assert_eq!(admin.get(&path).send().await.is(200).json["items"].as_array().unwrap().len(), 1);
    admin.get(&one).send().await.is(200);
}

#[tokio::test]
async fn a_closed_fund_account_stays_closed() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let admin = app.admin().await;
    let path = format!("/v1/clients/{}/fund-accounts", create(&admin, li("C1")).await);
    let account = json!({ "fund_account_no": "F1", "kind": "ordinary", "opened_on": "2026-01-05" });
    let one = admin.post(&path).json(account).send().await.is(201).header("location").unwrap().to_owned();
    for status in ["restricted", "frozen", "dormant", "normal", "closed"] {
        let changed = admin.patch(&one).json(json!({ "status": status })).send().await.is(200);
        assert_eq!(changed.json["status"], status);
    }
    assert_eq!(admin.get(&one).send().await.is(200).json["closed_on"], "2026-03-02");
    for status in ["normal", "closed"] {
        let refused = admin.patch(&one).json(json!({ "status": status })).header("Accept-Language", "zh").send().await;
        let refused = refused.is_problem(409, "illegal_transition");
        assert!(refused.text_of("detail").starts_with("当前状态为“已销户”"), "{}", refused.text_of("detail"));
    }
    admin.patch(&one).json(json!({ "custodian_bank": "x" })).send().await.is_problem(409, "fund_account_closed");
    assert_eq!(admin.get(&one).send().await.is(200).json["allowed_actions"], json!([]));
    let future = json!({ "fund_account_no": "F2", "kind": "ordinary", "opened_on": "2026-03-03" });
    admin.post(&path).json(future).send().await.is_problem(422, "invalid");
}

/// Null clears only what a client may be without, and what changes nothing leaves nothing behind.
#[tokio::test]
async fn a_change_that_changes_nothing_writes_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let id = create(&admin, li("C1")).await;
    let path = format!("/v1/clients/{id}");
    let accounts = format!("{path}/fund-accounts");
    let account = json!({ "fund_account_no": "F1", "kind": "ordinary", "custodian_bank": "B" });
    let account = admin.post(&accounts).json(account).send().await.is(201).header("location").unwrap().to_owned();
    let written = async || -> i64 {
        let count = "SELECT (SELECT count(*) FROM outbox_event) + (SELECT count(*) FROM audit_entry)";
        sqlx::query_scalar(count).fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap()
    };
    let before = written().await;
    for member in ["name", "branch_id", "opened_on"] {
        let refused = admin.patch(&path).if_match("\"1\"").json(json!({ member: null })).send().await;
        assert_eq!(refused.is_problem(422, "invalid").pointers(), [format!("/{member}")]);
    }
    admin.patch(&account).json(json!({ "status": null })).send().await.is_problem(422, "invalid");
    for same in [json!({}), json!({ "name": "李晓燕", "phone": PHONE, "advisor_id": null })] {
        assert_eq!(admin.patch(&path).if_match("\"1\"").json(same).send().await.is(200).etag(), "\"1\"");
    }
    for same in [json!({}), json!({ "status": "normal", "custodian_bank": "B" })] {
        assert_eq!(admin.patch(&account).json(same).send().await.is(200).etag(), "\"1\"");
    }
    let mut profile = li("C1");
    profile.as_object_mut().unwrap().remove("client_no");
    assert_eq!(admin.put("/v1/clients/by-number/C1").json(profile).send().await.is(200).etag(), "\"1\"");
    assert_eq!(written().await, before);
    admin.patch(&path).if_match("\"2\"").json(json!({})).send().await.is_problem(412, "version_mismatch");
    admin.patch(&account).if_match("\"2\"").json(json!({})).send().await.is_problem(412, "version_mismatch");
}

#[tokio::test]
async fn closing_honours_the_version_it_is_based_on() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/v1/clients/{}/close", create(&admin, li("C1")).await);
    let close = |tag: &str| admin.post(&path).if_match(tag).json(json!({ "reason": "转户" }));
    close("\"2\"").send().await.is_problem(412, "version_mismatch");
    let blank = admin.post(&path).json(json!({ "reason": "   " })).send().await.is_problem(422, "invalid");
    assert_eq!(blank.pointers(), ["/reason"]);
    close("\"1\"").send().await.is(200);
}

#[tokio::test]
async fn nobody_was_opened_before_1970() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut old = li("C1");
    old["opened_on"] = json!("0001-01-01");
    let refused = admin.post("/v1/clients").json(old.clone()).send().await.is_problem(422, "invalid");
    assert_eq!((refused.pointers(), &refused.json["errors"][0]["code"]), (vec!["/opened_on"], &json!("too_early")));
    old["opened_on"] = json!("1970-01-01");
    let path = format!("/v1/clients/{}", create(&admin, old).await);
    let earlier = json!({ "opened_on": "1969-12-31" });
    admin.patch(&path).if_match("*").json(earlier).send().await.is_problem(422, "invalid");
    let account = json!({ "fund_account_no": "F1", "kind": "ordinary", "opened_on": "1969-12-31" });
    admin.post(&format!("{path}/fund-accounts")).json(account).send().await.is_problem(422, "invalid");
}

/// What the API refuses, the database refuses too.
#[tokio::test]
async fn the_database_holds_what_is_true_of_clients_and_trades() {
    let app = TestApp::start().await;
    create(&app.admin().await, li("C1")).await;
    let trade = "INSERT INTO trade (client_id, trade_id, source, external_id, executed_at, trade_day, side, instrument, currency, amount, recorded_at)";
    let reversal = "INSERT INTO trade_reversal (client_id, trade_reversal_id, source, external_id, reverses_external_id, recorded_at)";
    let account = "INSERT INTO fund_account (client_id, fund_account_id, fund_account_no, kind, status, opened_on, closed_on, created_at)";
    let of_trade = |source: &str, id: &str, instrument: &str| {
        format!(
            "{trade} SELECT client_id, client_id, '{source}', '{id}', now(), current_date, 'buy', '{instrument}', 'CNY', 1, now() FROM client"
        )
    };
    let of_account = |status: &str, opened: &str, closed: &str| {
        format!(
            "{account} SELECT client_id, client_id, 'F1', 'ordinary', '{status}', '{opened}', {closed}, now() FROM client"
        )
    };
    for (statement, constraint) in [
        ("UPDATE client SET document_type = 'library_card'".to_owned(), "client_document_type_known"),
        ("UPDATE client SET name = ' '".to_owned(), "client_name_not_blank"),
        ("UPDATE client SET client_no = 'no spaces'".to_owned(), "client_no_format"),
        ("UPDATE client SET close_reason = 'x'".to_owned(), "client_reason_of_closing"),
        (
            "UPDATE client SET status = 'closed', closed_on = opened_on, close_reason = ' '".to_owned(),
            "client_close_reason_not_blank",
        ),
        ("UPDATE client SET opened_on = '0001-01-01'".to_owned(), "client_opened_since_1970"),
        (of_account("normal", "0001-01-01", "NULL"), "fund_account_opened_since_1970"),
        (of_account("closed", "2026-01-01", "NULL"), "fund_account_closed_complete"),
        (of_account("normal", "2026-01-01", "'2026-01-02'"), "fund_account_closed_complete"),
        (of_account("closed", "2026-01-03", "'2026-01-02'"), "fund_account_closed_after_opened"),
        (of_trade("", "T", "X"), "trade_source_not_empty"),
        (of_trade("api", "", "X"), "trade_external_id_not_empty"),
        (of_trade("api", "T", ""), "trade_instrument_not_empty"),
        (
            format!("{reversal} SELECT client_id, client_id, '', 'R', 'T', now() FROM client"),
            "trade_reversal_source_not_empty",
        ),
        (
            format!("{reversal} SELECT client_id, client_id, 'a', '', 'T', now() FROM client"),
            "trade_reversal_external_id_not_empty",
        ),
        (
            format!("{reversal} SELECT client_id, client_id, 'a', 'R', '', now() FROM client"),
            "trade_reversal_reverses_not_empty",
        ),
    ] {
        let mut conn = app.db.connection().await.unwrap();
        let refused = sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(&mut *conn).await;
        let refused = refused.expect_err(&statement);
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(constraint), "{statement}");
    }
}

#[tokio::test]
async fn a_closed_client_is_reopened_by_two_people() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/v1/clients/{}", create(&admin, li("C1")).await);
    let reason = || json!({ "reason": "客户撤回销户申请" });
    let may = |action: &str| json!([{ "action": action, "blocked_by": null }]);
    assert_eq!(admin.get(&path).send().await.json["allowed_actions"], may("close"));
    admin.post(&format!("{path}/reopen")).json(reason()).send().await.is_problem(409, "illegal_transition");
    let closed = admin.post(&format!("{path}/close")).json(json!({ "reason": "转户" })).send().await.is(200);
    assert_eq!(closed.json["allowed_actions"], may("reopen"));
    let asked = admin.post(&format!("{path}/reopen")).if_match("\"1\"").json(reason()).send().await;
    asked.is_problem(412, "version_mismatch");
    let asked = admin.post(&format!("{path}/reopen")).if_match(closed.etag()).json(reason()).send().await.is(202);
    let change = asked.header("location").unwrap().to_owned();
    admin.post(&format!("{path}/reopen")).json(reason()).send().await.is_problem(409, "change_pending");
    admin.post(&format!("{change}/approve")).send().await.is_problem(403, "takes_another_person");
    assert_eq!(admin.get(&path).send().await.json["status"], "closed", "nothing happens before the second person");
    let second = app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await;
    second.post(&format!("{change}/approve")).send().await.is(200);
    let reopened = admin.get(&path).send().await.is(200);
    assert_eq!(
        (&reopened.json["status"], &reopened.json["closed_on"], &reopened.json["close_reason"]),
        (&json!("active"), &Value::Null, &Value::Null)
    );
    admin.patch(&path).if_match(reopened.etag()).json(json!({ "phone": "13900139000" })).send().await.is(200);
}
