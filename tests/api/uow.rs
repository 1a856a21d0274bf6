//! The unit of work: what is written is recorded, in the same transaction, and published in the order of its commits.

use clientele::platform::db::Uow;
use clientele::platform::kernel::error::Error;
use clientele::platform::kernel::event::{Event, EventType};
use clientele::platform::kernel::principal::Caller;
use clientele::platform::worker::relay_events;
use sqlx::Row;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::events::*;

async fn begin(app: &TestApp) -> Uow {
    app.db.begin(&Caller::system("test", "request-1")).await.unwrap()
}

async fn write(uow: &mut Uow, key: &str) {
    let write = sqlx::query("INSERT INTO setting (key, value, created_at) VALUES ($1, '', now())").bind(key.to_owned());
    write.execute(uow.conn()).await.unwrap();
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap()
}

const WRITTEN: &str = "SELECT count(*) FROM setting WHERE key LIKE 'test.%'";

#[tokio::test]
async fn a_snapshot_sees_one_instant_and_writes_nothing() {
    let app = TestApp::start().await;
    let caller = Caller::system("test", "request-1");
    let (mut snapshot, mut read) = (app.db.snapshot(&caller).await.unwrap(), app.db.read(&caller).await.unwrap());
    let mut seen = Vec::new();
    for key in ["test.1", "test.2"] {
        for read in [&mut snapshot, &mut read] {
            seen.push(sqlx::query_scalar::<_, i64>(WRITTEN).fetch_one(read.conn()).await.unwrap());
        }
        let mut uow = begin(&app).await;
        write(&mut uow, key).await;
        uow.record(Event::new(ThingMade { count: 1 }, None));
        uow.finish(()).await.unwrap();
    }
    assert_eq!(seen, [0, 0, 0, 1]);
    sqlx::query("DELETE FROM setting").execute(snapshot.conn()).await.unwrap_err();
}

#[tokio::test]
async fn a_unit_that_wrote_but_recorded_nothing_fails() {
    let app = TestApp::start().await;
    let mut uow = begin(&app).await;
    write(&mut uow, "test.1").await;
    assert!(matches!(uow.finish(()).await, Err(Error::Internal(_))));
    assert_eq!(count(&app, WRITTEN).await, 0);
    // Reading leaves nothing to record.
    let mut uow = begin(&app).await;
    sqlx::query("SELECT FROM setting").fetch_all(uow.conn()).await.unwrap();
    uow.finish(()).await.unwrap();
    let mut uow = begin(&app).await;
    write(&mut uow, "test.1").await;
    uow.finish_unrecorded("a test", ()).await.unwrap();
    assert_eq!(count(&app, WRITTEN).await, 1);
}

#[tokio::test]
async fn a_unit_dropped_did_nothing() {
    let app = TestApp::start().await;
    let mut uow = begin(&app).await;
    write(&mut uow, "test.1").await;
    uow.record(Event::new(ThingMade { count: 1 }, None));
    drop(uow);
    assert_eq!(count(&app, WRITTEN).await, 0);
    assert_eq!(count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'thing.made'").await, 0);
}

#[tokio::test]
async fn audit_and_outbox_are_written_in_the_same_transaction() {
    let app = TestApp::start().await;
    let mut uow = begin(&app).await;
    write(&mut uow, "test.1").await;
    let (public, client) = (app.id(), clientele::platform::kernel::ids::ClientId(app.id()));
    uow.record(Event::new(ThingMade { count: 1 }, public).of_client(client));
    uow.record(Event::new(ThingSeen {}, public).purpose("to test"));
    let transaction: String =
        sqlx::query_scalar("SELECT pg_current_xact_id()::text").fetch_one(uow.conn()).await.unwrap();
    uow.finish(()).await.unwrap();

    let mut connection = app.db.connection().await.unwrap();
    let sql = "SELECT action, actor, request_id, subject_id, client_id, purpose, detail, xmin::text AS inside FROM audit_entry
               WHERE subject_kind = 'thing' ORDER BY action";
    let audit = sqlx::query(sql).fetch_all(&mut *connection).await.unwrap();
    assert_eq!(
        audit.iter().map(|row| row.get::<String, _>("action")).collect::<Vec<_>>(),
        ["thing.made", "thing.seen"]
    );
    for row in &audit {
        assert_eq!(row.get::<String, _>("actor"), "system:test");
        assert_eq!(row.get::<String, _>("request_id"), "request-1");
        assert_eq!(row.get::<Uuid, _>("subject_id"), public);
        assert_eq!(row.get::<String, _>("inside"), transaction);
    }
    assert_eq!(audit[0].get::<Option<Uuid>, _>("client_id"), Some(client.0));
    assert_eq!(audit[1].get::<Option<String>, _>("purpose").as_deref(), Some("to test"));
    let outbox =
        sqlx::query("SELECT kind, transaction_id::text AS inside FROM outbox_event WHERE subject_kind = 'thing'");
    let outbox = outbox.fetch_all(&mut *connection).await.unwrap();
    assert_eq!(outbox.len(), 1, "an access is not published");
    assert_eq!(outbox[0].get::<String, _>("kind"), "thing.made");
    assert_eq!(outbox[0].get::<String, _>("inside"), transaction);
}

/// A transaction that began first and commits last must not appear behind the reader's back.
#[tokio::test]
async fn positions_are_given_in_the_order_of_commits() {
    let app = TestApp::start().await;
    async fn note<E: EventType>(uow: &mut Uow, event: E) {
        write(uow, E::KIND).await;
        uow.record(Event::new(event, None));
    }
    let (mut slow, mut quick) = (begin(&app).await, begin(&app).await);
    note(&mut slow, SlowWritten {}).await;
    note(&mut quick, QuickWritten {}).await;
    quick.finish(()).await.unwrap();
    relay_events(&app.db).await.unwrap();
    assert_eq!(positions(&app).await, [("test.quick".to_owned(), None)], "the slow one could still come before it");
    let mut late = begin(&app).await;
    note(&mut late, LateWritten {}).await;
    slow.finish(()).await.unwrap();
    relay_events(&app.db).await.unwrap();
    let known: Vec<String> =
        positions(&app).await.into_iter().filter(|(_, at)| at.is_some()).map(|(kind, _)| kind).collect();
    assert_eq!(known.len(), 2, "{known:?}");
    late.finish(()).await.unwrap();
    relay_events(&app.db).await.unwrap();
    relay_events(&app.db).await.unwrap();
    let all = positions(&app).await;
    assert_eq!(all.last().unwrap().0, "test.late");
    assert!(all.iter().all(|(_, at)| at.is_some()), "{all:?}");
    let at: Vec<i64> = all.iter().map(|(_, at)| at.unwrap()).collect();
    assert!(at.windows(2).all(|pair| pair[0] + 1 == pair[1]), "without gaps: {at:?}");
}

/// A snapshot names transactions of the whole server; those of other databases hold nothing up.
#[tokio::test]
async fn other_databases_hold_nothing_up() {
    let (app, other) = (TestApp::start().await, TestApp::start().await);
    let mut elsewhere = begin(&other).await;
    write(&mut elsewhere, "test.elsewhere").await;
    let mut here = begin(&app).await;
    write(&mut here, "test.here").await;
    here.record(Event::new(HereWritten {}, None));
    here.finish(()).await.unwrap();
    relay_events(&app.db).await.unwrap();
    assert!(positions(&app).await.iter().all(|(_, at)| at.is_some()));
    drop(elsewhere);
}

/// What a reader of positions has seen stays: events come in behind it, never before.
#[tokio::test]
async fn a_reader_misses_nothing_while_many_write() {
    let app = TestApp::start().await;
    let writers = (0..8).map(|writer| {
        let db = app.db.clone();
        tokio::spawn(async move {
            for turn in 0..20 {
                let mut uow = db.begin(&Caller::system("test", "")).await.unwrap();
                write(&mut uow, &format!("test.{writer}.{turn}")).await;
                uow.record(Event::new(ThingMade { count: 1 }, None));
                for _ in 0..(writer + turn) % 7 {
                    tokio::task::yield_now().await;
                }
                uow.finish(()).await.unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let (mut seen, mut after) = (Vec::new(), 0i64);
    while seen.len() < 160 {
        relay_events(&app.db).await.unwrap();
        let sql = "SELECT position, outbox_event_id FROM outbox_event WHERE kind = 'thing.made' AND position > $1 ORDER BY position";
        let rows = sqlx::query(sql).bind(after).fetch_all(&mut *app.db.connection().await.unwrap()).await.unwrap();
        for row in rows {
            after = row.get("position");
            seen.push(row.get::<Uuid, _>("outbox_event_id"));
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(seen.len(), 160);
    assert_eq!(count(&app, "SELECT count(*) FROM outbox_event WHERE kind = 'thing.made'").await, 160);
}

async fn positions(app: &TestApp) -> Vec<(String, Option<i64>)> {
    let sql = "SELECT kind, position FROM outbox_event WHERE kind LIKE 'test.%' ORDER BY position NULLS LAST";
    let rows = sqlx::query(sql).fetch_all(&mut *app.db.connection().await.unwrap()).await.unwrap();
    rows.iter().map(|row| (row.get("kind"), row.get("position"))).collect()
}
