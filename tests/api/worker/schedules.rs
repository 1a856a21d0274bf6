//! Schedules: registered once, fired once, moved by operators.

use std::sync::atomic::{AtomicI64, Ordering};

use clientele::app;
use clientele::firm::calendars;
use clientele::platform::kernel::calendar::{Every, Recurrence, TimeOfDay};
use clientele::platform::kernel::principal::Caller;
use clientele::platform::slice::Boxed;
use clientele::platform::worker::{self, JobContext, JobKind, JobResult, NewJob, Runner, Schedule};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::TestApp;

const MORNING: Schedule = Schedule {
    code: "test_morning",
    en: "Morning",
    zh: "早间",
    job: || NewJob::of("test_scheduled", json!({})),
    when: Recurrence::on(Every::WorkingDay, TimeOfDay::minutes(540)),
    enabled: true,
};

async fn register(app: &TestApp, schedule: Schedule) {
    let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    worker::schedules::register(&mut uow, &[schedule], calendars::SOURCE).await.unwrap();
    uow.finish_unrecorded("registering is not recorded", ()).await.unwrap();
}

#[tokio::test]
async fn a_schedule_fires_once_at_its_time_on_days_of_its_calendar() {
    static RAN: AtomicI64 = AtomicI64::new(0);

    fn count(_: JobContext) -> Boxed<'static, JobResult> {
        Box::pin(async { Ok(json!(RAN.fetch_add(1, Ordering::Relaxed))) })
    }

    // Wednesday before the National Day holiday, after nine.
    let app = TestApp::at("2026-09-30T02:00:00Z").await;
    register(&app, MORNING).await;
    let kinds = [JobKind::short("test_scheduled", count)];
    worker::install(kinds);
    let runner = Runner::new(&app.db, kinds);
    let runner = runner.with_schedules([MORNING], calendars::SOURCE);
    let next = async || {
        let mut read = app.db.read(&Caller::system("test", "test")).await.unwrap();
        worker::schedules::find(read.conn(), MORNING.code).await.unwrap().unwrap().next_run_at.to_rfc3339()
    };
    let everybody_fires = async || -> usize {
        let fired = join_all((0..8).map(|_| runner.fire_schedules())).await;
        fired.into_iter().map(Result::unwrap).sum()
    };
    let open = async || -> i64 {
        let open = "SELECT count(*) FROM job WHERE kind = 'test_scheduled' AND state = 'queued'";
        sqlx::query_scalar(open).fetch_one(&mut app.connect().await).await.unwrap()
    };
    assert_eq!(next().await, "2026-10-08T01:00:00+00:00", "over the holiday");
    assert_eq!(everybody_fires().await, 0);
    app.clock.set("2026-10-08T01:00:00Z".parse().unwrap());
    assert_eq!((everybody_fires().await, open().await), (1, 1));
    assert_eq!(next().await, "2026-10-09T01:00:00+00:00");

    // Days on which nobody worked are made up for once, and a job that still waits is not doubled.
    app.clock.set("2026-10-20T02:00:00Z".parse().unwrap());
    assert_eq!((everybody_fires().await, open().await), (1, 1));
    assert_eq!(next().await, "2026-10-21T01:00:00+00:00");
    runner.run_next(None).await.unwrap();
    app.clock.set("2026-10-01T00:00:00Z".parse().unwrap());
    assert_eq!((everybody_fires().await, open().await), (0, 0), "a clock set back fires nothing twice");
    app.clock.set("2026-10-21T01:00:00Z".parse().unwrap());
    assert_eq!((everybody_fires().await, open().await), (1, 1));
    runner.run_next(None).await.unwrap();
    assert_eq!(RAN.load(Ordering::Relaxed), 2);

    // Registered again, as at every start, it stays as it is.
    register(&app, Schedule { enabled: false, ..MORNING }).await;
    assert_eq!(next().await, "2026-10-22T01:00:00+00:00");
}

#[tokio::test]
async fn operators_see_schedules_and_move_them() {
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    let admin = app.admin().await;
    let listed = admin.get("/v1/schedules").send().await.is(200).json;
    let codes: Vec<&str> =
        listed["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect();
    let registered: std::collections::BTreeSet<&str> = app::schedules().iter().map(|schedule| schedule.code).collect();
    assert_eq!(codes, registered.into_iter().collect::<Vec<_>>());
    assert!(codes.contains(&"nightly_scoring") && codes.contains(&"purge"));

    let path = "/v1/schedules/purge";
    let found = admin.get(path).send().await.is(200);
    assert_eq!((&found.json["every"], &found.json["time_of_day"]), (&json!("day"), &json!("03:10")));
    let change = |body: Value| admin.patch(path).json(body);
    change(json!({ "enabled": false })).send().await.is_problem(428, "version_required");
    let moved = change(json!({ "time_of_day": "11:30" })).if_match("\"1\"").send().await.is(200);
    assert_eq!(moved.json["next_run_at"], "2026-03-02T03:30:00Z", "half past eleven in Shanghai, today");
    assert_eq!(moved.header("etag"), Some("\"2\""));
    change(json!({ "enabled": false })).if_match("\"1\"").send().await.is_problem(412, "version_mismatch");
    let same = change(json!({ "time_of_day": "11:30" })).if_match("\"2\"").send().await.is(200);
    assert_eq!(same.header("etag"), Some("\"2\""), "nothing changed, nothing written");
    change(json!({ "time_of_day": "24:00" })).if_match("\"2\"").send().await.is_problem(422, "invalid");

    app.clock.set("2026-03-02T03:30:00Z".parse().unwrap());
    let runner = app::runner(&app.db);
    assert_eq!(runner.fire_schedules().await.unwrap(), 1);
    let admin = app.admin().await; // the token's time is over
    let fired = admin.get(path).send().await.is(200);
    assert_eq!(fired.header("etag"), Some("\"2\""), "firing is no change of the schedule");
    let job = admin.get(&format!("/v1/jobs/{}", fired.text_of("last_job_id"))).send().await.is(200);
    assert_eq!((&job.json["kind"], &job.json["state"]), (&json!("purge"), &json!("queued")));

    let off = admin.patch(path).json(json!({ "enabled": false })).if_match("\"2\"").send().await.is(200);
    assert_eq!(off.json["next_run_at"], Value::Null);
    app.clock.set("2026-03-20T03:30:00Z".parse().unwrap());
    assert_eq!(runner.fire_schedules().await.unwrap(), 0);
}

#[tokio::test]
async fn the_purge_forgets_what_is_old() {
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    let mut connection = app.connect().await;
    let job = "INSERT INTO job (job_id, kind, payload, state, max_attempts, run_at, requested_by, created_at, finished_at, kept)
               VALUES (gen_random_uuid(), $1, '{}', 'succeeded', 1, $2, 'test', $2, $2, $3)";
    let now = app.clock.now();
    for (kind, days, kept) in [("old", 91, false), ("recent", 89, false), ("old_run", 91, true)] {
        let ended = now - chrono::Duration::days(days);
        sqlx::query(job).bind(kind).bind(ended).bind(kept).execute(&mut connection).await.unwrap();
    }
    let answer = "INSERT INTO idempotency_record (caller, idempotency_key, request_hash, answer, created_at)
                  VALUES ('test', $1, '', '', $2)";
    for (key, hours) in [("old", 25), ("recent", 23)] {
        let kept = now - chrono::Duration::hours(hours);
        sqlx::query(answer).bind(key).bind(kept).execute(&mut connection).await.unwrap();
    }
    let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    worker::enqueue(&mut uow, NewJob::of("purge", json!({}))).await.unwrap();
    uow.finish(()).await.unwrap();
    let done = app.run_jobs().await;
    assert_eq!(done[0].result, Some(json!({ "answers": 1, "jobs": 1, "client_reads": 0 })));
    let left: Vec<String> =
        sqlx::query_scalar("SELECT kind FROM job ORDER BY kind").fetch_all(&mut connection).await.unwrap();
    assert_eq!(left, ["old_run", "purge", "recent"]);
}
