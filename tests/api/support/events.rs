//! Events of the tests' own, and what every row written in any test is held against.

use std::collections::HashMap;
use std::sync::LazyLock;

use clientele::app;
use clientele::openapi;
use clientele::platform::events;
use clientele::platform::kernel::event::EventInfo;
use clientele::platform::worker::{Subscriber, deliver};
use jsonschema::Validator;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Row};

use super::app::TestApp;
use super::document::validator;

events! {
    ThingMade = "thing.made" of "thing" published c1 "A thing was made" "测试" {
        /// How many.
        pub count: u32,
    }
    ThingSeen = "thing.seen" of "thing" audited c1 "A thing was looked at" "测试" {}
    SlowWritten = "test.slow" of "thing" published c1 "Written slowly" "测试" {}
    QuickWritten = "test.quick" of "thing" published c1 "Written quickly" "测试" {}
    LateWritten = "test.late" of "thing" published c1 "Written late" "测试" {}
    HereWritten = "test.here" of "thing" published c1 "Written here" "测试" {}
    StormWritten = "storm.written" of "storm" published c1 "Written in a storm" "测试" {}
}

/// Every kind a row of a test may have.
fn declared() -> impl Iterator<Item = &'static EventInfo> {
    app::events().chain(EVENTS)
}

/// What is wrong with a row by the declaration of its kind.
pub fn fault(kind: &str, subject_kind: &str, published: bool, data: &Value) -> Option<String> {
    static SCHEMAS: LazyLock<HashMap<&str, Validator>> = LazyLock::new(|| {
        let schema = |event: &EventInfo| &openapi::document()["components"]["schemas"][event.name];
        app::events().map(|event| (event.kind, validator(schema(event)))).collect()
    });
    let Some(event) = declared().find(|event| event.kind == kind) else { return Some(format!("{kind} is undeclared")) };
    if event.subject_kind != subject_kind || published && !event.published {
        return Some(format!("{kind} happened to a {subject_kind}, published: {published}"));
    }
    if let Some(schema) = SCHEMAS.get(kind)
        && let Err(fault) = schema.validate(data)
    {
        return Some(format!("{kind}: {data}: {fault}"));
    }
    match (event.read)(data) {
        Ok(again) => (again != *data).then(|| format!("{kind}: {data} reads as {again}")),
        Err(fault) => Some(format!("{kind}: {data}: {fault}")),
    }
}

/// Holds what the tests of a database left in outbox and audit trail against the declarations: some rows of each kind.
pub async fn check(database: PgConnectOptions) {
    let mut connection = PgConnection::connect_with(&database).await.unwrap();
    let rows = sqlx::query(
        "SELECT kind, subject_kind, published, data FROM (
             SELECT *, row_number() OVER (PARTITION BY kind, published) AS n FROM (
                 SELECT kind, subject_kind, true AS published, data FROM outbox_event
                 UNION ALL SELECT action, subject_kind, false, detail FROM audit_entry
             ) AS written
         ) AS numbered WHERE n <= 20",
    );
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    let fault = |row: &sqlx::postgres::PgRow| {
        fault(row.get("kind"), row.get("subject_kind"), row.get("published"), &row.get("data"))
    };
    let faults: Vec<String> = rows.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "an earlier test wrote events that are not as declared:\n{}", faults.join("\n"));
}

/// Hands a subscriber all that is left. Whoever was killed keeps its lock until its transaction is rolled back: that is
/// waited for.
pub async fn catch_up(app: &TestApp, subscriber: &Subscriber) {
    let mut connection = app.connect().await;
    let free = "SELECT FROM event_position WHERE consumer = $1 FOR UPDATE";
    let left = "SELECT count(*) FROM outbox_event e WHERE e.kind = ANY ($2)
                AND e.position > (SELECT position FROM event_position WHERE consumer = $1)";
    for _ in 0..100 {
        sqlx::query(free).bind(subscriber.consumer).execute(&mut connection).await.unwrap();
        deliver(&app.db, subscriber).await.unwrap();
        let left = sqlx::query_scalar(left).bind(subscriber.consumer).bind(subscriber.kinds);
        let left: i64 = left.fetch_one(&mut connection).await.unwrap();
        if left == 0 {
            return;
        }
    }
    panic!("{} does not come to the end", subscriber.consumer);
}
