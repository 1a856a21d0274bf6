//! A key used again has one effect: the first answer comes back, byte for byte.

use clientele::platform::kernel::ids::BranchId;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

fn branch(code: &str) -> Value {
    json!({ "parent_id": BranchId::ROOT, "code": code, "name": "世纪大道营业部" })
}

async fn create(who: &Client, key: &str, code: &str) -> Answer {
    who.post("/v1/branches").key(key).json(branch(code)).send().await
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_replay_is_the_first_answer_byte_for_byte() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let first = create(&admin, "k", "A").await.is(201);
    assert_eq!(first.header("idempotency-replayed"), None);
    let again = create(&admin, "k", "A").await.is(201);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    for name in ["location", "etag", "content-type"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(count(&app, "SELECT count(*) FROM branch WHERE code = 'A'").await, 1);
    assert_eq!(count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'branch.created'").await, 1);
    assert_eq!(count(&app, "SELECT count(*) FROM outbox_event WHERE kind = 'branch.created'").await, 1);
}

#[tokio::test]
async fn a_key_is_bound_to_caller_path_and_body() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    create(&admin, "k", "A").await.is(201);
    // An answer is the end of it: the key is free for whoever comes again at once.
    for _ in 0..50 {
        create(&admin, "k", "B").await.is_problem(422, "idempotency_key_reused");
        create(&admin, "k", "A").await.is(201);
        create(&admin, "other", "A").await.is_problem(409, "branch_code_taken");
    }
    let client = json!({ "client_no": "C1", "name": "李娜", "kind": "individual", "branch_id": BranchId::ROOT });
    admin.post("/v1/clients").key("k").json(client).send().await.is_problem(422, "idempotency_key_reused");
    // Somebody else's key of the same name is another key.
    let other = app.client_as(
        clientele::firm::access::Role::Administrator,
        clientele::firm::access::DataScope::Firm,
        BranchId::ROOT,
    );
    create(&other.await, "k", "B").await.is(201);
}

#[tokio::test]
async fn what_failed_is_not_kept() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    create(&admin, "k1", "bad code!").await.is_problem(422, "invalid");
    create(&admin, "k1", "A").await.is(201);
    create(&admin, "k2", "A").await.is_problem(409, "branch_code_taken");
    create(&admin, "k2", "B").await.is(201);
    assert_eq!(count(&app, "SELECT count(*) FROM idempotency_record").await, 2);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    create(&app.admin().await, "k", "A").await.is(201);
    app.clock.set("2026-03-03T01:59:59Z".parse().unwrap());
    let replay = create(&app.admin().await, "k", "A").await.is(201);
    assert_eq!(replay.header("idempotency-replayed"), Some("true"));
    app.clock.set("2026-03-03T02:00:01Z".parse().unwrap());
    create(&app.admin().await, "k", "A").await.is_problem(409, "branch_code_taken");
    create(&app.admin().await, "k", "B").await.is(201);
}

#[tokio::test]
async fn a_key_has_one_to_255_printable_characters() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for bad in ["", &"x".repeat(256), "\u{e9}", "a\tb"] {
        create(&admin, bad, "A").await.is_problem(400, "malformed");
    }
    create(&admin, &format!("~ !{}", "x".repeat(252)), "A").await.is(201);
}

/// Fifty callers with one key, some of whom hang up: one effect, and everybody who waits gets the one answer or is
/// asked to come again.
#[tokio::test]
async fn fifty_at_once_have_one_effect() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for round in 0..4 {
        let (key, code) = (format!("k{round}"), format!("R{round}"));
        let answers = join_all((0..50).map(|caller| {
            let (admin, key, code) = (&admin, &key, &code);
            async move {
                let asked = create(admin, key, code);
                if caller % 5 == 4 {
                    let limit = std::time::Duration::from_millis(caller / 5);
                    tokio::time::timeout(limit, asked).await.ok()
                } else {
                    Some(asked.await)
                }
            }
        }))
        .await;
        let answers: Vec<Answer> = answers.into_iter().flatten().collect();
        let made: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
        let later: Vec<&Answer> = answers.iter().filter(|answer| answer.status != 201).collect();
        eprintln!("round {round}: {} answered 201, {} asked to come again", made.len(), later.len());
        assert!(made.windows(2).all(|pair| pair[0].body == pair[1].body));
        assert!(made.iter().filter(|answer| answer.header("idempotency-replayed").is_none()).count() <= 1);
        for answer in later {
            let answer = answer.clone().is_problem(409, "idempotency_key_in_use");
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
        // Whoever hung up may still be at it for a moment.
        let last = loop {
            let last = create(&admin, &key, &code).await;
            if last.status != 409 {
                break last.is(201);
            }
            tokio::task::yield_now().await;
        };
        assert!(made.iter().all(|answer| answer.body == last.body));
    }
    assert_eq!(count(&app, "SELECT count(*) FROM branch WHERE code LIKE 'R%'").await, 4);
    assert_eq!(count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'branch.created'").await, 4);
}

#[tokio::test]
async fn secrets_are_not_kept() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let client = app.client(BranchId::ROOT, None).await;
    let reveal =
        || admin.post(&format!("/v1/clients/{client}/reveal")).key("k").json(json!({ "purpose": "回访前核对" })).send();
    reveal().await.is(200);
    let again = reveal().await.is(200);
    assert_eq!(again.header("idempotency-replayed"), None, "it is looked at, and audited, again");
    assert_eq!(count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'client.revealed'").await, 2);
    let body = json!({ "grant_type": "password", "username": "admin", "password": crate::support::PASSWORD });
    let sign_in = || app.anonymous().post("/v1/auth/token").key("k").json(body.clone()).send();
    assert_ne!(sign_in().await.is(200).json["refresh_token"], sign_in().await.is(200).json["refresh_token"]);
    assert_eq!(count(&app, "SELECT count(*) FROM idempotency_record").await, 0);
}

/// What is kept for a retry is sealed: a copy of the table shows nobody's name.
#[tokio::test]
async fn kept_answers_are_sealed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    create(&admin, "k", "A").await.is(201);
    let body = json!({ "client_no": "C1", "name": "欧阳晓燕", "kind": "individual", "branch_id": BranchId::ROOT });
    admin.post("/v1/clients").key("k2").json(body).send().await.is(201);
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("SELECT answer FROM idempotency_record")
        .fetch_all(&mut *app.db.connection().await.unwrap())
        .await
        .unwrap();
    assert_eq!(kept.len(), 2);
    let shows =
        |text: &str| kept.iter().any(|answer| answer.windows(text.len()).any(|window| window == text.as_bytes()));
    assert!(!shows("世纪大道") && !shows("欧阳晓燕") && !shows("client_no"));
}
