//! The server of one process: state, middleware, and every operation mounted once.

use std::sync::Arc;

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, Condition, DefaultHeaders, from_fn};
use actix_web::{App, web};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::{self, SLICES};
use crate::{openapi, operations};
use firm::access::{self, Sessions, Tokens};
use firm::audit;
use platform::db::Db;
use platform::http::limits::Limits;
use platform::http::reads::ReadLog;
use platform::http::{envelope, parameters};
use platform::metadata::Catalogue;
use platform::reports::Reports;

/// Everything a server shares between its workers.
#[derive(Clone)]
pub struct State {
    /// The database.
    pub db: web::Data<Db>,
    /// Signs and verifies access tokens.
    pub tokens: web::Data<Tokens>,
    /// Who is signed in, for a few seconds.
    pub sessions: web::Data<Sessions>,
    /// What the codes mean.
    pub catalogue: web::Data<Catalogue>,
    /// What can be counted.
    pub reports: web::Data<Reports>,
    /// Rates.
    pub limits: web::Data<Limits>,
    /// Who reads which client.
    pub reads: web::Data<ReadLog>,
    /// What `/metrics` shows.
    pub metrics: web::Data<Option<PrometheusHandle>>,
    /// Origins browsers may call from.
    pub cors_origins: Vec<String>,
    /// Whether browsers must come by https only.
    pub https_only: bool,
}

impl State {
    /// State around a database, and the task that writes who reads which client. Within a runtime.
    pub fn new(db: Db, tokens: Tokens, limits: Limits, metrics: Option<PrometheusHandle>) -> Self {
        app::install();
        parameters::install(openapi::document());
        let (reads, noted) = ReadLog::new(db.clock().clone());
        tokio::spawn(audit::keep_reads(db.clone(), noted));
        Self {
            db: web::Data::new(db),
            reads: web::Data::new(reads),
            tokens: web::Data::from(Arc::new(tokens)),
            sessions: web::Data::new(Sessions::default()),
            catalogue: web::Data::new(Catalogue::new(SLICES, openapi::document())),
            reports: web::Data::new(Reports::from(SLICES)),
            limits: web::Data::new(limits),
            metrics: web::Data::new(metrics),
            cors_origins: Vec::new(),
            https_only: false,
        }
    }
}

/// The application of one worker.
pub fn app(
    state: State,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    use utoipa_actix_web::AppExt;
    let (app, _) = App::new().into_utoipa_app().configure(app::mount).split_for_parts();
    let cors = cross_origin(&state.cors_origins);
    app.app_data(state.db)
        .app_data(state.tokens)
        .app_data(state.sessions)
        .app_data(state.catalogue)
        .app_data(state.reports)
        .app_data(state.limits)
        .app_data(state.reads)
        .app_data(state.metrics)
        .service(operations::openapi_document)
        .service(operations::show_metrics)
        .service(web::redirect("/", "/docs/"))
        .service(web::redirect("/docs", "/docs/"))
        .service(operations::swagger_ui())
        .default_service(web::to(operations::nothing_here))
        .wrap(from_fn(access::authenticate))
        .wrap(from_fn(envelope::envelope))
        .wrap(Condition::new(!state.cors_origins.is_empty(), cors))
        .wrap(Compress::default())
        .wrap(from_fn(envelope::any_coding))
        .wrap(Condition::new(state.https_only, DefaultHeaders::new().add(ONLY_BY_HTTPS)))
}

/// Browsers that came by https once stay with it for a year.
const ONLY_BY_HTTPS: (&str, &str) = ("Strict-Transport-Security", "max-age=31536000");

/// Exact origins only; tokens travel in a header, so no credentials of the browser's are needed.
fn cross_origin(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "Authorization",
            "Content-Type",
            "Accept-Language",
            "Idempotency-Key",
            "If-Match",
            "X-Request-Id",
        ])
        .expose_headers(["ETag", "Link", "Location", "Idempotency-Replayed", "Retry-After", "X-Request-Id"])
        .max_age(600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
