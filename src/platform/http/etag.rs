//! Lost updates: strong ETags from row versions, `If-Match` on what changes.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::kernel::error::{self, Error};
use crate::kernel::lock::Lock;

/// The strong ETag of a row version.
pub fn strong(version: i64) -> String {
    format!("\"{version}\"")
}

/// A [`Lock`] of a caller who must send `If-Match`: 428 without it.
#[derive(Clone, Debug)]
pub struct RequiredLock(pub Lock);

impl FromRequest for Lock {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // What is no text is no tag of ours.
        let sent = request.headers().get_all(header::IF_MATCH).map(|value| value.to_str().unwrap_or_default());
        ready(Ok(Self::from_header(sent)))
    }
}

impl FromRequest for RequiredLock {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if request.headers().contains_key(header::IF_MATCH) {
            return ready(Lock::from_request(request, payload).into_inner().map(Self));
        }
        ready(Err(Error::code(&error::VERSION_REQUIRED)))
    }
}

/// The version a change is based on, if the caller named one.
#[derive(Clone, Copy, Debug)]
pub struct IfMatch(pub Option<i64>);

/// As [`IfMatch`], but without the header the answer is 428. `*` is a caller who says that any version will do.
#[derive(Clone, Copy, Debug)]
pub struct RequiredIfMatch(pub Option<i64>);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.headers().get(header::IF_MATCH) {
            Some(tag) => named(tag).map(Self),
            None => Ok(Self(None)),
        })
    }
}

impl FromRequest for RequiredIfMatch {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.headers().get(header::IF_MATCH) {
            Some(tag) => named(tag).map(Self),
            None => Err(Error::code(&error::VERSION_REQUIRED)),
        })
    }
}

/// `*` matches any version; what is not one of our strong tags matches none.
fn named(tag: &header::HeaderValue) -> Result<Option<i64>, Error> {
    let tag = tag.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return Ok(None);
    }
    let version = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|inner| inner.parse().ok());
    version.map(Some).ok_or_else(|| Error::code(&error::VERSION_MISMATCH))
}

macro_rules! documents {
    ($($name:ident, $required:ident;)*) => {$(
        impl IntoParams for $name {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                vec![ParameterBuilder::new()
                    .name("If-Match")
                    .parameter_in(ParameterIn::Header)
                    .required(Required::$required)
                    .description(Some("The ETag of the version the change is based on, a list of such, or `*`"))
                    .schema(Some(ObjectBuilder::new().schema_type(Type::String).examples([serde_json::json!("\"1\"")])))
                    .build()]
            }
        }
    )*};
}

documents! {
    Lock, False;
    RequiredLock, True;
    IfMatch, False;
    RequiredIfMatch, True;
}
