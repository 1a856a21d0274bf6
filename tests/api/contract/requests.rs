//! The document against the running server: what is documented is mounted, guarded, and strict about what it takes.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::document::{Operation, operations, validator};
use crate::support::{Answer, Client, TestApp};

/// A request for an operation that is good as far as its form goes.
fn sent(caller: &Client, operation: &Operation, url: &str, body: Option<Value>) -> crate::support::Call {
    let call = caller.call(operation.method.clone(), url);
    let call = if operation.demands_if_match() { call.if_match("\"1\"") } else { call };
    match body {
        Some(body) => call.json(body),
        None => call,
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_answered_that_asks_for_one() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for operation in operations().into_iter().filter(Operation::signed_in) {
        let url = operation.url_of_nothing();
        let answer = sent(&nobody, &operation, &url, operation.example()).send().await;
        let answer = answer.is_problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        // Nothing of the request is looked at before the caller.
        let rubbish = nobody.call(operation.method.clone(), &format!("{url}?no_such_parameter=1"));
        rubbish.bytes("application/json", "{").send().await.is_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn public_operations_are_mounted() {
    let app = TestApp::start().await;
    for operation in operations().iter().filter(|operation| !operation.signed_in()) {
        let answer =
            sent(&app.anonymous(), operation, operation.path, operation.json_body().map(|_| json!({}))).send().await;
        let expected = if operation.json_body().is_some() { 422 } else { 204 };
        answer.is(expected);
    }
}

#[tokio::test]
async fn another_method_answers_405_and_names_those_that_are_there() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let all = operations();
    let paths: BTreeSet<&str> = all.iter().map(|operation| operation.path).collect();
    for path in paths {
        let here: Vec<&Operation> = all.iter().filter(|operation| operation.path == path).collect();
        let mut there: BTreeSet<&str> = here.iter().map(|operation| operation.method.as_str()).collect();
        if there.contains("GET") {
            there.insert("HEAD");
        }
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if !there.contains(method) {
                let url = here[0].url_of_nothing();
                let answer = admin.call(method.parse().unwrap(), &url).send().await;
                let answer = answer.is_problem(405, "method_not_allowed");
                assert_eq!(answer.header("allow").unwrap().split(", ").collect::<BTreeSet<_>>(), there, "{path}");
            }
        }
    }
    admin.get("/v1/no-such-thing").send().await.is_problem(404, "not_found");
    admin.get("/no-such-thing").send().await.is_problem(404, "not_found");
}

#[tokio::test]
async fn unknown_query_parameters_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for operation in operations().iter().filter(|operation| operation.signed_in()) {
        let url = format!("{}?no_such_parameter=1", operation.url_of_nothing());
        let answer = sent(&admin, operation, &url, operation.example()).send().await.is_problem(400, "malformed");
        assert_eq!(answer.pointers(), ["?no_such_parameter"], "{}", operation.name());
    }
}

#[tokio::test]
async fn unknown_body_members_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let strict = |operation: &&Operation| operation.json_body().is_some() && operation.signed_in();
    for operation in operations().iter().filter(strict) {
        let mut body = operation.example().unwrap_or_else(|| json!({}));
        let object = match &mut body {
            Value::Array(items) => &mut items[0],
            object => object,
        };
        object["no_such_member"] = json!(1);
        let is_batch = body.is_array();
        let answer = sent(&admin, operation, &operation.url_of_nothing(), Some(body)).send().await;
        // An item of a batch is refused alone, with its own pointers.
        let answer = if is_batch { answer.is(200) } else { answer.is_problem(422, "invalid") };
        let faults = if is_batch { &answer.json["items"][0]["errors"] } else { &answer.json["errors"] };
        let pointers: Vec<&Value> = faults.as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
        assert!(pointers.contains(&&json!("/no_such_member")), "{}: {pointers:?}", operation.name());
    }
}

#[tokio::test]
async fn path_ids_that_are_none_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for operation in operations().iter().filter(|operation| operation.url_of_nothing().contains("-7000-")) {
        let url = operation.url(|_| "not-an-id".to_owned());
        sent(&admin, operation, &url, operation.example()).send().await.is_problem(400, "malformed");
    }
}

#[tokio::test]
async fn bodies_that_are_none_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for operation in operations().iter().filter(|operation| operation.json_body().is_some()) {
        let url = operation.url_of_nothing();
        let call = |kind: &str, body: Vec<u8>| sent(&admin, operation, &url, None).bytes(kind, body).send();
        call("application/json", b"{\"a\":".to_vec()).await.is_problem(400, "malformed");
        call("application/json", b"\"\xff\"".to_vec()).await.is_problem(400, "malformed");
        call("application/json", deep.clone().into_bytes()).await.is_problem(400, "malformed");
        call("application/json", b"3".to_vec()).await.is_problem(422, "invalid");
        call("text/plain", b"{}".to_vec()).await.is_problem(415, "unsupported_media_type");
        call("application/json", vec![b' '; 17 << 20]).await.is_problem(413, "body_too_large");
    }
}

#[tokio::test]
async fn problems_have_one_shape_in_two_languages() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let shape = validator(&json!({ "$ref": "#/components/schemas/Problem" }));
    let ask = async |language: &str| -> Vec<Answer> {
        let by = |method: &str, path: &str| {
            admin.call(method.parse::<Method>().unwrap(), path).header("Accept-Language", language)
        };
        vec![
            by("GET", &format!("/v1/staff/{}", Uuid::nil())).send().await,
            by("GET", "/v1/staff?limit=0").send().await,
            by("DELETE", "/v1/staff").send().await,
            by("POST", "/v1/staff").json(json!({ "name": 3 })).send().await,
            by("PATCH", &format!("/v1/staff/{}", Uuid::nil())).json(json!({})).send().await,
            app.anonymous().get("/v1/me").header("Accept-Language", language).send().await,
        ]
    };
    let (english, chinese) = (ask("de, en;q=0.5, zh;q=0.3").await, ask("zh-CN,zh;q=0.9").await);
    assert_eq!(english.iter().map(|answer| answer.status).collect::<Vec<_>>(), [404, 400, 405, 422, 428, 401]);
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for (english, chinese) in english.iter().zip(&chinese) {
        for (answer, tag) in [(english, "en"), (chinese, "zh-CN")] {
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
            assert_eq!(answer.header("content-language"), Some(tag));
            assert!(shape.is_valid(&answer.json), "{}", answer.text());
            assert_eq!(answer.json["status"], answer.status);
            assert_eq!(answer.json["request_id"], answer.header("x-request-id").unwrap());
            assert_eq!(han(answer.text_of("title")), tag == "zh-CN");
            for fault in answer.json["errors"].as_array().into_iter().flatten() {
                let message = fault["message"].as_str().unwrap();
                assert!(han(message) == (tag == "zh-CN"), "{message}");
            }
        }
        assert_eq!(english.json["code"], chinese.json["code"]);
        assert!(
            english.asked.ends_with(english.text_of("instance").split('?').next().unwrap())
                || english.asked.contains('?')
        );
    }
}

#[tokio::test]
async fn answers_carry_the_headers_of_the_house() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for answer in [
        admin.get("/v1/me").header("X-Request-Id", "abc-123").send().await.is(200),
        admin.get("/v1/staff?limit=0").header("X-Request-Id", "abc-123").send().await.is(400),
        app.anonymous().get("/v1/me").header("X-Request-Id", "abc-123").send().await.is(401),
        admin.get("/v1/nothing").header("X-Request-Id", "abc-123").send().await.is(404),
    ] {
        assert_eq!(answer.header("x-request-id"), Some("abc-123"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("content-security-policy"), Some("frame-ancestors 'none'"));
        for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
            assert!(answer.header(name).is_some_and(|value| value.parse::<u32>().is_ok()), "{name}");
        }
    }
    // What could break a log line is not taken over.
    for bad in ["x".repeat(65), "a b".to_owned(), "\u{e9}".to_owned()] {
        let answer = admin.get("/v1/me").header("X-Request-Id", &bad).send().await.is(200);
        assert!(answer.header("x-request-id").unwrap().parse::<Uuid>().is_ok());
    }
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let app = TestApp::start().await;
    let served = app.anonymous().get("/openapi.json").send().await.is(200);
    assert!(served.json == *clientele::openapi::document());
    let page = app.anonymous().get("/docs/").send().await.is(200);
    assert!(page.text().contains("swagger-ui"), "{}", page.text());
    app.anonymous().get("/metrics").send().await.is(200);
}
