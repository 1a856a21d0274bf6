//! Every decision about the clients of a demonstration book is the same to the byte when concluded again.

use std::collections::BTreeMap;
use std::time::Instant;

use clientele::demo;
use clientele::platform::db::Lane;
use clientele::platform::kernel::ids::{ClientId, DecisionId};
use serde_json::json;

use crate::support::TestApp;

const SEED: u64 = 7;

async fn every_decision_is_replayed(clients: u32) {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let db = app.db.lane(Lane::Worker);
    let began = Instant::now();
    demo::load(&db, &demo::Request::until_yesterday(&db, clients, SEED), "a quiet river", |_| ()).await.unwrap();
    let loaded = began.elapsed().as_secs_f64();
    let admin = app.admin().await;
    admin.post("/v1/scoring-runs").json(json!({})).send().await.is(202);
    app.run_jobs().await;
    let mut connection = app.connect().await;
    let of: Vec<ClientId> =
        sqlx::query_scalar("SELECT client_id FROM client").fetch_all(&mut connection).await.unwrap();
    for client in &of {
        for kind in ["tier", "value", "churn_risk"] {
            admin.post(&format!("/v1/clients/{client}/decisions")).json(json!({ "kind": kind })).send().await.is(200);
        }
    }
    let all = "SELECT kind, client_id, decision_id FROM decision ORDER BY sequence";
    let all: Vec<(String, ClientId, DecisionId)> = sqlx::query_as(all).fetch_all(&mut connection).await.unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, client, decision) in &all {
        let replay = admin.post(&format!("/v1/clients/{client}/decisions/{decision}/replay")).send().await.is(200);
        assert_eq!(replay.json["equal"], true, "seed {SEED}, {kind}: {}", replay.text());
        *counts.entry(kind).or_default() += 1;
    }
    eprintln!(
        "{clients} clients, seed {SEED}: {counts:?} replayed; loaded in {loaded:.1} s, all in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    assert!(counts.len() == 3 && counts.values().all(|count| *count >= of.len()), "{counts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_decision_of_a_small_demonstration_book_is_replayed() {
    every_decision_is_replayed(250).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "evidence: the whole demonstration book"]
async fn every_decision_of_the_demonstration_book_is_replayed() {
    every_decision_is_replayed(2_000).await;
}
