//! Signing in, staying signed in, signing out.

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
    assert_eq!(nothing.pointers(), ["/password", "/username"]);
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
        // Ten at once; on a busy machine one more is forgiven on the way.
        let mut guesses = 0;
        let refused = loop {
            let answer = ask().await;
            match answer.status {
                401 if guesses < 20 => guesses += 1,
                _ => break answer.is_problem(429, "too_many_requests"),
            }
        };
        assert!(guesses >= 10, "refused after {guesses}");
        let seconds = |name: &str| refused.header(name).unwrap().parse::<u32>().unwrap();
        assert!((1..=6).contains(&seconds("retry-after")));
        assert_eq!(seconds("ratelimit-reset"), seconds("retry-after"));
        assert_eq!((seconds("ratelimit-limit"), seconds("ratelimit-remaining")), (10, 0));
        for _ in 0..50 {
            assert!([401, 429].contains(&ask().await.status));
        }
    }
    // The right password is no way out, right after a refusal.
    let wrong = json!({ "grant_type": "password", "username": "admin", "password": "not the password" });
    while attacker.post("/v1/auth/token").json(wrong.clone()).send().await.status != 429 {}
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
