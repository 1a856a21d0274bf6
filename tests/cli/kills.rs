//! kill -9 at any moment, then the same import again: the totals are those of one clean import.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::{Base, Dice, House, Served, trades};

const SEED: u64 = 20_260_331;

#[tokio::test]
async fn an_importer_killed_at_any_moment_leaves_no_trace() {
    let house = House::start().await;
    let clean = house.base("clean").await;
    let file = clean.file("trades.csv", trades(12_000, SEED).as_bytes());
    let args = ["import", "trades", &file, "--create-clients"];
    let printed = clean.good(&args);
    let wanted = clean.fingerprint().await;
    let count = "SELECT count(*) FROM trade";
    let all: i64 = clean.scalar("SELECT count(*)::text FROM trade").await.parse().unwrap();
    println!("seed {SEED}, clean import: {wanted}\n{printed}");
    let (mut dice, mut halfway) = (Dice(SEED), 0);
    for round in 0..6 {
        let base = house.base(&format!("killed_{round}")).await;
        // Early, then late; the second importer first goes through what the first one left.
        for half in 0..2 {
            let enough = (half * all + i64::try_from(dice.below(90)).unwrap() * all / 100) / 2;
            let there = base.killed_at(&args, count, enough).await;
            println!("round {round}: killed with {there} of {all} trades");
            halfway += u32::from(0 < there && there < all);
        }
        base.good(&args);
        assert_eq!(base.fingerprint().await, wanted, "round {round} of seed {SEED}");
    }
    assert!(halfway > 6, "{halfway} of 12 importers were killed halfway");
    house.stop().await;
}

#[tokio::test]
async fn a_server_killed_while_it_imports_goes_on_after_its_restart() {
    let house = House::start().await;
    let (clean, base) = (house.base("clean").await, house.base("killed").await);
    let body = trades(20_000, SEED);
    let file = clean.file("trades.csv", body.as_bytes());
    clean.good(&["import", "trades", &file, "--create-clients", "--source", "counter"]);

    let mut server = serve(&base);
    let token = sign_in(&server).await;
    let http = reqwest::Client::new();
    let upload = http.post(format!("{}/v1/imports?kind=trades&create_clients=true&source=counter", server.url));
    let taken = upload.bearer_auth(&token).header("Content-Type", "text/csv").body(body).send().await.unwrap();
    assert_eq!(taken.status(), 202);
    let location = taken.headers()["location"].to_str().unwrap().to_owned();
    let job = until(&server, &token, &location, |job| job["progress"]["read"].as_u64() > Some(0)).await;
    server.kill();
    println!("killed the server at {}", job["progress"]);

    let began = Instant::now();
    let server = serve(&base);
    let ready = http.get(format!("{}/health/ready", server.url)).send().await.unwrap();
    assert_eq!(ready.status(), 204);
    println!("ready {:?} after the start", began.elapsed());
    let job = until(&server, &token, &location, |job| job["state"] != "queued" && job["state"] != "running").await;
    assert_eq!(job["state"], "succeeded", "{job}");
    assert_eq!(job["result"]["read"], 20_000, "{job}");
    assert_eq!(
        job["result"]["duplicate"].as_u64().unwrap()
            + job["result"]["accepted"].as_u64().unwrap()
            + job["result"]["rejected"].as_u64().unwrap(),
        20_000
    );
    assert_eq!(base.fingerprint().await, clean.fingerprint().await);
    drop(server);
    house.stop().await;
}

fn serve(base: &Base) -> Served {
    let mut command = base.command(&["serve"]);
    command.env("ADMIN_USERNAME", "admin").env("ADMIN_PASSWORD", "a quiet river by night");
    Served::start(command)
}

async fn sign_in(server: &Served) -> String {
    let body = json!({ "grant_type": "password", "username": "admin", "password": "a quiet river by night" });
    let answer = reqwest::Client::new().post(format!("{}/v1/auth/token", server.url)).json(&body).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Follows a job; two minutes are more than a lost lease takes to be noticed.
async fn until(server: &Served, token: &str, path: &str, good: impl Fn(&Value) -> bool) -> Value {
    let http = reqwest::Client::new();
    for _ in 0..4_800 {
        let answer = http.get(format!("{}{path}", server.url)).bearer_auth(token).send().await.unwrap();
        let job: Value = answer.json().await.unwrap();
        if good(&job) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the job at {path} does not get there");
}
