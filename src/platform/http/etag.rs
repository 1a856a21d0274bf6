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
}
