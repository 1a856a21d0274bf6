//! RFC 9457 problems: the one place where a refusal becomes an answer.

use std::collections::BTreeMap;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::respond;
use crate::kernel::decision::Text;
use crate::kernel::error::{self, Error, Kind, Refusal};

/// The language an answer is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// The first language of `Accept-Language` that we speak, by weight; English otherwise.
    pub fn accepted(header: Option<&str>) -> Self {
        let mut choices: Vec<(f32, Self)> = header.unwrap_or_default().split(',').filter_map(Self::choice).collect();
        choices.sort_by(|a, b| b.0.total_cmp(&a.0));
        choices.first().map_or(Self::En, |(_, language)| *language)
    }

    fn choice(part: &str) -> Option<(f32, Self)> {
        let mut pieces = part.trim().split(';');
        let tag = pieces.next()?.to_ascii_lowercase();
        let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        match tag.split('-').next()? {
            "zh" => Some((weight, Self::Zh)),
            "en" => Some((weight, Self::En)),
            _ => None,
        }
    }

    /// The wording in this language.
    pub fn of(self, text: &Text) -> &str {
        match self {
            Self::En => &text.en,
            Self::Zh => &text.zh,
        }
    }

    /// The language a request asks to be answered in.
    pub fn of_request(request: &HttpRequest) -> Self {
        Self::accepted(request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
    }

    /// As in `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

impl FromRequest for Language {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self::of_request(request)))
    }
}

/// A problem (RFC 9457) with a stable code and each fault's place. (c1)
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the meaning is in `code`.
    #[schema(example = "about:blank")]
    pub r#type: &'static str,
    /// What it is, in the caller's language.
    #[schema(example = "Some values are not as they must be")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What to do about it, where the title does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The path asked for.
    #[schema(example = "/v1/clients")]
    pub instance: String,
    /// Stable code for programs.
    #[schema(example = "invalid")]
    pub code: String,
    /// The same as the `X-Request-Id` header.
    pub request_id: String,
    /// Each fault of the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<ProblemFault>,
    /// RFC 6749's error code, on the token endpoint only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
}

/// One fault of the input. (c1)
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemFault {
    /// JSON pointer into the body; `?name` for a query parameter, `{name}` for a path segment.
    #[schema(example = "/client_no")]
    pub pointer: String,
    /// Stable code for programs.
    #[schema(example = "required")]
    pub code: String,
    /// In the caller's language.
    #[schema(example = "This member is required")]
    pub message: String,
}

/// What the envelope needs to write the body; it knows language and request id.
#[derive(Clone)]
pub struct Pending(pub Refusal);

/// The HTTP status of a kind of refusal.
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => status(refusal.code.kind),
            Self::Answered(kept) => StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK),
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Answered(kept) => {
                let mut response = respond::response(kept);
                response.headers_mut().insert(
                    header::HeaderName::from_static("idempotency-replayed"),
                    header::HeaderValue::from_static("true"),
                );
                response
            }
            Self::Refused(refusal) => pending(self.status_code(), (**refusal).clone()),
            Self::Internal(source) => {
                tracing::error!(error = %source, "internal error");
                pending(self.status_code(), plain(&error::INTERNAL))
            }
        }
    }
}

/// A refusal with nothing but its code.
pub fn plain(code: &'static error::Code) -> Refusal {
    Refusal { code, detail: None, faults: Vec::new(), retry_after_s: None, allow: None }
}

fn pending(status: StatusCode, refusal: Refusal) -> HttpResponse {
    let mut builder = HttpResponseBuilder::new(status);
    if let Some(seconds) = refusal.retry_after_s {
        builder.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some(allow) = &refusal.allow {
        builder.insert_header((header::ALLOW, allow.as_str()));
    }
    if status == StatusCode::UNAUTHORIZED {
        builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    let mut response = builder.finish();
    response.extensions_mut().insert(Pending(refusal));
    response
}

/// The body of a problem.
pub fn body(refusal: &Refusal, language: Language, instance: &str, request_id: &str) -> Problem {
    let code = refusal.code;
    Problem {
        r#type: "about:blank",
        title: match language {
            Language::En => code.en.to_owned(),
            Language::Zh => code.zh.to_owned(),
        },
        status: status(code.kind).as_u16(),
        detail: refusal.detail.as_ref().map(|detail| language.of(detail).to_owned()),
        instance: instance.to_owned(),
        code: code.code.to_owned(),
        request_id: request_id.to_owned(),
        errors: refusal
            .faults
            .iter()
            .map(|fault| ProblemFault {
                pointer: fault.pointer.clone(),
                code: fault.code.to_owned(),
                message: language.of(&fault.message).to_owned(),
            })
            .collect(),
        error: oauth_error(instance, code),
    }
}

/// RFC 6749 §5.2: what an OAuth client library looks for.
fn oauth_error(instance: &str, code: &error::Code) -> Option<&'static str> {
    (instance == "/v1/auth/token").then_some(match code.kind {
        _ if code.code == "unsupported_grant_type" => "unsupported_grant_type",
        Kind::Unauthenticated => "invalid_grant",
        Kind::Unavailable | Kind::TooMany => "temporarily_unavailable",
        Kind::Internal => "server_error",
        _ => "invalid_request",
    })
}

/// In the document every operation may answer a problem; which statuses, the document works out from its shape.
impl IntoResponses for Error {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("default".to_owned(), RefOr::T(problem_response("Something went wrong")))])
    }
}

/// A documented problem.
pub fn problem_response(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}
