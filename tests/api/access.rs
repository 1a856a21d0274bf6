//! Signing in, staying signed in, and who may give which rights.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use crate::support::{Answer, Client, PASSWORD, TestApp, session_of};

/// A change of rights is felt within five seconds; the server itself looks again after four.
const FELT_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);

async fn token(app: &TestApp, body: Value) -> Answer {
    app.anonymous().post("/v1/auth/token").json(body).send().await
}

async fn refreshed(app: &TestApp, refresh_token: &Value) -> Answer {
    token(app, json!({ "grant_type": "refresh_token", "refresh_token": refresh_token })).await
}

fn bearer(app: &TestApp, tokens: &Value) -> Client {
    app.anonymous().with_token(tokens["access_token"].as_str().unwrap())
}

/// Asks until the answer is that nobody is signed in; how long that took.
async fn until_signed_out(client: &Client) -> std::time::Duration {
    let began = std::time::Instant::now();
    while client.get("/v1/me").send().await.status != 401 {
        assert!(began.elapsed() < FELT_WITHIN, "still signed in after {:?}", began.elapsed());
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    began.elapsed()
}

#[tokio::test]
async fn people_sign_in_with_a_form_or_json() {
    let app = TestApp::start().await;
    let form =
        [("grant_type", "password"), ("username", "admin"), ("password", PASSWORD), ("client_id", ""), ("x", "y")];
    let by_form = app.anonymous().post("/v1/auth/token").form(&form).send().await.is(200);
    let by_json = app.sign_in("admin").await;
    for tokens in [&by_form.json, &by_json] {
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(600)));
        assert!(tokens["scope"].as_str().unwrap().split(' ').any(|scope| scope == "staff:write"));
        assert_eq!(bearer(&app, tokens).get("/v1/me").send().await.is(200).json["username"], "admin");
    }
    assert_ne!(by_form.json["refresh_token"], by_json["refresh_token"]);
    assert_eq!(by_form.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let app = TestApp::start().await;
    let nothing = token(&app, json!({ "grant_type": "password" })).await.is_problem(422, "invalid");
    assert_eq!(nothing.pointers(), ["/username", "/password"]);
    assert_eq!(nothing.json["error"], "invalid_request");
    let refresh = token(&app, json!({ "grant_type": "refresh_token" })).await.is_problem(422, "invalid");
    assert_eq!(refresh.pointers(), ["/refresh_token"]);
    for unknown in ["client_credentials", "magic"] {
        let unknown = token(&app, json!({ "grant_type": unknown })).await.is_problem(400, "unsupported_grant_type");
        assert_eq!(unknown.json["error"], "unsupported_grant_type");
    }
    let form = [("grant_type", "client_credentials"), ("client_id", "x"), ("client_secret", "y")];
    let unknown = app.anonymous().post("/v1/auth/token").form(&form).send().await;
    assert_eq!(unknown.is_problem(400, "unsupported_grant_type").json["error"], "unsupported_grant_type");
    let form = [("grant_type", "password"), ("username", "admin"), ("password", PASSWORD), ("username", "other")];
    let twice = app.anonymous().post("/v1/auth/token").form(&form).send().await.is_problem(400, "malformed");
    assert_eq!((twice.pointers(), &twice.json["error"]), (vec!["/username"], &json!("invalid_request")));
    app.anonymous().post("/v1/auth/token?client_id=x").form(&form[..3]).send().await.is_problem(400, "malformed");
    app.anonymous()
        .post("/v1/auth/token")
        .bytes("text/plain", "x")
        .send()
        .await
        .is_problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let app = TestApp::start().await;
    let wrong =
        |username: &str| json!({ "grant_type": "password", "username": username, "password": "not the password" });
    let (known, unknown) = (token(&app, wrong("admin")).await, token(&app, wrong("nobody")).await);
    let without_id = |answer: Answer| {
        let mut problem = answer.is_problem(401, "bad_credentials").json;
        problem["request_id"] = Value::Null;
        problem
    };
    let known = without_id(known);
    assert_eq!(known["error"], "invalid_grant");
    assert_eq!(known, without_id(unknown));
    // A disabled account answers the same as well.
    let staff = app.staff(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let admin = app.admin().await;
    let path = format!("/v1/staff/{staff}");
    let found = admin.get(&path).send().await.is(200);
    let username = found.text_of("username").to_owned();
    admin.patch(&path).if_match(found.etag()).json(json!({ "status": "disabled" })).send().await.is(200);
    let right = json!({ "grant_type": "password", "username": username, "password": PASSWORD });
    assert_eq!(known, without_id(token(&app, right).await));
}

#[tokio::test]
async fn guessing_slows_the_guesser_and_keeps_nobody_else_out() {
    let app = TestApp::start().await;
    let attacker = app.anonymous().at("127.0.0.2");
    for username in ["admin", "nobody"] {
        let guess = json!({ "grant_type": "password", "username": username, "password": "not the password" });
        let ask = || attacker.post("/v1/auth/token").json(guess.clone()).send();
        for _ in 0..10 {
            ask().await.is_problem(401, "bad_credentials");
        }
        // Refused, whoever is asked for, and the right password is no way out.
        for _ in 0..50 {
            let refused = ask().await.is_problem(429, "too_many_requests");
            let seconds = |name: &str| refused.header(name).unwrap().parse::<u32>().unwrap();
            assert!((1..=6).contains(&seconds("retry-after")));
            assert_eq!(seconds("ratelimit-reset"), seconds("retry-after"));
            assert_eq!((seconds("ratelimit-limit"), seconds("ratelimit-remaining")), (10, 0));
        }
    }
    let right = json!({ "grant_type": "password", "username": "admin", "password": PASSWORD });
    attacker.post("/v1/auth/token").json(right).send().await.is_problem(429, "too_many_requests");
    // The same account elsewhere, as often as they like.
    for _ in 0..15 {
        app.sign_in("admin").await;
    }
}

#[tokio::test]
async fn a_refresh_token_works_once_and_twice_ends_the_session() {
    let app = TestApp::start().await;
    let first = app.sign_in("admin").await;
    let second = refreshed(&app, &first["refresh_token"]).await.is(200).json;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let third = refreshed(&app, &second["refresh_token"]).await.is(200).json;
    let other = app.sign_in("admin").await;
    bearer(&app, &third).get("/v1/me").send().await.is(200);
    // Whoever stole the first one now shows themself; nobody of this session gets any further.
    let reused = refreshed(&app, &first["refresh_token"]).await.is_problem(401, "bad_refresh_token");
    assert_eq!(reused.json["error"], "invalid_grant");
    refreshed(&app, &third["refresh_token"]).await.is_problem(401, "bad_refresh_token");
    app.state.sessions.forget(session_of(third["access_token"].as_str().unwrap()));
    bearer(&app, &third).get("/v1/me").send().await.is_problem(401, "unauthenticated");
    // Another sign-in of the same person is another session.
    bearer(&app, &other).get("/v1/me").send().await.is(200);
    refreshed(&app, &json!("not-one-of-ours")).await.is_problem(401, "bad_refresh_token");
}

#[tokio::test]
async fn of_many_refreshes_at_once_one_wins() {
    let app = TestApp::start().await;
    let tokens = app.sign_in("admin").await;
    let all = futures_util::future::join_all((0..8).map(|_| refreshed(&app, &tokens["refresh_token"]))).await;
    assert!(all.iter().filter(|answer| answer.status == 200).count() <= 1, "one use, one pair");
    assert!(all.iter().all(|answer| [200, 401].contains(&answer.status)));
}

#[tokio::test]
async fn a_session_ends_at_its_absolute_end_however_often_it_is_refreshed() {
    let app = TestApp::at("2026-03-02T01:00:00Z").await;
    let mut tokens = app.sign_in("admin").await;
    for hour in 2..=12 {
        app.clock.set(format!("2026-03-02T{hour:02}:00:00Z").parse().unwrap());
        tokens = refreshed(&app, &tokens["refresh_token"]).await.is(200).json;
    }
    app.clock.set("2026-03-02T13:00:01Z".parse().unwrap());
    refreshed(&app, &tokens["refresh_token"]).await.is_problem(401, "bad_refresh_token");
}

#[tokio::test]
async fn signing_out_is_felt_at_once_and_unknown_tokens_are_no_fault() {
    let app = TestApp::start().await;
    let tokens = app.sign_in("admin").await;
    let admin = bearer(&app, &tokens);
    admin.get("/v1/me").send().await.is(200);
    let revoke = |token: Value| app.anonymous().post("/v1/auth/revoke").json(json!({ "token": token })).send();
    revoke(tokens["refresh_token"].clone()).await.is(204);
    admin.get("/v1/me").send().await.is_problem(401, "unauthenticated");
    refreshed(&app, &tokens["refresh_token"]).await.is_problem(401, "bad_refresh_token");
    revoke(json!("never heard of it")).await.is(204);
    let form = [("token", "never heard of it"), ("token_type_hint", "refresh_token")];
    app.anonymous().post("/v1/auth/revoke").form(&form).send().await.is(204);
}

#[tokio::test]
async fn a_change_of_rights_is_felt_within_five_seconds() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let people =
        [json!({ "status": "disabled" }), json!({ "role": "analyst" }), json!({ "password": "another quiet river" })];
    let mut signed_in = Vec::new();
    for change in people {
        let person = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
        person.get("/v1/me").send().await.is(200);
        let path = format!("/v1/staff/{}", person.staff_id.unwrap());
        admin.patch(&path).if_match("\"1\"").json(change).send().await.is(200);
        signed_in.push(person);
    }
    let took = futures_util::future::join_all(signed_in.iter().map(until_signed_out)).await;
    eprintln!("a change of rights was felt after {took:?}");
    // A change of name is no change of rights.
    let person = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let path = format!("/v1/staff/{}", person.staff_id.unwrap());
    admin.patch(&path).if_match("\"1\"").json(json!({ "name": "王敏" })).send().await.is(200);
    app.state.sessions.forget(session_of(person.token.as_deref().unwrap()));
    assert_eq!(person.get("/v1/me").send().await.is(200).json["name"], "王敏");
}

#[tokio::test]
async fn the_last_active_administrator_stays_one() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/v1/staff/{}", admin.staff_id.unwrap());
    for change in [json!({ "status": "disabled" }), json!({ "role": "analyst" })] {
        admin.patch(&path).if_match("\"1\"").json(change).send().await.is_problem(409, "last_administrator");
    }
    let second = app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await;
    // Two who resign at the same time: one stays.
    let resign = json!({ "role": "analyst" });
    let other = format!("/v1/staff/{}", second.staff_id.unwrap());
    let (one, two) = tokio::join!(
        admin.patch(&path).if_match("\"1\"").json(resign.clone()).send(),
        second.patch(&other).if_match("\"1\"").json(resign.clone()).send()
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", one.text(), two.text());
}

#[tokio::test]
async fn nobody_grants_more_than_they_hold() {
    let app = TestApp::start().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let elsewhere = app.branch("B", BranchId::ROOT).await;
    let local = app.client_as(Role::Administrator, DataScope::Branch, branch).await;
    let new = |username: &str, scope: &str, branch: BranchId| json!({ "username": username, "name": "新人", "role": "advisor", "data_scope": scope, "branch_id": branch, "password": "a quiet river" });
    let create = |body: Value| local.post("/v1/staff").json(body).send();
    create(new("firm.wide", "firm", branch)).await.is_problem(403, "beyond_own_rights");
    create(new("far.away", "own", elsewhere)).await.is_problem(403, "beyond_own_rights");
    let made = create(new("near.by", "own", branch)).await.is(201);
    let path = made.header("location").unwrap().to_owned();
    assert_eq!(path, format!("/v1/staff/{}", made.text_of("staff_id")));
    let change = |body: Value| local.patch(&path).if_match("\"1\"").json(body).send();
    change(json!({ "data_scope": "firm" })).await.is_problem(403, "beyond_own_rights");
    change(json!({ "branch_id": elsewhere })).await.is_problem(403, "beyond_own_rights");
    let me = format!("/v1/staff/{}", local.staff_id.unwrap());
    local
        .patch(&me)
        .if_match("\"1\"")
        .json(json!({ "data_scope": "firm" }))
        .send()
        .await
        .is_problem(403, "beyond_own_rights");
    // Whoever holds more is not theirs to change, not even downwards.
    let above = app.staff(Role::Administrator, DataScope::Firm, branch).await;
    let take_over = json!({ "data_scope": "own", "password": "another quiet river" });
    let above = local.patch(&format!("/v1/staff/{above}")).if_match("\"1\"").json(take_over).send().await;
    above.is_problem(403, "beyond_own_rights");
    // A branch is made below one's own.
    let below = |parent: BranchId| json!({ "parent_id": parent, "code": "X1", "name": "新营业部" });
    local.post("/v1/branches").json(below(elsewhere)).send().await.is_problem(422, "unknown_branch");
    local.post("/v1/branches").json(below(branch)).send().await.is(201);
}

#[tokio::test]
async fn scopes_do_not_grow_by_staying_in_a_wider_one() {
    let app = TestApp::start().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let below = app.branch("A1", branch).await;
    // Sees one branch only; a tree would be more, although the branch is theirs.
    let local = app.client_as(Role::Administrator, DataScope::Branch, branch).await;
    let body = json!({ "username": "tree.wide", "name": "新人", "role": "branch_manager", "data_scope": "branch_tree",
        "branch_id": branch, "password": "a quiet river" });
    local.post("/v1/staff").json(body).send().await.is_problem(403, "beyond_own_rights");
    let tree = app.client_as(Role::Administrator, DataScope::BranchTree, branch).await;
    let body = json!({ "username": "tree.too", "name": "新人", "role": "branch_manager", "data_scope": "branch_tree",
        "branch_id": below, "password": "a quiet river" });
    tree.post("/v1/staff").json(body).send().await.is(201);
}

#[tokio::test]
async fn weak_passwords_and_taken_names_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let new = |username: &str, password: &str| {
        let body = json!({ "username": username, "name": "新人", "role": "advisor", "branch_id": BranchId::ROOT, "password": password });
        admin.post("/v1/staff").json(body).send()
    };
    for common in ["Password123", "12345678", "iloveyou"] {
        let refused = new("someone", common).await.is_problem(422, "invalid");
        assert_eq!(refused.pointers(), ["/password"]);
        assert!(!refused.text().contains(common), "a refusal repeats the password");
    }
    assert_eq!(new("someone", "short").await.is_problem(422, "invalid").pointers(), ["/password"]);
    assert_eq!(new("someone", &"x".repeat(129)).await.is_problem(422, "invalid").pointers(), ["/password"]);
    new("someone.else", "someone.else").await.is_problem(422, "invalid");
    assert_eq!(new("Bad Name", "a quiet river").await.is_problem(422, "invalid").pointers(), ["/username"]);
    let made = new("someone", "a quiet river").await.is(201);
    assert_eq!(made.json["data_scope"], "own", "an advisor's usual scope");
    assert!(made.json.get("password").is_none());
    new("someone", "a quiet river").await.is_problem(409, "username_taken");
    let body = json!({ "grant_type": "password", "username": "someone", "password": "a quiet river" });
    token(&app, body).await.is(200);
}

#[tokio::test]
async fn changes_name_the_version_they_are_based_on() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let staff = app.staff(Role::Advisor, DataScope::Own, branch).await;
    for path in [format!("/v1/staff/{staff}"), format!("/v1/branches/{branch}")] {
        let rename = || admin.patch(&path).json(json!({ "name": "新名" }));
        rename().send().await.is_problem(428, "version_required");
        let before = admin.get(&path).send().await.is(200);
        let after = rename().if_match(before.etag()).send().await.is(200);
        assert_ne!(before.etag(), after.etag());
        assert_eq!(after.json["name"], "新名");
        rename().if_match(before.etag()).send().await.is_problem(412, "version_mismatch");
        for bad in ["1", "W/\"1\"", "\"x\"", "\"\""] {
            rename().if_match(bad).send().await.is_problem(412, "version_mismatch");
        }
        assert_eq!(admin.get(&path).send().await.is(200).etag(), after.etag());
    }
}

#[tokio::test]
async fn permissions_say_what_the_caller_may() {
    let app = TestApp::start().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let below = app.branch("A1", branch).await;
    let manager = app.client_as(Role::BranchManager, DataScope::BranchTree, branch).await;
    let held = manager.get("/v1/me/permissions").send().await.is(200).json;
    assert_eq!(held["firm"], false);
    let branches: Vec<&str> = held["branch_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert!(branches.len() == 2 && branches.contains(&below.to_string().as_str()));
    let names: Vec<&str> =
        held["items"].as_array().unwrap().iter().map(|p| p["permission"].as_str().unwrap()).collect();
    assert!(names.contains(&"clients:write") && !names.contains(&"staff:write"));
    let advisor = app.client_as(Role::Advisor, DataScope::Own, branch).await;
    let held = advisor.get("/v1/me/permissions").send().await.is(200).json;
    assert_eq!(held["advisor_id"], advisor.staff_id.unwrap().to_string());
}
