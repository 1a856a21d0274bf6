//! Whatever the order, the cut and the way in which trades, reversals and balances come, also when several callers send
//! overlapping parts at once: the tables are the same bytes.

use clientele::platform::kernel::ids::{BranchId, ClientId};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use super::NOW;
use crate::support::{Client, TestApp};

const CASES: u64 = 8;
const CLIENTS: usize = 3;
const CALLERS: usize = 3;

/// What ingestion moves, without ids and times of arrival.
const TABLES: [&str; 7] = [
    "SELECT (to_jsonb(t) - 'client_id' - 'trade_id' - 'recorded_at')::text FROM trade t WHERE client_id = $1
     ORDER BY source, external_id",
    "SELECT (to_jsonb(t) - 'client_id' - 'trade_reversal_id' - 'recorded_at')::text FROM trade_reversal t
     WHERE client_id = $1 ORDER BY source, external_id",
    "SELECT (to_jsonb(t) - 'client_id')::text FROM trade_day t WHERE client_id = $1 ORDER BY trade_day",
    "SELECT (to_jsonb(t) - 'client_id')::text FROM trade_statistics t WHERE client_id = $1",
    "SELECT (to_jsonb(t) - 'client_id' - 'recorded_at')::text FROM balance t WHERE client_id = $1
     ORDER BY trade_day, fund_account_no",
    "SELECT (to_jsonb(t) - 'client_id' - 'recorded_at')::text FROM tier_period t WHERE client_id = $1
     ORDER BY starts_on",
    "SELECT coalesce(tier, 'none') FROM client WHERE client_id = $1",
];

/// The record of some clients: each item with the place of its client.
struct Record {
    trades: Vec<(usize, Value)>,
    balances: Vec<(usize, Value)>,
}

impl Record {
    fn made(rng: &mut ChaCha8Rng) -> Self {
        let (mut trades, mut balances) = (Vec::new(), Vec::new());
        for n in 0..rng.random_range(5..60) {
            let client = rng.random_range(0..CLIENTS);
            let day = rng.random_range(1..28);
            trades.push((client, json!({
                "source": "record", "external_id": format!("T{n}"), "executed_at": format!("2026-02-{day:02}T02:00:00Z"),
                "side": if rng.random_bool(0.5) { "buy" } else { "sell" }, "instrument": "600519.SH",
                "amount": rng.random_range(0..100_000_000).to_string(),
            })));
            if rng.random_bool(0.3) {
                let back = json!({ "source": "record", "external_id": format!("R{n}"), "reverses": format!("T{n}") });
                trades.push((client, back));
            }
        }
        for client in 0..CLIENTS {
            for day in 1..rng.random_range(2..28) {
                balances.push((
                    client,
                    json!({
                        "source": "record", "trade_day": format!("2026-02-{day:02}"),
                        "total_assets": rng.random_range(0..900_000_000).to_string(),
                    }),
                ));
            }
        }
        Self { trades, balances }
    }
}

fn of(clients: &[ClientId], (client, item): &(usize, Value)) -> Value {
    let mut item: Map<String, Value> = item.as_object().unwrap().clone();
    item.insert("client_id".to_owned(), json!(clients[*client]));
    Value::Object(item)
}

/// Sends one part by the API; a caller that has to wait too long sends it again.
async fn send(caller: &Client, path: &str, items: Vec<Value>) {
    loop {
        let answer = caller.post(path).json(Value::Array(items.clone())).send().await;
        if answer.status != 503 {
            assert_eq!(answer.is(200).json["rejected"], 0);
            return;
        }
    }
}

/// A shuffled record in random cuts, some of them twice.
fn parts(rng: &mut ChaCha8Rng, mut items: Vec<Value>) -> Vec<Vec<Value>> {
    items.shuffle(rng);
    let (mut rest, mut parts) = (items.as_slice(), Vec::new());
    while !rest.is_empty() {
        let (part, later) = rest.split_at(rng.random_range(1..=rest.len()));
        let again = if rng.random_bool(0.3) { 2 } else { 1 };
        parts.extend(vec![part.to_vec(); again]);
        rest = later;
    }
    parts
}

async fn tables(app: &TestApp, clients: &[ClientId]) -> Vec<String> {
    let mut conn = app.db.connection().await.unwrap();
    let mut all = Vec::new();
    for client in clients {
        for sql in TABLES {
            all.extend(sqlx::query_scalar::<_, String>(sql).bind(client).fetch_all(&mut *conn).await.unwrap());
        }
    }
    all
}

#[tokio::test]
async fn every_order_cut_and_way_gives_the_same_tables() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    for seed in 0..CASES {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let record = Record::made(&mut rng);
        let mut wanted: Option<Vec<String>> = None;
        for way in ["in order", "shuffled by several callers", "files"] {
            let mut clients = Vec::new();
            for _ in 0..CLIENTS {
                clients.push(app.client(BranchId::ROOT, None).await);
            }
            for (kind, items) in [("trades", &record.trades), ("balances", &record.balances)] {
                let items: Vec<Value> = items.iter().map(|item| of(&clients, item)).collect();
                let path = format!("/v1/{kind}/batch");
                match way {
                    "in order" => send(&admin, &path, items).await,
                    "files" => {
                        for part in parts(&mut rng, items) {
                            let lines: Vec<String> = part.iter().map(Value::to_string).collect();
                            let call = admin.post(&format!("/v1/imports?kind={kind}"));
                            call.bytes("application/x-ndjson", lines.join("\n")).send().await.is(202);
                        }
                        let jobs = app.run_jobs().await;
                        assert!(jobs.iter().all(|job| job.error_code.is_none()), "seed {seed}: {jobs:?}");
                    }
                    _ => {
                        let callers: Vec<_> = (0..CALLERS)
                            .map(|_| {
                                let (admin, path, parts) =
                                    (admin.clone(), path.clone(), parts(&mut rng, items.clone()));
                                tokio::spawn(async move {
                                    for part in parts {
                                        send(&admin, &path, part).await;
                                    }
                                })
                            })
                            .collect();
                        for caller in callers {
                            caller.await.unwrap();
                        }
                    }
                }
            }
            let found = tables(&app, &clients).await;
            assert!(found.len() > CLIENTS, "seed {seed}");
            assert_eq!(wanted.get_or_insert_with(|| found.clone()), &found, "seed {seed}, {way}");
        }
    }
}
