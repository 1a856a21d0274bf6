//! What every request meets first: rates, codings, methods, and bodies that do not come.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use actix_web::web;
use clientele::platform::http::limits::Limits;
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Answer, TestApp};

fn seconds(answer: &Answer, name: &str) -> u32 {
    answer.header(name).unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
}

#[tokio::test]
async fn a_refused_caller_is_told_of_their_own_allowance() {
    let app = TestApp::with(|state| state.limits = web::Data::new(Limits::new(NonZeroU32::new(3).unwrap()))).await;
    let admin = app.admin().await;
    let mut refused = None;
    for _ in 0..10 {
        let answer = admin.get("/v1/me").send().await;
        assert_eq!(seconds(&answer, "ratelimit-limit"), 3);
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("more than three at once").is_problem(429, "too_many_requests");
    assert_eq!(seconds(&refused, "ratelimit-remaining"), 0);
    assert_eq!(seconds(&refused, "ratelimit-reset"), seconds(&refused, "retry-after"));
    // Nobody in particular has the allowance of their address.
    assert_eq!(seconds(&app.anonymous().get("/health/live").send().await, "ratelimit-limit"), 12);
}

#[tokio::test]
async fn production_is_by_https_only() {
    let app = TestApp::with(|state| state.https_only = true).await;
    for path in ["/health/live", "/v1/me", "/no-such-thing", "/docs/"] {
        let answer = app.anonymous().get(path).send().await;
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"), "{path}");
    }
    let development = TestApp::start().await;
    assert_eq!(development.anonymous().get("/health/live").send().await.header("strict-transport-security"), None);
}

#[tokio::test]
async fn any_accepted_coding_is_answered() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for accepted in ["identity;q=0", "*;q=0", "br;q=1, *;q=0", "nonsense", "gzip;q=0", ""] {
        let answer = admin.get("/v1/me").header("Accept-Encoding", accepted).send().await.is(200);
        assert_eq!(answer.json["username"], "admin", "{accepted}");
        assert_eq!(answer.header("content-encoding"), None, "{accepted}");
        app.anonymous()
            .get("/v1/me")
            .header("Accept-Encoding", accepted)
            .send()
            .await
            .is_problem(401, "unauthenticated");
    }
    let packed = admin.get("/openapi.json").header("Accept-Encoding", "gzip").send().await.is(200);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
}

#[tokio::test]
async fn head_is_answered_as_get_without_the_body() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for path in ["/v1/me", "/v1/staff", "/v1/clients?limit=1", "/health/ready", "/openapi.json", "/metrics", "/docs/"] {
        let (get, head) = (admin.get(path).send().await, admin.call(Method::HEAD, path).send().await);
        assert_eq!((head.status, head.header("content-type")), (get.status, get.header("content-type")), "{path}");
        assert_eq!(head.header("etag"), get.header("etag"));
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.header("x-request-id").is_some(), get.header("x-request-id").is_some());
    }
    let refused = admin.call(Method::HEAD, "/v1/auth/token").send().await.is(405);
    assert_eq!(refused.header("allow"), Some("POST"));
    app.anonymous().call(Method::HEAD, "/v1/me").send().await.is(401);
    admin.call(Method::HEAD, "/v1/nothing").send().await.is(404);
}

#[tokio::test]
async fn an_empty_segment_is_no_id() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for path in ["/v1/clients/", "/v1/staff/", "/v1/clients//tier"] {
        let answer = admin.get(path).send().await.is_problem(404, "not_found");
        assert_eq!(answer.header("allow"), None);
    }
}

#[tokio::test]
async fn operations_for_anybody_take_no_undeclared_parameters_either() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for path in ["/health/live", "/health/ready"] {
        let answer = nobody.get(&format!("{path}?no_such=1")).send().await.is_problem(400, "malformed");
        assert_eq!(answer.pointers(), ["?no_such"]);
    }
    let form = [("token", "x")];
    for path in ["/v1/auth/token", "/v1/auth/revoke"] {
        let answer = nobody.post(&format!("{path}?no_such=1")).form(&form).send().await.is_problem(400, "malformed");
        assert_eq!(answer.pointers(), ["?no_such"]);
    }
}

#[tokio::test]
async fn a_body_that_stops_coming_is_not_waited_for() {
    let app = TestApp::start().await;
    let mut connection = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
    let half =
        "POST /v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"gr";
    connection.write_all(half.as_bytes()).await.unwrap();
    let began = Instant::now();
    let mut answer = String::new();
    // To the end: the connection is let go as well.
    let read = tokio::time::timeout(Duration::from_secs(20), connection.read_to_string(&mut answer)).await;
    assert!(read.is_ok(), "still open after {:?}: {answer}", began.elapsed());
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.contains("did not arrive in time"), "{answer}");
}
