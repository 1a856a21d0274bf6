//! Facts that hold for a time: no two at once, what held when, and corrections.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::{BranchId, ClientId, StaffId};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, seed};

/// A table with `valid_during`, and its exclusion constraint: name, whether it is validated, definition.
type Periods = (String, Option<String>, Option<bool>, Option<String>);

#[tokio::test]
async fn every_period_is_kept_from_overlapping_by_a_named_constraint() {
    let app = TestApp::start().await;
    let sql = "SELECT c.table_name::text, k.conname::text, k.convalidated, pg_get_constraintdef(k.oid)
               FROM information_schema.columns c
               LEFT JOIN pg_constraint k ON k.conrelid = format('%I', c.table_name)::regclass AND k.contype = 'x'
               WHERE c.table_schema = 'public' AND c.column_name = 'valid_during'";
    let tables: Vec<Periods> = sqlx::query_as(sql).fetch_all(&mut app.connect().await).await.unwrap();
    assert!(tables.len() >= 2, "{tables:?}");
    for (table, name, _, rule) in tables {
        assert_eq!(name, Some(format!("{table}_no_overlap")), "the exclusion constraint of {table}");
        assert!(rule.unwrap().contains("valid_during WITH &&"), "{table}");
    }
}

async fn change(who: &Client, client: ClientId, change: Value) {
    who.patch(&format!("/v1/clients/{client}")).if_match("*").json(change).send().await.is(200);
}

async fn as_of(who: &Client, client: ClientId, day: &str) -> Value {
    who.get(&format!("/v1/clients/{client}?as_of={day}")).send().await.is(200).json["advisor_id"].clone()
}

/// Whose the client is at the end of each day, as a table of days that every edit is painted over.
#[tokio::test]
async fn random_edits_leave_what_a_naive_replay_leaves() {
    const DAYS: usize = 20;
    let app = TestApp::at("2026-03-01T02:00:00Z").await;
    let seed = seed();
    eprintln!("TEST_SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut advisors: Vec<Option<StaffId>> = vec![None];
    for _ in 0..3 {
        advisors.push(Some(app.staff(Role::Advisor, DataScope::Own, BranchId::ROOT).await));
    }
    let client = app.client(BranchId::ROOT, None).await;
    let first = "2026-03-01".parse::<chrono::NaiveDate>().unwrap();
    let day = |n: usize| (first + chrono::Duration::days(i64::try_from(n).unwrap())).to_string();
    let mut naive: Vec<Option<StaffId>> = Vec::new();
    for today in 0..DAYS {
        app.clock.set(app.clock.now() + chrono::Duration::days(i64::from(today > 0)));
        // A token does not last a day.
        let admin = app.admin().await;
        naive.push(naive.last().copied().flatten());
        // The first period, which has no beginning, is old when the first correction cuts it.
        let edits = if today < 5 { 0 } else { rng.random_range(0..3) };
        for _ in 0..edits {
            let advisor = advisors[rng.random_range(0..advisors.len())];
            let since = if rng.random_bool(0.5) { today } else { rng.random_range(0..=today) };
            app.clock.set(app.clock.now() + chrono::Duration::seconds(1));
            change(&admin, client, json!({ "advisor_id": advisor, "effective_on": day(since) })).await;
            naive[since..].fill(advisor);
        }
        for (n, advisor) in naive.iter().enumerate() {
            assert_eq!(
                as_of(&admin, client, &day(n)).await,
                json!(advisor),
                "on {} as known on {}",
                day(n),
                day(today)
            );
        }
    }
    let admin = app.admin().await;
    assert_eq!(admin.get(&format!("/v1/clients/{client}")).send().await.json["advisor_id"], json!(naive[DAYS - 1]));
    // The history tells the same: each day lies in the one period that has its advisor.
    let history =
        admin.get(&format!("/v1/clients/{client}/history?limit=200")).send().await.is(200).json["items"].clone();
    let periods = history.as_array().unwrap();
    let instant = |value: &Value| value.as_str().map(|text| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    for pair in periods.windows(2) {
        assert_eq!(pair[0]["valid_from"], pair[1]["valid_to"], "periods follow one another: {history}");
    }
    for (n, advisor) in naive.iter().enumerate() {
        let end = format!("{}T16:00:00Z", day(n)).parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        let holds = |period: &&Value| {
            instant(&period["valid_from"]).is_none_or(|from| from < end)
                && instant(&period["valid_to"]).is_none_or(|to| to >= end)
        };
        let found: Vec<&Value> = periods.iter().filter(holds).collect();
        assert_eq!(found.len(), 1, "{} in {history}", day(n));
        assert_eq!(found[0]["advisor_id"], json!(advisor), "{}", day(n));
    }
    let mut connection = app.connect().await;
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM client_assignment WHERE superseded_at IS NOT NULL")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(kept > 0, "a correction keeps what it corrects");
}

#[tokio::test]
async fn lists_go_by_whose_they_were_and_show_whom_the_caller_sees_now() {
    let app = TestApp::at("2026-03-01T02:00:00Z").await;
    let (old, new) = (app.branch("OLD", BranchId::ROOT).await, app.branch("NEW", BranchId::ROOT).await);
    let client = app.client(old, None).await;
    app.clock.set("2026-03-05T02:00:00Z".parse().unwrap());
    let admin = app.admin().await;
    let later = app.client(old, None).await;
    change(&admin, client, json!({ "branch_id": new })).await;
    let found = async |who: &Client, query: &str| -> Vec<String> {
        let list = who.get(&format!("/v1/clients?{query}&include=total")).send().await.is(200).json;
        let ids: Vec<String> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["client_id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(list["total"], ids.len());
        ids
    };
    let (client, later) = (client.to_string(), later.to_string());
    assert_eq!(found(&admin, &format!("branch_id={old}")).await, std::slice::from_ref(&later));
    assert_eq!(found(&admin, &format!("branch_id={old}&as_of=2026-03-04")).await, std::slice::from_ref(&client));
    assert_eq!(found(&admin, &format!("branch_id={new}&as_of=2026-03-04")).await, Vec::<String>::new());
    // Whoever looks after the old branch sees neither the client any more nor whose it was.
    let manager = app.client_as(Role::BranchManager, DataScope::Branch, old).await;
    assert_eq!(found(&manager, "as_of=2026-03-04").await, Vec::<String>::new());
    admin.get(&format!("/v1/clients/{later}?as_of=2026-03-04")).send().await.is_problem(404, "not_found");
    for day in ["2026-02-28", "2026-03-06"] {
        let refused = json!({ "branch_id": old, "effective_on": day });
        let refused = admin.patch(&format!("/v1/clients/{client}")).if_match("*").json(refused).send().await;
        assert_eq!(refused.is_problem(422, "invalid").pointers(), ["/effective_on"]);
    }
}
