//! Composition root: state, middleware, and each slice mounted once.

use std::sync::Arc;

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, Condition, DefaultHeaders, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, get, web};
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::openapi;
use book::{accounts, balances, clients, trades};
use contact::interactions;
use desk::overview;
use firm::access::{self, Sessions, Tokens};
use firm::calendars;
use firm::jobs;
use insight::{churn, needs, scoring, tiers, value};
use intake::{imports, ingestion};
use platform::approvals;
use platform::bulk;
use platform::db::Db;
use platform::db::constraint;
use platform::http::limits::Limits;
use platform::http::parameters::{self, NothingUndeclared};
use platform::http::problem::Problem;
use platform::http::{NoContent, envelope};
use platform::kernel::error::{self, Code, Error};
use platform::kernel::principal::Caller;
use platform::metadata::{self, Catalogue};
use platform::policies;
use platform::slice::Slice;
use platform::worker::{self, JobKind, Runner, Schedule};

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
    /// Rates.
    pub limits: web::Data<Limits>,
    /// What `/metrics` shows.
    pub metrics: web::Data<Option<PrometheusHandle>>,
    /// Origins browsers may call from.
    pub cors_origins: Vec<String>,
    /// Whether browsers are told to come by https only.
    pub https_only: bool,
}

impl State {
    /// State around a database.
    pub fn new(db: Db, tokens: Tokens, limits: Limits, metrics: Option<PrometheusHandle>) -> Self {
        install();
        parameters::install(openapi::document());
        Self {
            db: web::Data::new(db),
            tokens: web::Data::from(Arc::new(tokens)),
            sessions: web::Data::new(Sessions::default()),
            catalogue: web::Data::new(Catalogue::new(SLICES)),
            limits: web::Data::new(limits),
            metrics: web::Data::new(metrics),
            cors_origins: Vec::new(),
            https_only: false,
        }
    }
}

/// Every slice, in the order of the document. One line a slice: operations, tags, problem codes, constraints, jobs and
/// seeds derive from it.
pub const SLICES: &[Slice] = &[
    access::SLICE,
    clients::SLICE,
    accounts::SLICE,
    interactions::SLICE,
    trades::SLICE,
    balances::SLICE,
    ingestion::SLICE,
    imports::SLICE,
    jobs::SLICE,
    calendars::SLICE,
    needs::SLICE,
    tiers::SLICE,
    value::SLICE,
    scoring::SLICE,
    churn::SLICE,
    overview::SLICE,
    metadata::SLICE,
    policies::SLICE,
    approvals::SLICE,
    bulk::SLICE,
];

/// Every operation of the API, slice by slice.
pub fn operations(config: &mut ServiceConfig) {
    for slice in SLICES {
        (slice.routes)(config);
    }
    config.service(live).service(ready);
}

/// Every code a problem can carry.
pub fn codes() -> impl Iterator<Item = &'static &'static Code> {
    error::CODES.iter().chain(SLICES.iter().flat_map(|slice| slice.codes))
}

/// Teaches the mechanisms what the slices register with them: what constraints mean, kinds of policies, approvals and
/// bulk changes.
pub fn install() {
    constraint::install(SLICES.iter().flat_map(|slice| slice.constraints).copied());
    policies::install(SLICES.iter().flat_map(|slice| slice.policies).copied());
    approvals::install(SLICES.iter().flat_map(|slice| slice.approvals).copied());
    bulk::install(SLICES.iter().flat_map(|slice| slice.bulk).copied());
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
    let (app, _) = App::new().into_utoipa_app().configure(operations).split_for_parts();
    let cors = cross_origin(&state.cors_origins);
    app.app_data(state.db)
        .app_data(state.tokens)
        .app_data(state.sessions)
        .app_data(state.catalogue)
        .app_data(state.limits)
        .app_data(state.metrics)
        .service(openapi_document)
        .service(show_metrics)
        .service(web::redirect("/", "/docs/"))
        .service(web::redirect("/docs", "/docs/"))
        .service(swagger_ui())
        .default_service(web::to(nothing_here))
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

/// Puts into a database what the slices must find in it: their default policies. Done at every start; what is there stays.
pub async fn seed(db: &Db) -> Result<(), Error> {
    install();
    let mut uow = db.begin(&Caller::system("setup", "setup")).await?;
    policies::seed(&mut uow).await?;
    for seed in SLICES.iter().filter_map(|slice| slice.seed) {
        seed(&mut uow).await?;
    }
    if let Some(calendars) = SLICES.iter().find_map(|slice| slice.calendars) {
        worker::schedules::register(&mut uow, &schedules(), calendars).await?;
    }
    uow.finish(()).await
}

/// What does which kind of job.
pub fn job_kinds() -> impl Iterator<Item = JobKind> {
    SLICES.iter().flat_map(|slice| slice.jobs).copied()
}

/// What is done again and again.
pub fn schedules() -> Vec<Schedule> {
    SLICES.iter().flat_map(|slice| slice.schedules).copied().collect()
}

/// Does the jobs of the slices, and fires their schedules.
pub fn runner(db: &Db) -> Runner {
    let runner = Runner::new(db, job_kinds());
    match SLICES.iter().find_map(|slice| slice.calendars) {
        Some(calendars) => runner.with_schedules(schedules(), calendars),
        None => runner,
    }
}

fn swagger_ui() -> utoipa_swagger_ui::SwaggerUi {
    let config = utoipa_swagger_ui::Config::from("/openapi.json")
        .persist_authorization(true)
        .try_it_out_enabled(true)
        .display_request_duration(true)
        .filter(true)
        .doc_expansion("none");
    utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}").config(config)
}

#[get("/openapi.json")]
async fn openapi_document() -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "max-age=60")).json(openapi::document())
}

#[get("/metrics")]
async fn show_metrics(handle: web::Data<Option<PrometheusHandle>>) -> HttpResponse {
    let text = handle.as_ref().as_ref().map(PrometheusHandle::render).unwrap_or_default();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}

/// Is the process alive?
#[utoipa::path(tag = "operations", responses((status = BAD_REQUEST, description = "The request cannot be read", body = Problem, content_type = "application/problem+json")))]
#[get("/health/live")]
async fn live(_: NothingUndeclared) -> Result<NoContent, Error> {
    Ok(NoContent)
}

/// Is it ready to serve?
///
/// Ready means that the database answers.
#[utoipa::path(tag = "operations", responses((status = BAD_REQUEST, description = "The request cannot be read", body = Problem, content_type = "application/problem+json")))]
#[get("/health/ready")]
async fn ready(_: NothingUndeclared, db: web::Data<Db>) -> Result<NoContent, Error> {
    db.ping().await.map_err(|_| Error::unavailable(1))?;
    Ok(NoContent)
}

/// 405 with `Allow` for a path the document knows, 404 otherwise.
async fn nothing_here(request: HttpRequest) -> Result<NoContent, Error> {
    match openapi::allowed_methods(request.path()) {
        Some(methods) => Err(Error::code(&error::METHOD_NOT_ALLOWED).with(|refusal| refusal.allow = Some(methods))),
        None => Err(Error::not_found()),
    }
}
