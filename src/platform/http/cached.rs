//! Answers that are the same for everybody: the caller may keep them, and asks whether they are still good.

use std::collections::BTreeMap;
use std::fmt::Write;

use actix_web::body::BoxBody;
use actix_web::http::header::{self, EntityTag, Header, IfNoneMatch as Tags};
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Required, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use super::respond;
use crate::kernel::error::Error;

/// 200 with an `ETag` of the body; 304 when the caller has it already. Never for personal data.
pub struct Cached<T>(pub T);

/// Kept for a minute by the caller alone, asked about afterwards.
const KEPT: &str = "private, max-age=60";

impl<T: Serialize> Responder for Cached<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let body = match serde_json::to_vec(&self.0) {
            Ok(body) => body,
            Err(fault) => return Error::internal(fault).error_response(),
        };
        let tag = EntityTag::new_strong(digest(&body));
        let known = match Tags::parse(request) {
            Ok(Tags::Any) => true,
            Ok(Tags::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
            Err(_) => false,
        };
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((header::ETAG, tag.to_string())).insert_header((header::CACHE_CONTROL, KEPT));
        if known { response.finish() } else { response.content_type("application/json").body(body) }
    }
}

fn digest(body: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body);
    digest.as_ref().iter().take(16).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl<T: ToSchema> IntoResponses for Cached<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let unchanged = ResponseBuilder::new()
            .description("Still the one the caller named in `If-None-Match`")
            .header("ETag", respond::text_header())
            .build();
        BTreeMap::from([
            ("200".to_owned(), RefOr::T(respond::documented::<T>("Done; `ETag` names this content", &["ETag"]))),
            ("304".to_owned(), RefOr::T(unchanged)),
        ])
    }
}

/// The header of a caller who has an answer already, for the document; [`Cached`] reads it.
pub struct IfNoneMatch;

impl IntoParams for IfNoneMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = ParameterBuilder::new()
            .name("If-None-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("The ETag of the answer the caller has"))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
        vec![parameter.build()]
    }
}
