//! Timers under kills and clock jumps: the effect of each is there once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Duration;
use clientele::platform::kernel::principal::Caller;
use clientele::platform::slice::Boxed;
use clientele::platform::worker::{self, JobContext, JobKind, JobResult, NewJob, Runner};
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use crate::support::{TestApp, seed};

/// Workers at once.
const WORKERS: u64 = 4;

const FIRE: JobKind = JobKind::short("test_fire", fire);

/// Writes a row that nothing keeps from being written twice.
fn fire(context: JobContext) -> Boxed<'static, JobResult> {
    Box::pin(async move {
        let mut uow = context.begin().await?;
        let key = context.job.key.clone();
        sqlx::query("INSERT INTO fired (key) VALUES ($1)").bind(key).execute(uow.conn()).await?;
        context.complete(uow, json!({})).await
    })
}

async fn storm(timers: usize) {
    let seed = seed();
    worker::install([FIRE]);
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    sqlx::query("CREATE TABLE fired (key text)").execute(&mut app.connect().await).await.unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let begin = app.clock.now();
    let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    for number in 0..timers {
        let due = begin + Duration::minutes(random.random_range(0..30 * 24 * 60));
        let timer = NewJob::of(FIRE.kind, json!({})).key(number.to_string()).at(due).tries(10_000);
        worker::enqueue(&mut uow, timer).await.unwrap();
    }
    uow.finish(()).await.unwrap();

    let kills = Arc::new(AtomicUsize::new(0));
    let workers = (0..WORKERS).map(|number| {
        let (db, clock, kills) = (app.db.clone(), app.clock.clone(), kills.clone());
        let mut random = ChaCha8Rng::seed_from_u64(seed + 1 + number);
        tokio::spawn(async move {
            let runner = Runner::new(&db, [FIRE]);
            loop {
                // One in four is killed, somewhere on its way.
                let limit = if random.random_bool(0.25) { random.random_range(0..400) } else { usize::MAX };
                let worked = tokio::select! {
                    biased;
                    () = yields(limit) => {
                        kills.fetch_add(1, Ordering::Relaxed);
                        continue;
                    }
                    worked = runner.run_next(None) => worked,
                };
                match worked {
                    Ok(Some(_)) => {}
                    // A fault of one try is no fault of the timer.
                    Err(_) => {}
                    Ok(None) => {
                        let open =
                            "SELECT count(*) FROM job WHERE kind = 'test_fire' AND state IN ('queued', 'running')";
                        let open: i64 =
                            sqlx::query_scalar(open).fetch_one(&mut *db.connection().await.unwrap()).await.unwrap();
                        if open == 0 {
                            return;
                        }
                        // Mostly on, sometimes back: leases of the killed run out, or stand further off than any lease.
                        let jump = random.random_range(-3_600..36_000);
                        clock.set(clock.now() + Duration::seconds(jump));
                    }
                }
            }
        })
    });
    for worker in join_all(workers).await {
        worker.unwrap();
    }
    let mut connection = app.connect().await;
    let fired: (i64, i64) =
        sqlx::query_as("SELECT count(*), count(DISTINCT key) FROM fired").fetch_one(&mut connection).await.unwrap();
    let ended: i64 = sqlx::query_scalar("SELECT count(*) FROM job WHERE kind = 'test_fire' AND state = 'succeeded'")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let kills = kills.load(Ordering::Relaxed);
    eprintln!("seed {seed}: {timers} timers, {kills} kills, {} effects of {} timers", fired.0, fired.1);
    let all = i64::try_from(timers).unwrap();
    assert_eq!((fired, ended), ((all, all), all));
    assert!(kills > 0, "nobody was killed");
}

/// Ends after so many yields to the scheduler.
async fn yields(limit: usize) {
    for _ in 0..limit {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_timer_fires_once_through_kills_and_clock_jumps() {
    storm(200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; part of the evidence"]
async fn ten_thousand_timers_fire_once_through_kills_and_clock_jumps() {
    storm(10_000).await;
}
