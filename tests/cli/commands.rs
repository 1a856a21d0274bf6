//! Each command: what it does, what it says, and what it says when it cannot.

use std::io::Write;
use std::process::Stdio;

use crate::house::{House, Served, binary, directory, printed};

const TRADES: &str = "id,ts,amount\nA,2025-03-03,5\nA,2025-03-03,5\nB,2025-03-04,oops\n";
const MAPPED: &[&str] = &["--map", "client_no=id,executed_at=ts", "--set", "side=buy", "--set", "instrument=X"];

fn import<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    ["import", "trades", file].iter().chain(MAPPED).chain(more).copied().collect()
}

#[test]
fn help_and_document_need_no_database() {
    let dir = directory();
    for args in [
        &["--help"][..],
        &["import", "--help"],
        &["score", "--help"],
        &["verify", "--help"],
        &["demo", "--help"],
        &["staff", "create", "--help"],
    ] {
        let output = binary(dir.path(), args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", printed(&output));
    }
    let document = binary(dir.path(), &["openapi"]).output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&document.stdout).unwrap();
    assert!(document["paths"]["/v1/imports"]["post"]["requestBody"]["content"]["text/csv"].is_object());
    assert!(!dir.path().join("data").exists(), "nothing is made on the way");
    let unknown = binary(dir.path(), &["import", "holdings", "x.csv"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2), "{}", printed(&unknown));
    for (args, said) in [
        (["score", "--as-of", "yesterday"], "write the day as YYYY-MM-DD"),
        (["score", "--as-of", "2026-02-30"], "write the day as YYYY-MM-DD"),
        (["score", "--horizon", "731"], "731 is not in 1..=730"),
        (["score", "--exchange-time-zone", "Mars"], "such as Asia/Shanghai"),
    ] {
        let refused = binary(dir.path(), &args).output().unwrap();
        assert!(
            refused.status.code() == Some(2) && printed(&refused).contains(said),
            "{args:?}: {}",
            printed(&refused)
        );
    }
    let help = printed(&binary(dir.path(), &["score", "--help"]).output().unwrap());
    let (least, most) = clientele::insight::scoring::HORIZON_DAYS.into_inner();
    assert!(help.contains(&format!("forecast, {least} to {most}")), "{help}");
    let missing = binary(dir.path(), &["import", "trades", "no-such.csv"]).output().unwrap();
    assert!(
        !missing.status.success() && printed(&missing).contains("no-such.csv cannot be read"),
        "{}",
        printed(&missing)
    );
}

#[tokio::test]
async fn an_import_tells_what_it_did_and_what_it_could_not() {
    let house = House::start().await;
    let base = house.base("printed").await;
    let file = base.file("march.csv", TRADES.as_bytes());
    let unmapped = base.run(&["import", "trades", &file]);
    assert!(
        !unmapped.status.success() && printed(&unmapped).contains("Nothing gives client_no"),
        "{}",
        printed(&unmapped)
    );
    let nobody = base.run(&import(&file, &[]));
    assert!(
        !nobody.status.success() && printed(&nobody).contains("no line of the file could be applied"),
        "{}",
        printed(&nobody)
    );

    let dry = base.good(&import(&file, &["--create-clients", "--dry-run"]));
    assert!(dry.contains("nothing written"), "{dry}");
    assert_eq!(base.scalar("SELECT count(*)::text FROM client").await, "0");

    let done = base.good(&import(&file, &["--create-clients"]));
    let counts: Vec<&str> = done.lines().skip(1).take(5).map(|line| line.split_whitespace().last().unwrap()).collect();
    assert_eq!(counts, ["3", "2", "0", "1", "1"], "{done}");
    let errors = std::fs::read_to_string(format!("{file}.errors.csv")).unwrap();
    assert!(errors.contains("4,format,/amount,") && errors.contains("\"B,2025-03-04,oops\""), "{errors}");
    assert!(done.contains("march.csv.errors.csv"), "{done}");

    let clients = base.file("clients.csv", b"client_no,name\nC1,Wei\n");
    let entered = base.good(&["import", "clients", &clients, "--set", "kind=individual,branch_code=HQ"]);
    assert!(entered.contains("accepted                    1") && !entered.contains("clients created"), "{entered}");

    // Another name waits for a second person, by this door too.
    let renamed = base.file("clients.csv", b"client_no,name\nC1,Wang\n");
    let asked = base.good(&[
        "import",
        "clients",
        &renamed,
        "--on-existing",
        "update",
        "--set",
        "kind=individual,branch_code=HQ",
    ]);
    assert!(asked.contains("to be approved              1") && asked.contains("line 2: /v1/approvals/"), "{asked}");
    assert_eq!(base.scalar("SELECT name FROM client WHERE client_no = 'C1'").await, "Wei");
    assert_eq!(base.scalar("SELECT maker FROM pending_change WHERE status = 'pending'").await, "system:import");

    let strict = base.run(&import(&file, &["--create-clients", "--strict"]));
    assert!(
        !strict.status.success() && printed(&strict).contains("already there               2"),
        "{}",
        printed(&strict)
    );
    let copy = base.file("april.csv", TRADES.as_bytes());
    assert!(base.good(&import(&copy, &[])).contains("already there               2"), "whatever the file is called");
    assert_eq!(base.scalar("SELECT count(*)::text FROM trade").await, "2");
    house.stop().await;
}

#[tokio::test]
async fn standard_input_is_a_file_and_broken_bytes_are_lines() {
    let house = House::start().await;
    let base = house.base("piped").await;
    let piped = |args: &[&str], input: &[u8]| {
        let mut command = base.command(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    };
    let objects = b"{\"client_no\":\"A\",\"executed_at\":\"2025-03-03T01:00:00Z\",\"side\":\"buy\",\"instrument\":\"X\",\"amount\":1.5}\n\xFF\xFE\n";
    let output = piped(&["import", "trades", "-", "--create-clients"], objects);
    assert!(output.status.success(), "{}", printed(&output));
    let errors = std::fs::read(base.dir.join("stdin.errors.csv")).unwrap();
    let errors = String::from_utf8_lossy(&errors);
    assert!(errors.contains("2,utf8,,"), "{errors}");
    let noise: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let output = piped(&["import", "balances", "-", "--source", "noise"], &noise);
    assert!(!output.status.success() && !printed(&output).contains("panicked"), "{}", printed(&output));
    let output = piped(
        &["staff", "create", "--username", "zhang.wei", "--name", "张伟", "--role", "advisor"],
        b"a quiet river\n",
    );
    assert!(output.status.success() && printed(&output).contains("zhang.wei may sign in"), "{}", printed(&output));
    let taken = base.run(&[
        "staff",
        "create",
        "--username",
        "zhang.wei",
        "--name",
        "x",
        "--role",
        "analyst",
        "--password",
        "a quiet river",
    ]);
    assert!(!taken.status.success() && printed(&taken).contains("user name is taken"), "{}", printed(&taken));
    house.stop().await;
}

#[tokio::test]
async fn a_demonstration_is_loaded_scored_and_loaded_once() {
    let house = House::start().await;
    let base = house.base("demonstration").await;
    let first = base.good(&["demo", "--clients", "60", "--seed", "7"]);
    assert!(first.contains("60 clients") && first.contains("scored") && first.contains("branch_manager"), "{first}");
    let again = base.run(&["demo", "--clients", "60"]);
    assert!(!again.status.success() && printed(&again).contains("here already"), "{}", printed(&again));
    assert_eq!(base.scalar("SELECT count(*)::text FROM client").await, "60");
    let equal = base.good(&["verify"]);
    assert!(equal.contains("equal: 60 clients"), "{equal}");
    let number =
        base.scalar("SELECT client_no FROM client JOIN tier_period USING (client_id) ORDER BY client_no LIMIT 1").await;
    for (broken, table, column) in [
        (
            "UPDATE tier_period SET tier = 'high_net_worth', rung = '10m_and_above' WHERE starts_on = (SELECT min(starts_on) FROM tier_period)",
            "tier_period of client",
            "tier is high_net_worth, the record gives",
        ),
        ("DELETE FROM tier_period WHERE ends_on IS NULL", "tier_period of client", "rung is nothing, the record gives"),
        (
            "UPDATE client SET tier = NULL WHERE tier = 'middle'",
            "client of client",
            "tier is nothing, the record gives middle",
        ),
        ("UPDATE trade_day SET buy_amount = buy_amount + 0.01", "trade_day of client", "buy_amount is"),
        (
            "UPDATE trade_statistics SET active_days = active_days + 1, first_day = '2020-01-01', last_day = '2030-01-01'",
            "trade_statistics of client",
            "active_days is",
        ),
        (
            "UPDATE trade SET reversed = NOT reversed WHERE external_id = (SELECT min(external_id) FROM trade)",
            "trade of client",
            "reversed is",
        ),
    ] {
        let found = base.broken(broken, &["verify"]).await;
        assert!(
            found.contains(table) && found.contains(column) && found.contains("differences in 60 clients"),
            "{broken}: {found}"
        );
    }
    assert!(base.good(&["verify", "--client-no", &number]).contains("equal: 1 clients"));
    assert!(base.run(&["verify", "--client-no", "nobody"]).status.code() == Some(1));
    let scored = base.good(&["score", "--horizon", "90"]);
    assert!(scored.contains("Scored") && scored.contains("not identified"), "{scored}");
    let json: serde_json::Value = serde_json::from_str(&base.good(&["score", "--json"])).unwrap();
    assert!(json["clients"].as_u64().unwrap() > 0, "{json}");

    // A load that was interrupted is finished with the same book.
    let other = house.base("interrupted").await;
    other.killed_at(&["demo", "--clients", "300", "--seed", "8"], "SELECT count(*) FROM trade", 1).await;
    let complete = "SELECT count(*)::text FROM setting WHERE key = 'demonstration_book_complete'";
    assert_eq!(other.scalar(complete).await, "0", "the load was over before it was killed");
    other.good(&["demo", "--clients", "300", "--seed", "8"]);
    let whole = house.base("whole").await;
    whole.good(&["demo", "--clients", "300", "--seed", "8"]);
    assert_eq!(other.fingerprint().await, whole.fingerprint().await);
    let contacts = "SELECT count(*)::text FROM interaction";
    assert_eq!(other.scalar(contacts).await, whole.scalar(contacts).await);
    house.stop().await;
}

#[tokio::test]
async fn beside_a_running_server_its_database_is_used_and_left_running() {
    let dir = directory();
    let server = Served::start(binary(dir.path(), &["serve"]));
    let file = dir.path().join("t.csv");
    std::fs::write(&file, TRADES).unwrap();
    let args = import(file.to_str().unwrap(), &["--create-clients"]);
    let output = binary(dir.path(), &args).output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    let ready = reqwest::get(format!("{}/health/ready", server.url)).await.unwrap();
    assert_eq!(ready.status(), 204);
}
