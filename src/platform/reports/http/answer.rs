//! A report in the format that was asked for.

use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Deserialize;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::super::view::ReportView;
use crate::http::Json;

/// How a report is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportFormat)]
pub enum Format {
    /// `application/json`.
    Json,
    /// `text/csv`, safe to open in a spreadsheet.
    Csv,
    /// `image/svg+xml`: a picture.
    Svg,
}

/// A report in one of its formats.
pub enum ReportAnswer {
    /// As JSON.
    Json(ReportView),
    /// As CSV.
    Csv(Vec<u8>),
    /// As a picture.
    Svg(String),
}

impl Responder for ReportAnswer {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let sent = |kind: &'static str, body: Vec<u8>| {
            HttpResponse::Ok().content_type(kind).insert_header((header::VARY, "Accept")).body(body)
        };
        match self {
            Self::Json(view) => {
                let mut response = Json(view).respond_to(request);
                response.headers_mut().append(header::VARY, header::HeaderValue::from_static("Accept"));
                response
            }
            Self::Csv(text) => sent("text/csv; charset=utf-8", text),
            Self::Svg(picture) => sent("image/svg+xml", picture.into_bytes()),
        }
    }
}

impl IntoResponses for ReportAnswer {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let text = || ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build();
        let json = ContentBuilder::new().schema(Some(Ref::from_schema_name(ReportView::name()))).build();
        let response = ResponseBuilder::new()
            .description("Done")
            .content("application/json", json)
            .content("text/csv", text())
            .content("image/svg+xml", text());
        BTreeMap::from([("200".to_owned(), RefOr::T(response.build()))])
    }
}

/// The first of our formats that `Accept` names, in its order; JSON where it names none.
pub fn accepted(request: &HttpRequest) -> Format {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let named = |range: &str| match range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" | "*/*" => Some(Format::Json),
        "text/csv" => Some(Format::Csv),
        "image/svg+xml" => Some(Format::Svg),
        _ => None,
    };
    accept.split(',').find_map(named).unwrap_or(Format::Json)
}
