//! Against the PostgreSQL of this machine. Each test has a data directory of its own.

use std::{fs, path::Path, time::Instant};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::{Connection, Executor, PgConnection, Row};
use tempfile::TempDir;

use super::{
    Durability::{Durable, Throwaway},
    Embedded, EmbeddedError, locate, postmaster,
};

fn data_dir() -> TempDir {
    tempfile::Builder::new().prefix("clientele-").tempdir().unwrap()
}

async fn start(dir: &Path) -> Embedded {
    Embedded::start(dir, Throwaway).await.unwrap()
}

async fn text(database: &Embedded, sql: &'static str) -> String {
    let mut connection = PgConnection::connect_with(&database.options()).await.unwrap();
    connection.fetch_one(sql).await.unwrap().get(0)
}

fn signal(pid: u32, signal: Signal) {
    kill(Pid::from_raw(pid.try_into().unwrap()), signal).unwrap();
}

#[tokio::test]
async fn starts_cold_and_warm_is_joined_and_stops() {
    let dir = data_dir();
    let cold = Instant::now();
    let owner = Embedded::start(dir.path(), Durable).await.unwrap();
    eprintln!("cold start {} ms", cold.elapsed().as_millis());
    assert!(!owner.joined());
    assert_eq!(text(&owner, "SELECT current_database() || ' ' || current_user").await, "clientele clientele");
    assert_eq!(text(&owner, "SELECT datcollate FROM pg_database WHERE datname = 'clientele'").await, "C.UTF-8");
    assert_eq!(text(&owner, "SHOW fsync").await, "on");
    assert_eq!(text(&owner, "SHOW listen_addresses").await, "");

    let guest = start(dir.path()).await;
    assert!(guest.joined());
    assert_eq!(guest.pid(), owner.pid());
    guest.stop().await.unwrap();
    let mut by_url = PgConnection::connect(&owner.url()).await.unwrap();
    by_url.execute("CREATE TABLE kept ()").await.unwrap();

    let pid = owner.pid();
    owner.stop().await.unwrap();
    assert!(!postmaster::is_alive(pid, &dir.path().join("postgres")));

    let warm = Instant::now();
    let again = start(dir.path()).await;
    eprintln!("warm start {} ms", warm.elapsed().as_millis());
    assert_eq!(text(&again, "SELECT count(*)::text FROM kept").await, "0");
    assert_eq!(text(&again, "SHOW fsync").await, "off");
    again.stop().await.unwrap();
}

#[tokio::test]
async fn one_of_many_racing_starts_owns_the_server() {
    let dir = data_dir();
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let dir = dir.path().to_owned();
            tokio::spawn(async move { start(&dir).await })
        })
        .collect();
    let mut all = Vec::new();
    for start in starts {
        all.push(start.await.unwrap());
    }
    assert_eq!(all.iter().filter(|one| !one.joined()).count(), 1);
    assert!(all.iter().all(|one| one.pid() == all[0].pid()));
    for one in all {
        one.stop().await.unwrap();
    }
}

#[tokio::test]
async fn comes_back_after_the_database_was_killed() {
    let dir = data_dir();
    let first = Embedded::start(dir.path(), Durable).await.unwrap();
    let mut connection = PgConnection::connect_with(&first.options()).await.unwrap();
    connection.execute("CREATE TABLE kept AS SELECT 'here' AS word").await.unwrap();
    // A backend that does not notice at once and holds on to the shared memory.
    let busy =
        tokio::spawn(
            async move { connection.execute("SELECT count(*) FROM generate_series(1, 3000000)").await.is_ok() },
        );
    let others = "SELECT count(*)::text FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%series%'";
    while text(&first, others).await == "0" {}
    signal(first.pid(), Signal::SIGKILL);
    first.exited().await;
    first.stop().await.unwrap();

    let second = Embedded::start(dir.path(), Durable).await.unwrap();
    assert_eq!(text(&second, "SELECT word FROM kept").await, "here");
    let _ = busy.await;
    second.stop().await.unwrap();
}

/// The number in a stale file may belong to somebody else by now: here to a process of the account that runs the
/// server.
#[tokio::test]
async fn a_stale_pid_that_was_given_to_another_process_is_no_server() {
    let dir = data_dir();
    start(dir.path()).await.stop().await.unwrap();
    let (account, home) = super::account::settle(dir.path()).unwrap();
    let mut other = super::launch::command(Path::new("/bin/sleep"), account).arg("60").spawn().unwrap();
    let cluster = home.join("postgres").canonicalize().unwrap();
    let stale = format!("{}\n{}\n1700000000\n5432\n/nowhere\n\n  1  1\nready   \n", other.id(), cluster.display());
    fs::write(cluster.join("postmaster.pid"), stale).unwrap();

    let server = start(dir.path()).await;
    assert!(!server.joined());
    server.stop().await.unwrap();
    other.kill().unwrap();
    other.wait().unwrap();
}

/// As after `kill -9` of the owner: the lock is free, the server is on its way out.
#[tokio::test]
async fn waits_for_a_dying_server_instead_of_joining_it() {
    let dir = data_dir();
    let first = start(dir.path()).await;
    let dying = first.pid();
    drop(first);
    let second = start(dir.path()).await;
    assert!(!second.joined());
    assert_ne!(second.pid(), dying);
    second.stop().await.unwrap();
}

#[tokio::test]
async fn an_unfinished_cluster_is_made_again() {
    let dir = data_dir();
    let unfinished = dir.path().join("postgres.partial-killed");
    fs::create_dir(&unfinished).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    let database = start(dir.path()).await;
    assert!(!unfinished.exists());
    database.stop().await.unwrap();
}

#[tokio::test]
async fn a_long_path_gets_its_socket_elsewhere_and_odd_characters_do_no_harm() {
    let dir = data_dir();
    for name in ["x".repeat(120), "a b,c%d".to_owned()] {
        let database = start(&dir.path().join(name)).await;
        assert_eq!(text(&database, "SELECT 'here'").await, "here");
        PgConnection::connect(&database.url()).await.unwrap();
        let socket = database.socket_dir.clone();
        database.stop().await.unwrap();
        assert!(!socket.exists());
    }
}

#[test]
fn says_what_to_do_when_there_is_no_postgresql() {
    let nowhere = || ["/nowhere".into()].into_iter();
    for (cluster, looked_in) in [(None, "PG_BINDIR"), (None, "PATH"), (Some(9), "PATH")] {
        let error = locate::first_fit(nowhere(), cluster, looked_in).unwrap_err();
        assert!(matches!(error, EmbeddedError::NotFound { .. }));
        let text = error.to_string();
        for way_out in ["install PostgreSQL", "set PG_BINDIR", "set DATABASE_URL"] {
            assert!(text.contains(way_out), "{text}");
        }
    }
    assert!(locate::first_fit(nowhere(), None, "PG_BINDIR").unwrap_err().to_string().contains("/nowhere"));
}

#[test]
fn a_growing_pid_file_is_not_taken_for_ready() {
    assert_eq!(postmaster::parse(""), None);
    assert_eq!(postmaster::parse("17\n/data\n").map(|found| found.status), Some(postmaster::Status::Busy));
    let whole = postmaster::parse("17\n/data\n1700000000\n5433\n/run/here\n\n  1  1\nready   \n").unwrap();
    assert_eq!((whole.pid, whole.port, whole.status), (17, 5433, postmaster::Status::Ready));
}
