//! Whatever the order and the batches in which trades and reversals come, days and statistics are the same bytes, and
//! what a count over the trades gives.

use clientele::book::trades::Side;
use clientele::intake::ingestion::{self, TradeInput};
use clientele::platform::kernel::batch::{Outcome, Pending};
use clientele::platform::kernel::ids::{BranchId, ClientId};
use clientele::platform::kernel::money::Currency;
use clientele::platform::kernel::principal::Caller;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use super::NOW;
use crate::support::TestApp;

const CASES: u64 = 30;
const ORDERS: usize = 3;
const CLIENTS: usize = 3;

fn items(rng: &mut ChaCha8Rng) -> Vec<(usize, TradeInput)> {
    let sides = [Side::Buy, Side::Sell, Side::RegularPlan, Side::ReverseRepo, Side::ShortSell];
    let mut items = Vec::new();
    for n in 0..rng.random_range(1..40) {
        let client = rng.random_range(0..CLIENTS);
        let micros = rng.random_range(0..10 * 86_400_000_000_i64);
        let external_id = format!("T{n}");
        let money =
            |rng: &mut ChaCha8Rng| Decimal::new(rng.random_range(0..1_000_000_000_000), rng.random_range(0..=8));
        let trade = TradeInput {
            source: Some("test".into()),
            external_id: Some(external_id.clone()),
            executed_at: Some(
                "2026-02-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
                    + chrono::Duration::microseconds(micros),
            ),
            side: sides.choose(rng).copied(),
            instrument: Some("600519.SH".into()),
            currency: rng.random_bool(0.2).then(|| Currency("USD".into())),
            amount: Some(money(rng)),
            commission: rng.random_bool(0.5).then(|| money(rng)),
            ..TradeInput::default()
        };
        if rng.random_bool(0.4) {
            let reversal = TradeInput {
                source: Some("test".into()),
                external_id: Some(format!("R{n}")),
                reverses: Some(external_id),
                ..TradeInput::default()
            };
            items.push((client, reversal));
        }
        if rng.random_bool(0.2) {
            items.push((client, trade.clone()));
        }
        items.push((client, trade));
    }
    items
}

async fn ingest(app: &TestApp, clients: &[ClientId], items: &[(usize, TradeInput)]) {
    let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    let named = items.iter().map(|(client, item)| TradeInput { client_id: Some(clients[*client]), ..item.clone() });
    let settled = ingestion::ingest_trades(&mut uow, Pending::all(named)).await.unwrap();
    assert!(settled.iter().map(|settled| settled.place).eq(0..items.len()));
    assert!(!settled.iter().any(|settled| matches!(settled.outcome, Outcome::Rejected(_))), "{settled:?}");
    uow.finish(()).await.unwrap();
}

/// Days and statistics of clients in their order, as text, without the clients' ids.
async fn rolled_up(app: &TestApp, clients: &[ClientId], days: &str, statistics: &str) -> Vec<String> {
    let mut conn = app.db.connection().await.unwrap();
    let mut all = Vec::new();
    for client in clients {
        for sql in [days, statistics] {
            let rows = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql.to_owned())).bind(client);
            all.extend(rows.fetch_all(&mut *conn).await.unwrap());
        }
    }
    all
}

const KEPT_DAYS: &str =
    "SELECT (to_jsonb(d) - 'client_id')::text FROM trade_day d WHERE client_id = $1 ORDER BY trade_day";
const KEPT_STATISTICS: &str = "SELECT (to_jsonb(s) - 'client_id')::text FROM trade_statistics s WHERE client_id = $1";

macro_rules! counted_days {
    () => {
        "SELECT trade_day, count(*) FILTER (WHERE stands)::int AS trade_count,
                count(*) FILTER (WHERE stands AND currency <> 'CNY')::int AS other_currency_count,
                coalesce(sum(amount) FILTER (WHERE stands AND currency = 'CNY' AND side IN ('buy', 'regular_plan')), 0)::numeric(32, 8) AS buy_amount,
                coalesce(sum(amount) FILTER (WHERE stands AND currency = 'CNY' AND side IN ('sell', 'short_sell')), 0)::numeric(32, 8) AS sell_amount,
                coalesce(sum(commission) FILTER (WHERE stands AND currency = 'CNY'), 0)::numeric(32, 8) AS commission,
                count(commission) FILTER (WHERE stands AND currency = 'CNY')::int AS commission_count
         FROM (SELECT t.*, (t.executed_at AT TIME ZONE 'Asia/Shanghai')::date = t.trade_day AS right_day,
                      NOT EXISTS (SELECT FROM trade_reversal r WHERE r.client_id = t.client_id AND r.source = t.source
                                  AND r.reverses_external_id = t.external_id) AS stands
               FROM trade t WHERE client_id = $1) t WHERE right_day GROUP BY trade_day"
    };
}

const COUNTED_DAYS: &str = concat!("SELECT to_jsonb(d)::text FROM (", counted_days!(), ") d ORDER BY trade_day");
const COUNTED_STATISTICS: &str = concat!(
    "SELECT to_jsonb(s)::text FROM (
        SELECT count(*) FILTER (WHERE trade_count > 0)::int AS active_days, sum(trade_count)::bigint AS trade_count,
               min(trade_day) FILTER (WHERE trade_count > 0) AS first_day, max(trade_day) FILTER (WHERE trade_count > 0) AS last_day,
               sum(buy_amount)::numeric(32, 8) AS buy_amount, sum(sell_amount)::numeric(32, 8) AS sell_amount,
               sum(commission)::numeric(32, 8) AS commission
        FROM (", counted_days!(), ") d HAVING count(*) > 0) s"
);

#[tokio::test]
async fn every_order_and_partition_gives_the_same_bytes() {
    let app = TestApp::at(NOW).await;
    for seed in 0..CASES {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut items = items(&mut rng);
        let mut first: Option<Vec<String>> = None;
        for order in 0..ORDERS {
            let mut clients = Vec::new();
            for _ in 0..CLIENTS {
                clients.push(app.client(BranchId::ROOT, None).await);
            }
            if order > 0 {
                items.shuffle(&mut rng);
            }
            let mut rest = items.as_slice();
            while !rest.is_empty() {
                let (batch, later) = rest.split_at(rng.random_range(1..=rest.len()));
                ingest(&app, &clients, batch).await;
                rest = later;
            }
            let kept = rolled_up(&app, &clients, KEPT_DAYS, KEPT_STATISTICS).await;
            let counted = rolled_up(&app, &clients, COUNTED_DAYS, COUNTED_STATISTICS).await;
            assert_eq!(kept, counted, "seed {seed}, order {order}: what is kept, what a count gives");
            assert_eq!(first.get_or_insert_with(|| kept.clone()), &kept, "seed {seed}, order {order}");
        }
    }
}
