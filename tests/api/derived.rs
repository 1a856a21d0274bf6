//! Derived, not arrived: one book, taken in whole, in any order and in any cut of batches, late or backwards, leaves
//! the same rows; and the recomputation from the record agrees with them.

use chrono::{Days, NaiveDate};
use clientele::app::SLICES;
use clientele::platform::kernel::ids::{BranchId, ClientId};
use clientele::platform::kernel::principal::Caller;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, seed};

const CLIENTS: usize = 6;
const ROUNDS: u64 = 4;

/// Something of one client that comes in through one of two doors.
#[derive(Clone, Debug)]
enum Arrival {
    Trade(usize, Value),
    Balance(usize, Value),
}

/// A book of two years: stretches of balances around the lines of the ladder, bursts of trades, some taken back.
fn book(rng: &mut ChaCha8Rng) -> Vec<Arrival> {
    let start: NaiveDate = "2024-03-01".parse().unwrap();
    let nets = ["0", "90000", "110000", "450000", "600000", "7000000", "12000000"];
    let mut arrivals = Vec::new();
    for client in 0..CLIENTS {
        let mut day = start;
        let end: NaiveDate = "2026-02-20".parse().unwrap();
        while day < end {
            let (net, account) = (nets[rng.random_range(0..nets.len())], rng.random_bool(0.2));
            for _ in 0..rng.random_range(1..60) {
                let mut item = json!({ "trade_day": day, "total_assets": net });
                if account {
                    item["fund_account_no"] = json!("8001");
                }
                arrivals.push(Arrival::Balance(client, item));
                day = day + Days::new(rng.random_range(1..4));
            }
            day = day + Days::new(rng.random_range(1..50));
        }
        for burst in 0..rng.random_range(1..5) {
            let first = start + Days::new(rng.random_range(0..650));
            for n in 0..rng.random_range(5..40_u64) {
                let (id, day) = (format!("T{burst}-{n}"), first + Days::new(n));
                let mut trade = json!({ "external_id": id, "executed_at": format!("{day}T02:00:00Z"), "side": "buy",
                    "instrument": "600519.SH", "product_type": "stock", "amount": format!("{}.5", 100 * n) });
                if rng.random_bool(0.5) {
                    trade["commission"] = json!("1.25");
                }
                arrivals.push(Arrival::Trade(client, trade));
                if rng.random_bool(0.2) {
                    let back = json!({ "external_id": format!("R{burst}-{n}"), "reverses": id });
                    arrivals.push(Arrival::Trade(client, back));
                }
            }
        }
    }
    arrivals.retain(|arrival| match arrival {
        Arrival::Balance(_, item) => item["trade_day"].as_str().unwrap() <= "2026-02-28",
        Arrival::Trade(_, item) => item["executed_at"].as_str().is_none_or(|at| at < "2026-02-28"),
    });
    arrivals
}

async fn take_in(admin: &Client, clients: &[ClientId], batch: &[Arrival]) {
    let (mut trades, mut balances) = (Vec::new(), Vec::new());
    for arrival in batch {
        let (items, client, item) = match arrival {
            Arrival::Trade(client, item) => (&mut trades, client, item),
            Arrival::Balance(client, item) => (&mut balances, client, item),
        };
        let mut item = item.clone();
        item["client_id"] = json!(clients[*client]);
        items.push(item);
    }
    for (path, items) in [("/v1/trades/batch", trades), ("/v1/balances/batch", balances)] {
        for items in items.chunks(1_000) {
            let answer = admin.post(path).json(json!(items)).send().await.is(200).json;
            assert_eq!(answer["rejected"], 0, "{answer}");
        }
    }
}

/// Every table that depends on history, without ids and the time of recording; and what is computed from the record on
/// read.
async fn derived(app: &TestApp, admin: &Client, client: ClientId) -> Vec<String> {
    let mut conn = app.connect().await;
    let mut rows = Vec::new();
    for sql in [
        "SELECT (to_jsonb(p) - 'client_id' - 'recorded_at')::text FROM tier_period p WHERE client_id = $1 ORDER BY starts_on",
        "SELECT (to_jsonb(d) - 'client_id')::text FROM trade_day d WHERE client_id = $1 ORDER BY trade_day",
        "SELECT (to_jsonb(s) - 'client_id')::text FROM trade_statistics s WHERE client_id = $1",
        "SELECT to_jsonb(c.tier)::text FROM client c WHERE client_id = $1",
    ] {
        rows.extend(sqlx::query_scalar::<_, String>(sql).bind(client).fetch_all(&mut conn).await.unwrap());
    }
    for path in ["value-score", "value-score?as_of=2025-06-30", "trading-profile", "tier", "tier?as_of=2025-03-31"] {
        let mut answer = admin.get(&format!("/v1/clients/{client}/{path}")).send().await.is(200).json;
        forget(&mut answer, &["client_id", "recorded_at"]);
        rows.push(answer.to_string());
    }
    rows
}

fn forget(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !names.contains(&name.as_str()));
            members.values_mut().for_each(|value| forget(value, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| forget(value, names)),
        _ => {}
    }
}

#[tokio::test]
async fn any_order_and_any_cut_of_batches_leave_the_same_rows() {
    let app = TestApp::at("2026-03-02T08:00:00Z").await;
    let admin = app.admin().await;
    for round in 0..ROUNDS {
        let seed = seed() + round;
        eprintln!("seed {seed}");
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let whole = book(&mut rng);
        let mut shuffled = whole.clone();
        shuffled.shuffle(&mut rng);
        let mut sorted = whole.clone();
        sorted.sort_by_key(|arrival| match arrival {
            Arrival::Trade(_, item) => item["executed_at"].as_str().unwrap_or("2024").to_owned(),
            Arrival::Balance(_, item) => item["trade_day"].as_str().unwrap().to_owned(),
        });
        let backwards: Vec<Arrival> = sorted.iter().rev().cloned().collect();
        // Everything in time but one in ten, which comes at the end.
        let (mut in_time, late): (Vec<_>, Vec<_>) = sorted.iter().cloned().partition(|_| rng.random_bool(0.9));
        in_time.extend(late);
        let mut expected: Option<Vec<Vec<String>>> = None;
        for (name, arrivals) in [
            ("whole", &whole),
            ("sorted", &sorted),
            ("shuffled", &shuffled),
            ("backwards", &backwards),
            ("late", &in_time),
        ] {
            let mut clients = Vec::new();
            for _ in 0..CLIENTS {
                clients.push(app.client(BranchId::ROOT, None).await);
            }
            let mut rest = arrivals.as_slice();
            while !rest.is_empty() {
                let most = if name == "whole" { rest.len() } else { rest.len().min(600) };
                let (batch, later) = rest.split_at(if name == "whole" { most } else { rng.random_range(1..=most) });
                take_in(&admin, &clients, batch).await;
                rest = later;
            }
            let mut tables = Vec::new();
            for client in &clients {
                tables.push(derived(&app, &admin, *client).await);
            }
            let mut read = app.db.read(&Caller::system("test", "test")).await.unwrap();
            for verify in SLICES.iter().filter_map(|slice| slice.verify) {
                assert_eq!(verify(&mut read, &clients).await.unwrap(), [], "seed {seed}, {name}");
            }
            drop(read);
            let expected = expected.get_or_insert_with(|| tables.clone());
            for (client, (one, other)) in expected.iter().zip(&tables).enumerate() {
                for (one, other) in one.iter().zip(other) {
                    assert_eq!(one, other, "seed {seed}, {name}, client {client}");
                }
                assert_eq!(one.len(), other.len(), "seed {seed}, {name}, client {client}");
            }
        }
        assert!(expected.unwrap().iter().any(|rows| rows.len() > 20), "there is something to compare");
    }
}
