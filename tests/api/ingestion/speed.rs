//! How fast trades go in, against COPY of the same rows into a bare table, interleaved. By hand, optimised:
//! `cargo test --release --test api ingestion::speed -- --ignored --nocapture`

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use clientele::book::clients::{self, ClientKind, Identity, NewClient, Profile};
use clientele::book::trades::Side;
use clientele::intake::ingestion::{self, TradeInput};
use clientele::platform::db::Lane;
use clientele::platform::kernel::batch::{Outcome, Pending};
use clientele::platform::kernel::ids::{BranchId, ClientId};
use clientele::platform::kernel::principal::Caller;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use super::NOW;
use crate::support::TestApp;

const CLIENTS: usize = 20_000;
const ROUNDS: usize = 7;
const BATCHES: usize = 4;
const SIZE: usize = 5_000;
/// Trades of one client and day in a row: every row another client is the worst there is, a day's file the usual.
const FILLS: [usize; 2] = [1, 5];

/// A number no other call gets.
fn unique() -> u32 {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

async fn some_clients(app: &TestApp) -> Vec<ClientId> {
    let mut uow = app.db.lane(Lane::Worker).begin(&Caller::system("speed", "speed")).await.unwrap();
    let new = |_| NewClient {
        client_no: format!("S{:08}", unique()),
        opened_on: None,
        profile: Profile {
            name: "王芳".into(),
            kind: ClientKind::Individual,
            branch_id: BranchId::ROOT,
            advisor_id: None,
        },
        identity: Identity::default(),
    };
    let opened = clients::open_many(&mut uow, Pending::all((0..CLIENTS).map(new))).await.unwrap();
    uow.finish(()).await.unwrap();
    let id = |outcome| if let Outcome::Accepted(id) = outcome { ClientId(id) } else { panic!("{outcome:?}") };
    opened.into_iter().map(|settled| id(settled.outcome)).collect()
}

fn items(rng: &mut ChaCha8Rng, clients: &[ClientId], count: usize, fills: usize) -> Vec<TradeInput> {
    let (mut client, mut executed_at) = (clients[0], NOW.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    let now = executed_at;
    let item = |n: usize| {
        if n.is_multiple_of(fills) {
            client = clients[rng.random_range(0..clients.len())];
            executed_at = now - chrono::Duration::seconds(rng.random_range(0..2 * 365 * 86_400));
        }
        let quantity = Decimal::from(rng.random_range(1..100) * 100);
        TradeInput {
            client_id: Some(client),
            source: Some("speed".into()),
            external_id: Some(format!("T{:012}", unique())),
            executed_at: Some(executed_at),
            side: Some(if rng.random_bool(0.5) { Side::Buy } else { Side::Sell }),
            instrument: Some(format!("{:06}.SH", 600_000 + rng.random_range(0..500))),
            product_type: Some("stock".into()),
            quantity: Some(quantity),
            price: Some(Decimal::new(rng.random_range(100..100_000), 2)),
            commission: Some(Decimal::new(rng.random_range(500..5_000), 2)),
            ..TradeInput::default()
        }
    };
    (0..count).map(item).collect()
}

/// The rows of the table as COPY takes them.
fn rows(items: &[TradeInput]) -> String {
    let row = |trade: &TradeInput| {
        let (client, quantity, price) = (trade.client_id.unwrap(), trade.quantity.unwrap(), trade.price.unwrap());
        let (executed_at, text) = (trade.executed_at.unwrap(), |text: &Option<String>| text.clone().unwrap());
        format!(
            "{client}\t{client}\t{}\t{}\t{}\t{}\tbuy\t{}\tstock\t\\N\tCNY\t{quantity}\t{price}\t{}\t{}\t\\N\t\\N\t\\N\tf\t{NOW}\n",
            text(&trade.source),
            text(&trade.external_id),
            executed_at.to_rfc3339(),
            executed_at.date_naive(),
            text(&trade.instrument),
            quantity * price,
            trade.commission.unwrap()
        )
    };
    items.iter().map(row).collect()
}

async fn ingest(app: &TestApp, items: Vec<TradeInput>) -> Duration {
    let start = Instant::now();
    let mut uow = app.db.lane(Lane::Worker).begin(&Caller::system("speed", "speed")).await.unwrap();
    ingestion::ingest_trades(&mut uow, Pending::all(items)).await.unwrap();
    uow.finish(()).await.unwrap();
    start.elapsed()
}

async fn copy(app: &TestApp, rows: String) -> Duration {
    let mut conn = app.db.lane(Lane::Worker).connection().await.unwrap();
    let start = Instant::now();
    let mut sink = conn.copy_in_raw("COPY bare FROM STDIN").await.unwrap();
    sink.send(rows.into_bytes()).await.unwrap();
    sink.finish().await.unwrap();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn against_copy() {
    let app = TestApp::at(NOW).await;
    let clients = some_clients(&app).await;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let bare = "CREATE TABLE bare AS SELECT * FROM trade WITH NO DATA";
    sqlx::query(bare).execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
    // The first trade of a client also gives it its first tier.
    let start = Instant::now();
    for clients in clients.chunks(5_000) {
        let first = clients.iter().flat_map(|client| items(&mut rng, &[*client], 1, 1));
        ingest(&app, first.collect()).await;
    }
    eprintln!("first trades: {:.0} rows/s", CLIENTS as f64 / start.elapsed().as_secs_f64());
    for fills in FILLS {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            for _ in 0..BATCHES {
                let items = items(&mut rng, &clients, SIZE, fills);
                theirs.push(copy(&app, rows(&items)).await);
                ours.push(ingest(&app, items).await);
            }
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let rate = |seconds: f64| SIZE as f64 / seconds;
        eprintln!(
            "{fills} of a client and day in a row: {:.0} rows/s, COPY {:.0} rows/s, ratio {:.3}",
            rate(ours),
            rate(theirs),
            theirs / ours
        );
    }
}
