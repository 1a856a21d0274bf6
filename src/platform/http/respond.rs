//! What goes out. A handler's return type says status and shape; the document takes both from it.

use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use serde::Serialize;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::etag;
use super::extract::Json;
use crate::db::Answer;
use crate::kernel::error::{Error, KeptAnswer};

/// 200 with an `ETag` from the row's version.
pub struct Tagged<T> {
    /// The resource.
    pub body: T,
    /// Its row version.
    pub version: i64,
}

/// 201 with `Location`, and an `ETag` when the resource has a version.
pub struct Created<T> {
    /// The resource.
    pub body: T,
    /// Where it is.
    pub location: String,
    /// Its row version, if it has one.
    pub version: Option<i64>,
}

/// 201 when the PUT created the resource, 200 when it replaced it.
pub struct Put<T> {
    /// The resource.
    pub body: T,
    /// Whether it was not there before.
    pub created: bool,
    /// Where it is.
    pub location: String,
    /// Its row version.
    pub version: i64,
}

/// 202 with `Location` of what stands for it until it is done: a job, or a change that waits for a second person.
pub struct Accepted<T> {
    /// The job or change.
    pub body: T,
    /// Where to follow it.
    pub location: String,
}

/// 204.
pub struct NoContent;

/// What is sent for an answer.
pub fn response(answer: &KeptAnswer) -> HttpResponse {
    let mut builder = HttpResponseBuilder::new(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK));
    if let Some(location) = &answer.location {
        builder.insert_header((header::LOCATION, location.as_str()));
    }
    if let Some(etag) = &answer.etag {
        builder.insert_header((header::ETAG, etag.as_str()));
    }
    if answer.body.is_empty() {
        builder.finish()
    } else {
        builder.content_type("application/json").body(answer.body.clone())
    }
}

fn rendered(
    status: u16,
    location: Option<&str>,
    version: Option<i64>,
    body: &impl Serialize,
) -> Result<KeptAnswer, Error> {
    let body = serde_json::to_vec(body).map_err(Error::internal)?;
    Ok(KeptAnswer { status, location: location.map(str::to_owned), etag: version.map(etag::strong), body })
}

impl<T: Serialize> Answer for Json<T> {
    fn render(&self) -> Result<KeptAnswer, Error> {
        rendered(200, None, None, &self.0)
    }
}

impl<T: Serialize> Answer for Tagged<T> {
    fn render(&self) -> Result<KeptAnswer, Error> {
        rendered(200, None, Some(self.version), &self.body)
    }
}

impl<T: Serialize> Answer for Created<T> {
    fn render(&self) -> Result<KeptAnswer, Error> {
        rendered(201, Some(&self.location), self.version, &self.body)
    }
}

impl<T: Serialize> Answer for Put<T> {
    fn render(&self) -> Result<KeptAnswer, Error> {
        rendered(if self.created { 201 } else { 200 }, Some(&self.location), Some(self.version), &self.body)
    }
}

impl<T: Serialize> Answer for Accepted<T> {
    fn render(&self) -> Result<KeptAnswer, Error> {
        rendered(202, Some(&self.location), None, &self.body)
    }
}

impl Answer for NoContent {
    fn render(&self) -> Result<KeptAnswer, Error> {
        Ok(KeptAnswer { status: 204, location: None, etag: None, body: Vec::new() })
    }
}

macro_rules! responds {
    ($($name:ident <$param:ident>, $status:literal, $description:literal, [$($header:literal),*];)*) => {$(
        impl<$param: Serialize> Responder for $name<$param> {
            type Body = BoxBody;

            fn respond_to(self, _: &HttpRequest) -> HttpResponse {
                match self.render() {
                    Ok(answer) => response(&answer),
                    Err(error) => actix_web::ResponseError::error_response(&error),
                }
            }
        }

        impl<$param: ToSchema> IntoResponses for $name<$param> {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                BTreeMap::from([($status.to_owned(), RefOr::T(documented::<$param>($description, &[$($header),*])))])
            }
        }
    )*};
}

responds! {
    Json<T>, "200", "Done", [];
    Tagged<T>, "200", "Done; `ETag` names this version", ["ETag"];
    Created<T>, "201", "Created; `Location` is where it is", ["Location", "ETag"];
    Accepted<T>, "202", "Taken up; follow it at `Location`", ["Location"];
}

impl<T: Serialize> Responder for Put<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        match self.render() {
            Ok(answer) => response(&answer),
            Err(error) => actix_web::ResponseError::error_response(&error),
        }
    }
}

impl<T: ToSchema> IntoResponses for Put<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let headers = ["Location", "ETag"];
        BTreeMap::from([
            ("200".to_owned(), RefOr::T(documented::<T>("Replaced", &headers))),
            ("201".to_owned(), RefOr::T(documented::<T>("Created", &headers))),
        ])
    }
}

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl IntoResponses for NoContent {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("204".to_owned(), RefOr::T(ResponseBuilder::new().description("Done").build()))])
    }
}

/// A documented JSON answer with the headers it carries.
pub fn documented<T: ToSchema>(description: &str, headers: &[&str]) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(T::name()))).build();
    headers
        .iter()
        .fold(ResponseBuilder::new().description(description), |builder, name| builder.header(*name, text_header()))
        .content("application/json", content)
        .build()
}

/// A documented header of text.
pub fn text_header() -> Header {
    HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build()
}
