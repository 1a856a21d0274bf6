//! Composition root: the slices, and all that derives from them.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::health;
use book::{accounts, balances, clients, trades};
use contact::interactions;
use desk::{figures, overview};
use firm::access;
use firm::audit;
use firm::calendars;
use firm::jobs;
use insight::{churn, decisions, needs, scoring, tiers, value};
use intake::{imports, ingestion};
use platform::approvals;
use platform::bulk;
use platform::db::Db;
use platform::db::constraint;
use platform::kernel::error::{self, Code, Error};
use platform::kernel::event::EventInfo;
use platform::kernel::principal::Caller;
use platform::metadata;
use platform::policies;
use platform::reports;
use platform::slice::Slice;
use platform::worker::{self, JobKind, Runner, Schedule};

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
    audit::SLICE,
    needs::SLICE,
    tiers::SLICE,
    value::SLICE,
    scoring::SLICE,
    churn::SLICE,
    decisions::SLICE,
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
    config.service(health::live).service(health::ready);
}

/// Every code a problem can carry.
pub fn codes() -> impl Iterator<Item = &'static &'static Code> {
    error::CODES.iter().chain(SLICES.iter().flat_map(|slice| slice.codes))
}

/// Teaches the mechanisms what the slices register with them: what constraints mean, kinds of jobs, policies, approvals
/// and bulk changes.
pub fn install() {
    constraint::install(SLICES.iter().flat_map(|slice| slice.constraints).copied());
    worker::install(job_kinds());
    policies::install(SLICES.iter().flat_map(|slice| slice.policies).copied());
    approvals::install(SLICES.iter().flat_map(|slice| slice.approvals).copied());
    platform::decisions::install(SLICES.iter().flat_map(|slice| slice.decisions).copied());
    bulk::install(SLICES.iter().flat_map(|slice| slice.bulk).copied());
}

/// Puts into a database what the slices must find in it: their default policies. Done at every start; what is there
/// stays.
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

/// Every kind of event there is.
pub fn events() -> impl Iterator<Item = &'static EventInfo> {
    SLICES.iter().flat_map(|slice| slice.events).copied().flatten()
}

/// What is done again and again.
pub fn schedules() -> Vec<Schedule> {
    SLICES.iter().flat_map(|slice| slice.schedules).copied().collect()
}

/// Does the jobs of the slices, and fires their schedules.
pub fn runner(db: &Db) -> Runner {
    let subscribers = SLICES.iter().flat_map(|slice| slice.subscribers).copied();
    let runner = Runner::new(db, job_kinds()).with_subscribers(subscribers);
    match SLICES.iter().find_map(|slice| slice.calendars) {
        Some(calendars) => runner.with_schedules(schedules(), calendars),
        None => runner,
    }
}
