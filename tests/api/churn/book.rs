//! A real book: the active days of 23 570 customers of CDNOW, 1997-01-01 to 1998-06-30.

use clientele::platform::db::Lane;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::TestApp;

/// A line a customer: days since 1997-01-01 on which they bought.
const ACTIVE_DAYS: &str = include_str!("../../fixtures/insight/cdnow_active_days.txt");

/// Puts the first `clients` customers into the book as if every active day had brought one purchase of 1 000, straight
/// into the tables: 60 000 trades over HTTP are another test's matter.
pub async fn cdnow(app: &TestApp, clients: usize) -> Vec<Uuid> {
    let lines: Vec<&str> = ACTIVE_DAYS.lines().take(clients).collect();
    let ids: Vec<Uuid> = lines.iter().map(|_| app.id()).collect();
    let days = |line: &str| line.split(' ').map(|day| day.parse::<i32>().unwrap()).collect::<Vec<_>>();
    let rows: Vec<(Uuid, i32)> =
        ids.iter().zip(&lines).flat_map(|(id, line)| days(line).into_iter().map(|day| (*id, day))).collect();
    let mut conn = app.db.lane(Lane::Worker).read().await.unwrap();
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
        "INSERT INTO trade_statistics (client_id, active_days, trade_count, first_day, last_day, buy_amount, sell_amount, commission, updated_at)
         SELECT client_id, count(*), count(*), min(trade_day), max(trade_day), sum(buy_amount), 0, 0, now() FROM trade_day GROUP BY client_id",
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
