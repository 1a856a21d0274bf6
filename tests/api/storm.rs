//! The pool guard: callers who give up in the middle of a `BEGIN` must not cost others their acknowledged writes.
//!
//! sqlx hands a connection whose `begin()` was cancelled to the next user inside a half-open transaction. What that
//! user writes is acknowledged, and rolled back with the transaction later. The first test shows the loss with the
//! guard off.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use clientele::platform::db::Db;
use clientele::platform::kernel::event::Event;
use clientele::platform::kernel::ids::BranchId;
use clientele::platform::kernel::principal::Caller;
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::events::StormWritten;
use crate::support::{TestApp, seed};

/// Few connections, so that each is soon used by somebody else.
const CONNECTIONS: u32 = 3;
const WRITERS: u64 = 8;
const WRITES: u64 = 60;
const QUITTERS: u64 = 8;

/// Polls a future a few times and lets go of it, wherever it is by then; its output if it was done before.
async fn give_up_after<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            // Being woken by the connection or by ourselves: both happen.
            if left.is_multiple_of(2) {
                context.waker().wake_by_ref();
            }
            Poll::Pending
        }
    })
    .await
}

/// How a quitter begins and perhaps gives up, by its random number.
type Begin = fn(Db, u32) -> Pin<Box<dyn Future<Output = ()> + Send>>;
/// How a writer writes one row; true when it was acknowledged.
type Write = fn(Db, i64) -> Pin<Box<dyn Future<Output = bool> + Send>>;

/// Rows acknowledged, how many of them are not there, and how many connections were left inside a transaction.
async fn storm(app: &TestApp, begin: Begin, write: Write) -> (usize, usize, i64) {
    let seed = seed();
    sqlx::query("CREATE TABLE storm (id bigint PRIMARY KEY)").execute(app.db.raw_pool()).await.unwrap();
    let quitters = (0..QUITTERS).map(|quitter| {
        let (db, mut random) = (app.db.clone(), ChaCha8Rng::seed_from_u64(seed + quitter));
        tokio::spawn(async move {
            for _ in 0..WRITES * 4 {
                begin(db.clone(), random.random_range(0..12)).await;
                tokio::task::yield_now().await;
            }
        })
    });
    let writers = (0..WRITERS).map(|writer| {
        let db = app.db.clone();
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for turn in 0..WRITES {
                let id = i64::try_from(writer * WRITES + turn).unwrap();
                if write(db.clone(), id).await {
                    acknowledged.push(id);
                }
            }
            acknowledged
        })
    });
    let (quitters, writers): (Vec<_>, Vec<_>) = (quitters.collect(), writers.collect());
    let acknowledged: Vec<i64> = join_all(writers).await.into_iter().flat_map(Result::unwrap).collect();
    join_all(quitters).await.into_iter().for_each(Result::unwrap);
    let open = left_open(app).await;
    // What is still open is rolled back when its connection closes.
    app.db.raw_pool().close().await;
    let mut fresh = app.connect().await;
    let kept: Vec<i64> = sqlx::query_scalar("SELECT id FROM storm").fetch_all(&mut fresh).await.unwrap();
    let lost = acknowledged.iter().filter(|id| !kept.contains(id)).count();
    eprintln!(
        "seed {seed}: {} rows acknowledged, {lost} of them lost, {open} transactions left open",
        acknowledged.len()
    );
    (acknowledged.len(), lost, open)
}

/// Connections that nobody uses and that are inside a transaction all the same, once everything had its time to end.
async fn left_open(app: &TestApp) -> i64 {
    let mut fresh = app.connect().await;
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    let mut open = 0;
    for _ in 0..100 {
        open = sqlx::query_scalar(sql).fetch_one(&mut fresh).await.unwrap();
        if open == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    open
}

fn insert(db: Db, id: i64) -> Pin<Box<dyn Future<Output = bool> + Send>> {
    Box::pin(async move {
        let insert = sqlx::query("INSERT INTO storm (id) VALUES ($1)").bind(id);
        insert.execute(db.raw_pool()).await.is_ok()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_guard_acknowledged_rows_are_lost() {
    let app = TestApp::with_connections(CONNECTIONS).await;
    let raw: Begin = |db, polls| Box::pin(async move { drop(give_up_after(polls, db.raw_pool().begin()).await) });
    let (acknowledged, lost, _) = storm(&app, raw, insert).await;
    assert!(acknowledged > 100 && lost > 0, "the storm is too mild to show what the guard is for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_guard_nothing_is_lost() {
    let app = TestApp::with_connections(CONNECTIONS).await;
    let guarded: Begin = |db, polls| Box::pin(async move { drop(give_up_after(polls, db.guarded_begin()).await) });
    let (acknowledged, lost, open) = storm(&app, guarded, insert).await;
    assert!(acknowledged > 100);
    assert_eq!((lost, open), (0, 0));
}

/// Whole units of work, given up anywhere: in the begin, between statements, in the commit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn units_of_work_given_up_anywhere_cost_nobody_anything() {
    async fn unit(db: Db, id: i64) -> bool {
        let Ok(mut uow) = db.begin(&Caller::system("storm", "")).await else { return false };
        let insert = sqlx::query("INSERT INTO storm (id) VALUES ($1)").bind(id);
        if insert.execute(uow.conn()).await.is_err() {
            return false;
        }
        uow.record(Event::new(StormWritten {}, None));
        uow.finish(()).await.is_ok()
    }
    let app = TestApp::with_connections(CONNECTIONS).await;
    // The rows of quitters are nobody's to count: their numbers are below zero.
    let quit: Begin = |db, polls| {
        Box::pin(async move {
            let id = -db.now().timestamp_micros() * 100 - i64::from(polls);
            let _ = give_up_after(polls * 3, unit(db, id)).await;
        })
    };
    // Half of the rows are written as jobs note their progress: without a transaction of their own.
    let write: Write = |db, id| if id % 2 == 0 { Box::pin(unit(db, id)) } else { insert(db, id) };
    let (acknowledged, lost, open) = storm(&app, quit, write).await;
    assert!(acknowledged > 100);
    assert_eq!((lost, open), (0, 0));
    let mut fresh = app.connect().await;
    let sql = "SELECT (SELECT count(*) FROM storm WHERE id < 0 OR id % 2 = 0) = (SELECT count(*) FROM audit_entry WHERE action = 'storm.written')";
    assert!(
        sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut fresh).await.unwrap(),
        "a row without its record, or the reverse"
    );
}

/// Asks for a branch and is gone after a while: a reset connection, which the server notices in the middle of its work.
async fn hang_up(app: &TestApp, token: &str, code: &str, after: Duration) {
    let body = json!({ "parent_id": BranchId::ROOT, "code": code, "name": "营业部" }).to_string();
    let head = format!(
        "POST /v1/branches HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut line = TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    line.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    tokio::time::sleep(after).await;
    line.set_zero_linger().unwrap();
}

/// The same over real HTTP: clients that hang up at random while others create.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_hang_up_cost_nobody_anything() {
    let app = TestApp::with_connections(6).await;
    let (admin, seed) = (app.admin().await, seed());
    let create = |code: String| {
        let body = json!({ "parent_id": BranchId::ROOT, "code": code, "name": "营业部" });
        admin.post("/v1/branches").json(body).send()
    };
    let quitters = (0..8u64).map(|quitter| {
        let (app, token) = (&app, admin.token.as_deref().unwrap());
        let mut random = ChaCha8Rng::seed_from_u64(seed + quitter);
        async move {
            for turn in 0..150 {
                let limit = Duration::from_micros(random.random_range(200..4_000));
                hang_up(app, token, &format!("Q{quitter}.{turn}"), limit).await;
            }
        }
    });
    let stayers = (0..6).map(|stayer| {
        let create = &create;
        async move {
            let mut acknowledged = Vec::new();
            for turn in 0..40 {
                let answer = create(format!("S{stayer}.{turn}")).await;
                // What is refused is rolled back, and so would be what others wrote inside the same transaction.
                assert!([409, 503].contains(&create("HQ".to_owned()).await.status));
                // The pool is small on purpose; who is asked to come again was not acknowledged.
                match answer.status {
                    201 => acknowledged.push(answer.text_of("code").to_owned()),
                    _ => drop(answer.is_problem(503, "unavailable")),
                }
            }
            acknowledged
        }
    });
    // Jobs use the same database, without a transaction of their own.
    sqlx::query("CREATE TABLE storm (id bigint PRIMARY KEY)").execute(app.db.raw_pool()).await.unwrap();
    let jobs = (0..4).map(|job| {
        let db = &app.db;
        async move {
            for turn in 0..100 {
                assert!(insert(db.clone(), job * 1000 + turn).await);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    });
    let (_, acknowledged, _) = tokio::join!(join_all(quitters), join_all(stayers), join_all(jobs));
    let acknowledged: Vec<String> = acknowledged.concat();
    let open = left_open(&app).await;
    app.db.raw_pool().close().await;
    let mut fresh = app.connect().await;
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM storm").fetch_one(&mut fresh).await.unwrap();
    let kept: Vec<String> = sqlx::query_scalar("SELECT code FROM branch").fetch_all(&mut fresh).await.unwrap();
    let lost: Vec<&String> = acknowledged.iter().filter(|code| !kept.contains(code)).collect();
    let given_up = kept.iter().filter(|code| code.starts_with('Q')).count();
    eprintln!(
        "seed {seed}: {} branches and 400 rows acknowledged, {} and {} lost; {given_up} of 1200 given up were made",
        acknowledged.len(),
        lost.len(),
        400 - rows
    );
    assert_eq!((lost, rows, open), (Vec::<&String>::new(), 400, 0));
    assert!(acknowledged.len() > 100);
}
