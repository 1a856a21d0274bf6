//! Around every request: an id, a span, limits by address; around every answer: headers and, for refusals, a problem.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, AcceptEncoding, Encoding, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage, HttpRequest, ResponseError, web};
use tracing::Instrument;
use uuid::Uuid;

use super::actor::{BodyHash, RequestId};
use super::allowance::Allowance;
use super::limits::Limits;
use super::problem::{self, Language, Pending};
use super::reads;
use crate::kernel::error::{self, Error};

/// The middleware that wraps all others.
pub async fn envelope(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, ActixError> {
    let started = Instant::now();
    let method = known_method(request.method());
    // What a GET answers, without the body: HTTP leaves that out by itself.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let id = request_id(request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(BodyHash::default());
    let span = tracing::info_span!("request", request_id = %id, trace_id = trace_id(request.headers()));
    // Routing needs the request to itself: no clone of it may be alive while the inner services run.
    let mut response = match allowance(&request) {
        Ok(()) => next.call(request).instrument(span.clone()).await?.map_into_boxed_body(),
        Err(refusal) => request.into_response(refusal.error_response()),
    };
    reads::note(&response).instrument(span.clone()).await;
    let _entered = span.enter();
    let request = response.request().clone();
    if response.status().is_client_error() || response.status().is_server_error() {
        response = as_problem(response, &request, &id);
    }
    add_headers(response.headers_mut(), &request, &id);
    note(method, &request, &response, started);
    Ok(response)
}

/// Around compression: a caller who accepts neither it nor a plain answer gets the plain one, instead of a 406 that is
/// no problem of ours (RFC 9110 §12.5.3 leaves that open).
pub async fn any_coding(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let ours = [Encoding::identity(), Encoding::gzip(), Encoding::deflate()];
    if request.get_header::<AcceptEncoding>().is_some_and(|accepted| accepted.negotiate(ours.iter()).is_none()) {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    next.call(request).await
}

/// The caller's id if it is one worth keeping, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let sent = headers.get("X-Request-Id").and_then(|value| value.to_str().ok());
    let good = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    #[expect(clippy::disallowed_methods, reason = "a request id is made at the edge, before any unit of work")]
    sent.filter(good).map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// W3C Trace Context: the second field of `traceparent`.
fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get("traceparent")?.to_str().ok()?.split('-').nth(1)?;
    (id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit())).then_some(id)
}

fn allowance(request: &ServiceRequest) -> Result<(), Error> {
    let (Some(limits), Some(peer)) = (request.app_data::<web::Data<Limits>>(), request.peer_addr()) else {
        return Ok(());
    };
    limits.address(peer.ip()).shown_on(request)
}

/// Puts the body into a refusal; an error that is not ours (actix's own) becomes the nearest of our codes.
fn as_problem(response: ServiceResponse<BoxBody>, request: &HttpRequest, id: &str) -> ServiceResponse<BoxBody> {
    let pending = response.response().extensions().get::<Pending>().cloned();
    let refusal = match pending {
        Some(Pending(refusal)) => refusal,
        None => problem::plain(match response.status().as_u16() {
            400 => &error::MALFORMED,
            404 => &error::NOT_FOUND,
            405 => &error::METHOD_NOT_ALLOWED,
            413 => &error::TOO_LARGE,
            415 => &error::UNSUPPORTED_MEDIA_TYPE,
            408 | 503 => &error::UNAVAILABLE,
            status if status < 500 => &error::MALFORMED,
            _ => &error::INTERNAL,
        }),
    };
    let language = Language::of_request(request);
    let body = serde_json::to_vec(&problem::body(&refusal, language, request.path(), id)).unwrap_or_default();
    let mut response = response.map_body(|_, _| BoxBody::new(body));
    *response.response_mut().status_mut() = problem::status(refusal.code.kind);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    response
}

fn add_headers(headers: &mut HeaderMap, request: &HttpRequest, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("frame-ancestors 'none'"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if request.path().starts_with("/v1/") {
        // Whatever does not say that it may be kept is personal.
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    }
    if let Some(Allowance { limit, remaining, reset_s }) = request.extensions().get::<Allowance>() {
        headers.insert(HeaderName::from_static("ratelimit-limit"), HeaderValue::from(*limit));
        headers.insert(HeaderName::from_static("ratelimit-remaining"), HeaderValue::from(*remaining));
        headers.insert(HeaderName::from_static("ratelimit-reset"), HeaderValue::from(*reset_s));
    }
}

/// Anybody can make up a method; measurements and log lines tell only those that mean something here apart.
fn known_method(method: &Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|known| method == known)
        .unwrap_or("other")
}

/// One log line and one measurement a request; the route's pattern, never the query, which may hold a name.
fn note(method: &'static str, request: &HttpRequest, response: &ServiceResponse<BoxBody>, started: Instant) {
    let elapsed = started.elapsed();
    let route = request.match_pattern().unwrap_or_else(|| "-".to_owned());
    let status = response.status().as_u16();
    let labels = [("method", method.to_owned()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels[..2]).record(elapsed.as_secs_f64());
    tracing::info!(method, route, status, micros = elapsed.as_micros(), "answered");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_methods_are_measured_as_one() {
        let of = |name: &str| known_method(&Method::from_bytes(name.as_bytes()).expect("a method"));
        assert_eq!(["GET", "HEAD", "PATCH"].map(of), ["GET", "HEAD", "PATCH"]);
        assert_eq!(["TRACE", "X1", "get"].map(of), ["other"; 3]);
    }
}
