//! Books of active days, 1997-01-01 to 1998-06-30: an invented one, and the real one of CDNOW where it is at hand.

use std::fmt::Write;

use clientele::platform::db::Lane;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Exp, Gamma};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::TestApp;

/// Days since 1997-01-01 on which one customer bought.
pub type ActiveDays = Vec<i32>;

const DAYS: i32 = 546;
const SEED: u64 = 19_970_101;

/// Customers who come within twelve weeks and live as MBG/NBD says, with the parameters of CDNOW.
pub fn invented(clients: usize) -> Vec<ActiveDays> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let (rates, dropouts) = (Gamma::new(0.605, 1.0 / 8.06 / 7.0).unwrap(), Beta::new(0.639, 1.176).unwrap());
    let mut one = || {
        let (rate, dropout) = (Exp::new(rates.sample(&mut rng)).unwrap(), dropouts.sample(&mut rng));
        let mut days = vec![rng.random_range(0..84)];
        let mut at = f64::from(days[0]);
        while rng.random::<f64>() >= dropout {
            at += rate.sample(&mut rng);
            if at >= f64::from(DAYS) {
                break;
            }
            #[expect(clippy::cast_possible_truncation, reason = "a day below 546")]
            days.push(at as i32);
        }
        days.dedup();
        days
    };
    (0..clients).map(|_| one()).collect()
}

/// Customers who buy at intervals of their own, nearly equal, until one in seventeen is the last: what recency alone
/// does not see, recency and frequency do.
pub fn regular(clients: usize) -> Vec<ActiveDays> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut one = || {
        let (gap, mut at) = (rng.random_range(4.0..70.0), rng.random_range(0.0..120.0));
        let mut days = Vec::new();
        while at < f64::from(DAYS) {
            #[expect(clippy::cast_possible_truncation, reason = "a day below 546")]
            days.push(at as i32);
            if rng.random::<f64>() < 0.06 {
                break;
            }
            at += gap * rng.random_range(0.7..1.3);
        }
        days.dedup();
        days
    };
    (0..clients).map(|_| one()).collect()
}

/// A real log as a file of trades by day: the purchases of `client_id`, `ts` and `amount`.
pub fn as_trades(file: &str) -> String {
    let directory = std::env::var("REFERENCE_DATA").expect("REFERENCE_DATA names the directory of the logs");
    let text = std::fs::read_to_string(format!("{directory}/{file}")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let column = |name: &str| header.iter().position(|column| *column == name);
    let [client, at, amount] = ["client_id", "ts", "amount"].map(|name| column(name).unwrap());
    let (side, instrument) = (column("side"), column("instrument"));
    let mut trades = "client_no,executed_at,side,instrument,amount\n".to_owned();
    for cells in lines.filter(|cells| side.is_none_or(|side| cells[side] == "BUY")) {
        let instrument = instrument.map_or("CDNOW", |instrument| cells[instrument]);
        writeln!(trades, "{},{},buy,{instrument},{}", cells[client], &cells[at][..10], cells[amount]).unwrap();
    }
    trades
}

/// The real book: `trades_cdnow.csv` (client_id,ts,…) in the directory that `REFERENCE_DATA` names.
pub fn cdnow() -> Vec<ActiveDays> {
    let directory = std::env::var("REFERENCE_DATA").expect("REFERENCE_DATA names the directory of trades_cdnow.csv");
    let text = std::fs::read_to_string(format!("{directory}/trades_cdnow.csv")).unwrap();
    let start: chrono::NaiveDate = "1997-01-01".parse().unwrap();
    let mut book = std::collections::BTreeMap::<&str, std::collections::BTreeSet<i32>>::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split(',');
        let (client, instant) = (cells.next().unwrap(), cells.next().unwrap());
        let day: chrono::NaiveDate = instant[..10].parse().unwrap();
        book.entry(client).or_default().insert(i32::try_from((day - start).num_days()).unwrap());
    }
    book.into_values().map(|days| days.into_iter().collect()).collect()
}

/// Puts customers into the book as if every active day had brought one purchase of 1 000, straight into the tables:
/// 60 000 trades over HTTP are another test's matter.
pub async fn enter(app: &TestApp, book: Vec<ActiveDays>) -> Vec<Uuid> {
    let ids: Vec<Uuid> = book.iter().map(|_| app.id()).collect();
    let rows: Vec<(Uuid, i32)> =
        ids.iter().zip(book).flat_map(|(id, days)| days.into_iter().map(|day| (*id, day))).collect();
    let mut conn = app.db.lane(Lane::Worker).connection().await.unwrap();
    sqlx::query(
        "INSERT INTO client (client_id, client_no, name, kind, status, branch_id, opened_on, created_at, updated_at)
         SELECT id, 'N' || n, '客户' || n, 'individual', 'active', '00000000-0000-7000-8000-000000000001', '1997-01-01', now(), now()
         FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n)",
    )
    .bind(&ids)
    .execute(&mut *conn)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO trade_day (client_id, trade_day, trade_count, other_currency_count, buy_amount, sell_amount, commission, commission_count)
         SELECT id, date '1997-01-01' + day, 1, 0, 1000, 0, 0, 0 FROM unnest($1::uuid[], $2::integer[]) AS t (id, day)",
    )
    .bind(rows.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, day)| *day).collect::<Vec<_>>())
    .execute(&mut *conn)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO trade_statistics (client_id, active_days, trade_count, first_day, last_day, buy_amount, sell_amount, commission)
         SELECT client_id, count(*), count(*), min(trade_day), max(trade_day), sum(buy_amount), 0, 0 FROM trade_day GROUP BY client_id",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    sqlx::query("ANALYZE").execute(&mut *conn).await.unwrap();
    ids
}

/// Scores the book and answers the run.
pub async fn score(app: &TestApp, as_of: &str, horizon_days: u32) -> Value {
    let admin = app.admin().await;
    let body = json!({ "as_of": as_of, "horizon_days": horizon_days });
    let accepted = admin.post("/v1/scoring-runs").json(body).send().await.is(202);
    let job_id = accepted.text_of("job_id").to_owned();
    assert_eq!(accepted.header("location"), Some(format!("/v1/jobs/{job_id}").as_str()));
    let jobs = app.run_jobs().await;
    let job = jobs.iter().find(|job| job.job_id.to_string() == job_id).expect("the job was done");
    let result = job.result.as_ref().unwrap_or_else(|| panic!("the run failed: {:?}", job.error_code));
    let path = format!("/v1/scoring-runs/{}", result["scoring_run_id"].as_str().unwrap());
    admin.get(&path).send().await.is(200).json
}
