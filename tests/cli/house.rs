//! A PostgreSQL to run commands against, and the binary.

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use clientele::platform::db::embedded::{Durability, Embedded};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use tempfile::TempDir;

/// A cluster in a directory of its own; stop it at the end of the test.
pub struct House {
    pub dir: TempDir,
    server: Embedded,
}

impl House {
    pub async fn start() -> Self {
        let dir = directory();
        let server = Embedded::start(&dir.path().join("cluster"), Durability::Throwaway).await.unwrap();
        Self { dir, server }
    }

    /// An empty database with its schema.
    pub async fn base(&self, name: &str) -> Base {
        let mut connection = PgConnection::connect_with(&self.server.options()).await.unwrap();
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        let url = self.server.url();
        let url = format!("{}/{name}", url.rsplit_once('/').unwrap().0);
        let base = Base { dir: self.dir.path().to_owned(), url };
        assert!(base.run(&["migrate"]).status.success());
        base
    }

    pub async fn stop(self) {
        self.server.stop().await.unwrap();
    }
}

/// In memory where there is some, as `tests/api` does.
pub fn directory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("clientele-cli-").tempdir_in(place).unwrap()
}

/// One database, and the commands run on it.
pub struct Base {
    pub dir: PathBuf,
    pub url: String,
}

impl Base {
    /// The binary, in the directory of the house, with nothing of our own environment but the path.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = binary(&self.dir, args);
        command.env("DATABASE_URL", &self.url).env("EXCHANGE_TIME_ZONE", "UTC");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs to a good end; what was printed.
    #[track_caller]
    pub fn good(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let printed = printed(&output);
        assert!(output.status.success(), "{args:?}: {printed}");
        printed
    }

    /// Starts the command and kills it, without a word, once `count` answers `enough`. How much it answered after that.
    pub async fn killed_at(&self, args: &[&str], count: &'static str, enough: i64) -> i64 {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let mut child = self.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while child.try_wait().unwrap().is_none() {
            let there: i64 = sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap();
            if there >= enough {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
    }

    pub fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.dir.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub async fn scalar(&self, sql: &'static str) -> String {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    }

    /// Runs a command on a database that this statement broke, which must fail, and mends it; what was printed.
    pub async fn broken(&self, sql: &'static str, args: &[&str]) -> String {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let tables = ["client", "tier_period", "trade", "trade_day", "trade_statistics"];
        for table in tables {
            connection
                .execute(AssertSqlSafe(format!("CREATE TABLE whole_{table} AS SELECT * FROM {table}")))
                .await
                .unwrap();
        }
        connection.execute(sql).await.unwrap();
        let output = self.run(args);
        // Without checks of what refers to what: the rows come back as they were.
        connection.execute("SET session_replication_role = replica").await.unwrap();
        for table in tables {
            let columns = "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND attgenerated = ''";
            let columns: String = sqlx::query_scalar(columns).bind(table).fetch_one(&mut connection).await.unwrap();
            let back = format!(
                "DELETE FROM {table}; INSERT INTO {table} ({columns}) SELECT {columns} FROM whole_{table}; DROP TABLE whole_{table}"
            );
            connection.execute(AssertSqlSafe(back)).await.unwrap();
        }
        let printed = printed(&output);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        printed
    }

    pub async fn fingerprint(&self) -> String {
        self.scalar(include_str!("../fixtures/trade_fingerprint.sql")).await
    }
}

pub fn binary(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clientele"));
    command.args(args).current_dir(dir).env_clear().stdin(Stdio::null());
    for name in ["PATH", "PG_BINDIR", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("DATA_DIR", dir.join("data")).env("RUST_LOG", "error");
    command
}

pub fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A running server; killed, not stopped, when dropped.
pub struct Served {
    child: Child,
    pub url: String,
}

impl Served {
    /// Starts a server and waits until it says where it listens.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.env("PORT", "0").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().expect("a greeting").unwrap();
        let url = first.split_whitespace().last().unwrap().to_owned();
        // Nobody reads on, but the pipe must not fill.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { child, url }
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Numbers that look random, the same for the same seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Trades out of order, some twice, some taken back, some broken.
pub fn trades(rows: u64, seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut text = "client_no,executed_at,side,instrument,amount,commission,external_id,reverses\n".to_owned();
    for row in 0..rows {
        let (client, day, minute) = (dice.below(400), 1 + dice.below(28), dice.below(60));
        let (side, amount) = (["buy", "sell"][usize::try_from(dice.below(2)).unwrap()], dice.below(9_000));
        match dice.below(100) {
            0 => writeln!(text, "K{client},2025-02-{day:02},hold,X,1,,,"),
            1 | 2 => writeln!(text, "K{client},,,,,,R{row},T{}", dice.below(rows)),
            3..=9 => writeln!(text, "K{client},2025-02-{day:02},buy,X,100,,,"),
            _ => {
                writeln!(text, "K{client},2025-02-{day:02} 10:{minute:02},{side},X{},{amount}.5,0.25,T{row},", row % 9)
            }
        }
        .unwrap();
    }
    text
}
