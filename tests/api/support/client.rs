//! A caller, what it sends, and what comes back.

use clientele::platform::kernel::ids::{SessionId, StaffId};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::app::TestApp;
use super::document;

/// Somebody who calls the API.
#[derive(Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) url: String,
    /// The access token, if anybody is signed in.
    pub token: Option<String>,
    /// Who they are, where the test made them.
    pub staff_id: Option<StaffId>,
}

impl Client {
    pub(super) fn new(app: &TestApp, token: Option<String>) -> Self {
        Self { http: app.http.clone(), url: app.url.clone(), token, staff_id: None }
    }

    /// The same caller with another token.
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The same caller at another of this machine's addresses, such as 127.0.0.2.
    pub fn at(&self, address: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().local_address(Some(address.parse().unwrap()));
        Self { http: http.build().unwrap(), ..self.clone() }
    }

    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    pub fn patch(&self, path: &str) -> Call {
        self.call(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    pub fn put(&self, path: &str) -> Call {
        self.call(Method::PUT, path)
    }

    /// Any method.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let request = self.http.request(method, format!("{}{path}", self.url));
        Call(match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
    }
}

/// A request being put together.
#[must_use = "send it"]
pub struct Call(RequestBuilder);

impl Call {
    pub fn json(self, body: Value) -> Self {
        Self(self.0.json(&body))
    }

    /// An HTML form, as OAuth clients send it.
    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        let body: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let body = body.join("&");
        self.bytes("application/x-www-form-urlencoded", body)
    }

    pub fn bytes(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header("Content-Type", content_type).body(body))
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, HeaderValue::from_bytes(value.as_bytes()).unwrap()))
    }

    /// `Idempotency-Key`
    pub fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// `If-Match`
    pub fn if_match(self, etag: &str) -> Self {
        self.header("If-Match", etag)
    }

    /// Sends it. Whatever comes back must be what the document promises.
    pub async fn send(self) -> Answer {
        let (client, request) = self.0.build_split();
        let request = request.unwrap();
        let asked = format!("{} {}", request.method(), request.url());
        let response = client.execute(request).await.unwrap_or_else(|error| panic!("{asked}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{asked}: {error:?}")).to_vec();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let answer = Answer { asked, status, headers, json, body };
        if let Some(broken) = document::broken_promise(&answer) {
            panic!("{broken}\n{} answered {status} {}", answer.asked, answer.text());
        }
        answer
    }
}

/// A text as a form and a URL carry it.
pub fn encoded(text: &str) -> String {
    let encode = |byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// The session a token names.
pub fn session_of(token: &str) -> SessionId {
    use base64::Engine;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    SessionId(claims["sid"].as_str().unwrap().parse().unwrap())
}

/// What came back, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Method and URL.
    pub asked: String,
    pub status: u16,
    pub headers: HeaderMap,
    /// The body as JSON; null if it is none.
    pub json: Value,
    pub body: Vec<u8>,
}

impl Answer {
    /// Stops the test unless this is the status; says what came instead.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}", self.asked, self.text());
        self
    }

    /// Stops the test unless this is a problem with that status and code.
    #[track_caller]
    #[expect(clippy::wrong_self_convention, reason = "it is a step in a chain that ends where it is not so")]
    pub fn is_problem(self, status: u16, code: &str) -> Self {
        let answer = self.is(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text());
        assert_eq!(answer.json["code"], code, "{} answered {}", answer.asked, answer.text());
        answer
    }

    /// The pointers of a problem's faults.
    pub fn pointers(&self) -> Vec<&str> {
        let faults = self.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        faults.iter().filter_map(|fault| fault["pointer"].as_str()).collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn etag(&self) -> &str {
        self.header("etag").expect("an ETag")
    }

    /// A member as text.
    #[track_caller]
    pub fn text_of(&self, member: &str) -> &str {
        self.json[member].as_str().unwrap_or_else(|| panic!("no text {member} in {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
