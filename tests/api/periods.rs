//! Facts that hold for a time: no two at once, what held when, and corrections.

use std::collections::BTreeMap;

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

/// Whose a client is: branch and advisor.
type Whose = (BranchId, Option<StaffId>);

/// What is known on a day: whose the client was at the end of each day until then, and what is named for days to come.
#[derive(Default)]
struct Replay {
    days: Vec<Whose>,
    scheduled: BTreeMap<usize, (Option<BranchId>, Option<Option<StaffId>>)>,
}

impl Replay {
    fn today(&self) -> Whose {
        *self.days.last().unwrap()
    }

    /// Whose the client is at the end of a day, past or to come.
    fn on(&self, day: usize) -> Whose {
        let over = |(branch, advisor): Whose, named: &(Option<BranchId>, Option<Option<StaffId>>)| {
            (named.0.unwrap_or(branch), named.1.unwrap_or(advisor))
        };
        match self.days.get(day) {
            Some(whose) => *whose,
            None => self.scheduled.range(..=day).fold(self.today(), |whose, (_, named)| over(whose, named)),
        }
    }

    /// The next day begins.
    fn dawn(&mut self) {
        let next = self.days.len();
        self.days.push(self.on(next));
        self.scheduled.remove(&next);
    }
}

/// Edits, corrections and changes for days to come, in any order, leave for every day what a table of days has that
/// each edit is painted over.
#[tokio::test]
async fn random_edits_leave_what_a_naive_replay_leaves() {
    const DAYS: usize = 20;
    const AHEAD: usize = 6;
    let app = TestApp::at("2026-03-01T02:00:00Z").await;
    let seed = seed();
    eprintln!("TEST_SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut advisors: Vec<Option<StaffId>> = vec![None];
    for _ in 0..3 {
        advisors.push(Some(app.staff(Role::Advisor, DataScope::Own, BranchId::ROOT).await));
    }
    let branches = [BranchId::ROOT, app.branch("P1", BranchId::ROOT).await, app.branch("P2", BranchId::ROOT).await];
    let client = app.client(BranchId::ROOT, None).await;
    let path = format!("/v1/clients/{client}");
    let first = "2026-03-01".parse::<chrono::NaiveDate>().unwrap();
    let day = |n: usize| (first + chrono::Duration::days(i64::try_from(n).unwrap())).to_string();
    let mut naive = Replay { days: vec![(BranchId::ROOT, None)], ..Replay::default() };
    let mut taken_effect = 0;
    for today in 0..DAYS {
        if today > 0 {
            app.clock.set(app.clock.now() + chrono::Duration::days(1));
            let before = naive.today();
            naive.dawn();
            taken_effect += usize::from(naive.today() != before);
            app.run_jobs().await;
        }
        // A token does not last a day.
        let admin = app.admin().await;
        // The first period, which has no beginning, is old when the first correction cuts it.
        for _ in 0..if today < 5 { 0 } else { rng.random_range(0..4) } {
            app.clock.set(app.clock.now() + chrono::Duration::seconds(1));
            let named = match rng.random_range(0..3) {
                0 => (None, Some(advisors[rng.random_range(0..advisors.len())])),
                1 => (Some(branches[rng.random_range(0..branches.len())]), None),
                _ => (
                    Some(branches[rng.random_range(0..branches.len())]),
                    Some(advisors[rng.random_range(0..advisors.len())]),
                ),
            };
            let mut body = json!({});
            if let Some(branch) = named.0 {
                body["branch_id"] = json!(branch);
            }
            if let Some(advisor) = named.1 {
                body["advisor_id"] = json!(advisor);
            }
            let on = match rng.random_range(0..8) {
                0..=1 => today,
                2..=3 => rng.random_range(0..=today),
                4..=6 => rng.random_range(today + 1..=today + AHEAD),
                _ => match naive.scheduled.pop_first() {
                    Some((scheduled, _)) => {
                        let cancel = format!("{path}/history/{}/cancel", day(scheduled));
                        admin.post(&cancel).send().await.is(200);
                        admin.post(&cancel).send().await.is_problem(409, "nothing_scheduled");
                        continue;
                    }
                    None => today,
                },
            };
            body["effective_on"] = json!(day(on));
            change(&admin, client, body).await;
            if on > today {
                naive.scheduled.insert(on, named);
            } else {
                let (branch, advisor) = naive.today();
                naive.days[on..].fill((named.0.unwrap_or(branch), named.1.unwrap_or(advisor)));
            }
        }
        let whose = |answer: &Value| (answer["branch_id"].clone(), answer["advisor_id"].clone());
        let expected = |n: usize| (json!(naive.on(n).0), json!(naive.on(n).1));
        for n in 0..=today + AHEAD + 1 {
            let told = admin.get(&format!("{path}?as_of={}", day(n))).send().await.is(200);
            assert_eq!(whose(&told.json), expected(n), "on {} as known on {}", day(n), day(today));
        }
        let now = admin.get(&path).send().await.is(200);
        assert_eq!(whose(&now.json), expected(today), "now, on {}", day(today));
        // Done once: nothing is left to be done.
        app.run_jobs().await;
        assert_eq!(admin.get(&path).send().await.is(200).etag(), now.etag());
    }
    let admin = app.admin().await;
    // The history tells the same: each day lies in the one period that has its advisor.
    let history = admin.get(&format!("{path}/history?limit=200")).send().await.is(200).json["items"].clone();
    let periods = history.as_array().unwrap();
    let instant = |value: &Value| value.as_str().map(|text| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    for pair in periods.windows(2) {
        assert_eq!(pair[0]["valid_from"], pair[1]["valid_to"], "periods follow one another: {history}");
    }
    for n in 0..DAYS + AHEAD {
        let end = format!("{}T16:00:00Z", day(n)).parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        let holds = |period: &&Value| {
            instant(&period["valid_from"]).is_none_or(|from| from < end)
                && instant(&period["valid_to"]).is_none_or(|to| to >= end)
        };
        let found: Vec<&Value> = periods.iter().filter(holds).collect();
        assert_eq!(found.len(), 1, "{} in {history}", day(n));
        assert_eq!((&found[0]["branch_id"], &found[0]["advisor_id"]), (&json!(naive.on(n).0), &json!(naive.on(n).1)));
    }
    let to_come: Vec<bool> = periods.iter().map(|period| period["is_scheduled"] == true).collect();
    assert_eq!(to_come.iter().filter(|is| **is).count(), naive.scheduled.len());
    let mut connection = app.connect().await;
    let mut count =
        async |sql: &'static str| -> i64 { sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap() };
    let kept = count("SELECT count(*) FROM client_assignment WHERE superseded_at IS NOT NULL").await;
    assert!(kept > 0, "a correction keeps what it corrects");
    let by_timer = "SELECT count(*) FROM audit_entry WHERE action = 'client.changed' AND actor = 'system:worker'";
    assert_eq!(count(by_timer).await, i64::try_from(taken_effect).unwrap(), "each change of a day takes effect once");
}

#[tokio::test]
async fn what_is_scheduled_is_replaced_cancelled_and_ends_with_the_client() {
    let app = TestApp::at("2026-03-01T02:00:00Z").await;
    let admin = app.admin().await;
    let (one, two) = (app.branch("ONE", BranchId::ROOT).await, app.branch("TWO", BranchId::ROOT).await);
    let client = app.client(BranchId::ROOT, None).await;
    let path = format!("/v1/clients/{client}");
    let refused = |body: Value| admin.patch(&path).if_match("*").json(body).send();
    for body in [
        json!({ "branch_id": one, "effective_on": "2028-03-03" }),
        json!({ "phone": "13900139000", "effective_on": "2026-03-05" }),
    ] {
        assert_eq!(refused(body).await.is_problem(422, "invalid").pointers(), ["/effective_on"]);
    }
    // What has no day of its own is changed at once.
    let body = json!({ "branch_id": one, "phone": "13900139000", "effective_on": "2026-03-05" });
    let changed = admin.patch(&path).if_match("\"1\"").json(body).send().await.is(200);
    assert_eq!((changed.text_of("phone"), &changed.json["branch_id"]), ("139****9000", &json!(BranchId::ROOT)));
    assert_ne!(changed.etag(), "\"1\"");
    change(&admin, client, json!({ "branch_id": two, "effective_on": "2026-03-05" })).await;
    let history = admin.get(&format!("{path}/history")).send().await.is(200).json["items"].clone();
    let told: Vec<_> =
        history.as_array().unwrap().iter().map(|period| (&period["branch_id"], &period["is_scheduled"])).collect();
    let (root, two) = (json!(BranchId::ROOT), json!(two));
    assert_eq!(told, [(&two, &json!(true)), (&root, &json!(false))], "the later change for the day takes the place");
    let timers = "SELECT count(*) FROM job WHERE kind = 'client_assignment_due' AND state = 'queued'";
    let timers = async || -> i64 { sqlx::query_scalar(timers).fetch_one(&mut app.connect().await).await.unwrap() };
    assert_eq!(timers().await, 1);
    // A list of a day to come goes by it, too.
    let list = admin.get(&format!("/v1/clients?branch_id={}&as_of=2026-03-06", two.as_str().unwrap())).send().await;
    assert_eq!(list.is(200).json["items"][0]["client_id"], json!(client));
    admin
        .post(&format!("{path}/history/2026-03-05/cancel"))
        .if_match("\"1\"")
        .send()
        .await
        .is_problem(412, "version_mismatch");
    admin.post(&format!("{path}/history/2026-03-05/cancel")).send().await.is(200);
    assert_eq!(timers().await, 0);
    change(&admin, client, json!({ "branch_id": one, "effective_on": "2026-03-05" })).await;
    admin.post(&format!("{path}/close")).json(json!({ "reason": "转户" })).send().await.is(200);
    app.clock.set("2026-03-06T02:00:00Z".parse().unwrap());
    app.run_jobs().await;
    let admin = app.admin().await;
    let now = admin.get(&path).send().await.is(200);
    assert_eq!((now.text_of("status"), &now.json["branch_id"]), ("closed", &root));
    assert_eq!(admin.get(&format!("{path}?as_of=2026-03-06")).send().await.is(200).json["branch_id"], root);
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
    for day in ["2026-02-28", "2028-03-06"] {
        let refused = json!({ "branch_id": old, "effective_on": day });
        let refused = admin.patch(&format!("/v1/clients/{client}")).if_match("*").json(refused).send().await;
        assert_eq!(refused.is_problem(422, "invalid").pointers(), ["/effective_on"]);
    }
}
