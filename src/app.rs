//! Composition root: state, middleware, and each slice mounted once.

use std::sync::Arc;

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, Condition, DefaultHeaders, from_fn};
use actix_web::{App, web};
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{openapi, operations};
use book::{accounts, balances, clients, trades};
use contact::interactions;
use desk::{figures, overview};
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
use platform::http::{envelope, parameters};
use platform::kernel::error::{self, Code, Error};
use platform::kernel::principal::Caller;
use platform::metadata::{self, Catalogue};
use platform::policies;
use platform::reports::{self, Reports};
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
    /// What can be counted.
    pub reports: web::Data<Reports>,
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
            reports: web::Data::new(Reports::from(SLICES)),
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
    figures::SLICE,
    metadata::SLICE,
    policies::SLICE,
    approvals::SLICE,
    bulk::SLICE,
    reports::SLICE,
];

/// Every operation of the API, slice by slice.
pub fn mount(config: &mut ServiceConfig) {
    for slice in SLICES {
        (slice.routes)(config);
    }
    config.service(operations::live).service(operations::ready);
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
    let (app, _) = App::new().into_utoipa_app().configure(mount).split_for_parts();
    let cors = cross_origin(&state.cors_origins);
    app.app_data(state.db)
        .app_data(state.tokens)
        .app_data(state.sessions)
        .app_data(state.catalogue)
        .app_data(state.reports)
        .app_data(state.limits)
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
