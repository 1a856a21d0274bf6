//! What belongs to no slice: the document and its pages, metrics, and the answer where nothing is.

use actix_web::{HttpRequest, HttpResponse, get, web};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::openapi;
use platform::http::NoContent;
use platform::kernel::error::{self, Error};

/// Swagger UI, offline, at `/docs`.
pub fn swagger_ui() -> utoipa_swagger_ui::SwaggerUi {
    let config = utoipa_swagger_ui::Config::from("/openapi.json")
        .persist_authorization(true)
        .try_it_out_enabled(true)
        .display_request_duration(true)
        .filter(true)
        .doc_expansion("none");
    utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}").config(config)
}

/// The document.
#[get("/openapi.json")]
pub async fn openapi_document() -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "max-age=60")).json(openapi::document())
}

/// For Prometheus.
#[get("/metrics")]
pub async fn show_metrics(handle: web::Data<Option<PrometheusHandle>>) -> HttpResponse {
    let text = handle.as_ref().as_ref().map(PrometheusHandle::render).unwrap_or_default();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}

/// 405 with `Allow` for a path the document knows, 404 otherwise.
pub async fn nothing_here(request: HttpRequest) -> Result<NoContent, Error> {
    match openapi::allowed_methods(request.path()) {
        Some(methods) => Err(Error::code(&error::METHOD_NOT_ALLOWED).with(|refusal| refusal.allow = Some(methods))),
        None => Err(Error::not_found()),
    }
}
