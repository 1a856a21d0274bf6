//! One PostgreSQL for the whole test process, in memory where there is room; each test gets a copy of a migrated
//! database.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use clientele::platform::db::embedded::{Durability, Embedded};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Executor};
use tokio::sync::OnceCell;

use super::{app, events};

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);
/// Databases of tests that are over; the next test to start drops them.
static OVER: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A cluster with its copies fits in this.
const ROOM: u64 = 2 << 30;

struct Cluster {
    server: Embedded,
    template: String,
    _janitor: Child,
}

/// A fresh copy of the migrated, seeded database, known by its name.
pub async fn fresh_database() -> (PgConnectOptions, String) {
    let cluster = CLUSTER.get_or_init(Cluster::start).await;
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let over = std::mem::take(&mut *OVER.lock().unwrap());
    let mut server = cluster.connect().await;
    for name in over {
        events::check(cluster.server.options().database(&name)).await;
        run(&mut server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
    run(&mut server, format!("CREATE DATABASE {name} TEMPLATE {} STRATEGY FILE_COPY", cluster.template)).await;
    (cluster.server.options().database(&name), name)
}

/// Nobody needs this database any more.
pub fn forget_database(name: String) {
    OVER.lock().unwrap().push(name);
}

impl Cluster {
    async fn start() -> Self {
        let home = tempfile::Builder::new().prefix("clientele-tests-").tempdir_in(memory_or_disk()).unwrap().keep();
        let server = Embedded::start(&home, Durability::Throwaway).await.unwrap();
        let janitor = janitor(&home, server.pid()).unwrap();
        let cluster = Self { server, template: format!("template_{:016x}", migrations_hash()), _janitor: janitor };
        run(&mut cluster.connect().await, format!("CREATE DATABASE {}", cluster.template)).await;
        app::prepare(cluster.server.options().database(&cluster.template)).await;
        cluster
    }

    async fn connect(&self) -> PgConnection {
        PgConnection::connect_with(&self.server.options()).await.unwrap()
    }
}

async fn run(server: &mut PgConnection, sql: String) {
    server.execute(AssertSqlSafe(sql)).await.unwrap();
}

fn memory_or_disk() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let free = nix::sys::statvfs::statvfs(memory).map_or(0, |found| found.blocks_available() * found.fragment_size());
    if free >= ROOM { memory.to_owned() } else { std::env::temp_dir() }
}

/// The kernel tells PostgreSQL when this process ends, however it ends. Statics are never dropped, so somebody else has
/// to clear the directory: a shell that waits for its input to close.
fn janitor(home: &Path, postmaster: u32) -> io::Result<Child> {
    let wait_then_clear = r#"read -r _; while kill -0 "$1" 2>/dev/null; do sleep 0.05; done; rm -rf "$2""#;
    let mut command = Command::new("sh");
    command.args(["-c", wait_then_clear, "janitor", &postmaster.to_string()]).arg(home);
    // A group of its own, so that ^C ends the tests and not the janitor; no output, which would keep a pipe open.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/").spawn()
}

fn migrations_hash() -> u64 {
    let mut hasher = DefaultHasher::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}
