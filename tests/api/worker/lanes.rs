//! Several workers: a long job delays no clock, and a job called off has no effect.

use std::sync::Arc;
use std::time::Duration;

use clientele::platform::kernel::principal::Caller;
use clientele::platform::slice::Boxed;
use clientele::platform::worker::{self, JobContext, JobKind, JobResult, NewJob, Runner};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};

use crate::support::TestApp;

/// Longer than any machine needs; reached only when the promise is broken.
const GIVE_UP: Duration = Duration::from_secs(60);

async fn enqueued(app: &TestApp, new: NewJob) -> clientele::platform::kernel::ids::JobId {
    let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    let id = worker::enqueue(&mut uow, new).await.unwrap();
    uow.finish(()).await.unwrap();
    id
}

/// A runner of kinds that no slice has.
fn runner<const N: usize>(app: &TestApp, kinds: [JobKind; N]) -> Runner {
    worker::install(kinds);
    Runner::new(&app.db, kinds)
}

#[tokio::test]
async fn a_job_that_nobody_does_is_not_taken_on() {
    let app = TestApp::start().await;
    let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    let refused = worker::enqueue(&mut uow, NewJob::of("test_unheard_of", json!({}))).await.unwrap_err();
    assert!(refused.to_string().contains("no slice does jobs of the kind test_unheard_of"), "{refused}");
}

#[tokio::test]
async fn a_long_job_runs_while_a_short_one_fires() {
    static STARTED: Semaphore = Semaphore::const_new(0);
    static MAY_END: Semaphore = Semaphore::const_new(0);
    static FIRED: Semaphore = Semaphore::const_new(0);

    fn long(_: JobContext) -> Boxed<'static, JobResult> {
        Box::pin(async {
            STARTED.add_permits(1);
            MAY_END.acquire().await.unwrap().forget();
            Ok(json!({}))
        })
    }

    fn short(_: JobContext) -> Boxed<'static, JobResult> {
        Box::pin(async {
            FIRED.add_permits(1);
            Ok(json!({}))
        })
    }

    let app = TestApp::start().await;
    let runner = runner(&app, [JobKind::long("test_long", long), JobKind::short("test_short", short)]);
    let stop = Arc::new(Notify::new());
    let running = tokio::spawn(runner.clone().run(stop.clone()));
    // More of them than there are workers.
    for number in 0..8 {
        enqueued(&app, NewJob::of("test_long", json!({ "number": number }))).await;
    }
    runner.wake();
    drop(tokio::time::timeout(GIVE_UP, STARTED.acquire()).await.expect("a long job starts").unwrap());
    for number in 0..20 {
        enqueued(&app, NewJob::of("test_short", json!({ "number": number }))).await;
    }
    runner.wake();
    let fired = tokio::time::timeout(GIVE_UP, FIRED.acquire_many(20)).await;
    drop(fired.expect("short jobs wait for no long one").unwrap());
    let count = "SELECT count(*) FILTER (WHERE state = 'running'), count(*) FILTER (WHERE state = 'succeeded') FROM job
                 WHERE kind = 'test_long'";
    let (under_way, ended): (i64, i64) = sqlx::query_as(count).fetch_one(&mut app.connect().await).await.unwrap();
    assert_eq!((under_way, ended), (1, 0), "long ones go one after the other");
    MAY_END.add_permits(8);
    stop.notify_one();
    tokio::time::timeout(GIVE_UP, running).await.expect("it stops after the job under way").unwrap();
}

#[tokio::test]
async fn what_a_job_did_is_undone_with_the_job() {
    static STARTED: Semaphore = Semaphore::const_new(0);
    static MAY_END: Semaphore = Semaphore::const_new(0);

    fn effect(context: JobContext) -> Boxed<'static, JobResult> {
        Box::pin(async move {
            let mut uow = context.begin().await?;
            sqlx::query("INSERT INTO setting (key, value, created_at) VALUES ('effect', 'done', now())")
                .execute(uow.conn())
                .await?;
            STARTED.add_permits(1);
            MAY_END.acquire().await.unwrap().forget();
            context.complete(uow, json!({ "effect": true })).await
        })
    }

    let app = TestApp::start().await;
    let runner = runner(&app, [JobKind::short("test_effect", effect)]);
    let id = enqueued(&app, NewJob::of("test_effect", json!({}))).await;
    let work = tokio::spawn({
        let runner = runner.clone();
        async move { runner.run_next(None).await }
    });
    drop(tokio::time::timeout(GIVE_UP, STARTED.acquire()).await.expect("it starts").unwrap());
    let path = format!("/v1/jobs/{id}");
    let called_off = app.admin().await.post(&format!("{path}/cancel")).send().await.is(200);
    assert_eq!(called_off.json["state"], "cancelled");
    MAY_END.add_permits(1);
    work.await.unwrap().unwrap();
    let found = app.admin().await.get(&path).send().await.is(200).json;
    assert_eq!((&found["state"], &found["result"]), (&json!("cancelled"), &Value::Null));
    let effects = "SELECT count(*) FROM setting WHERE key = 'effect'";
    let effects: i64 = sqlx::query_scalar(effects).fetch_one(&mut app.connect().await).await.unwrap();
    assert_eq!(effects, 0);

    // Tried again, the effect and the end are there together.
    app.admin().await.post(&format!("{path}/retry")).send().await.is(200);
    MAY_END.add_permits(1);
    runner.run_next(None).await.unwrap();
    let found = app.admin().await.get(&path).send().await.is(200).json;
    assert_eq!((&found["state"], &found["result"]["effect"]), (&json!("succeeded"), &json!(true)));
}

/// Of one kind and key there is one open job; whoever asks again gets that one.
#[tokio::test]
async fn a_timer_is_there_once_while_it_is_open() {
    fn nothing(_: JobContext) -> Boxed<'static, JobResult> {
        Box::pin(async { Ok(json!({})) })
    }

    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    let runner = runner(&app, [JobKind::short("test_timer", nothing)]);
    let due = app.clock.now() + chrono::Duration::days(2);
    let timer = || NewJob::of("test_timer", json!({})).key("contract 7").at(due);
    let first = enqueued(&app, timer()).await;
    assert_eq!(enqueued(&app, timer()).await, first);
    assert_ne!(enqueued(&app, timer().key("contract 8")).await, first);
    assert_eq!(runner.run_next(None).await.unwrap(), None, "not before its time");
    app.clock.set(due);
    let done = [runner.run_next(None).await.unwrap(), runner.run_next(None).await.unwrap()];
    assert!(done.contains(&Some(first)) && runner.run_next(None).await.unwrap().is_none());
    let next = enqueued(&app, timer()).await;
    assert_ne!(next, first, "it is over, and may come again");

    let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    assert!(worker::call_off(&mut uow, "test_timer", "contract 7").await.unwrap());
    assert!(!worker::call_off(&mut uow, "test_timer", "contract 7").await.unwrap());
    uow.finish_unrecorded("a test", ()).await.unwrap();
    assert_eq!(runner.run_next(None).await.unwrap(), None);
    let urgent = enqueued(&app, timer().key("last").priority(-1)).await;
    let ordinary = enqueued(&app, timer().key("first")).await;
    assert_eq!(runner.run_next(None).await.unwrap(), Some(ordinary));
    assert_eq!(runner.run_next(None).await.unwrap(), Some(urgent));
}
