//! The embedded database: the machine's own PostgreSQL, run privately under the data directory.
//!
//! ```text
//! DATA_DIR/postgres        the cluster; appears only once it is whole (see `cluster`)
//! DATA_DIR/postgres.lock   held by the process that owns the running server, for as long as it lives
//! DATA_DIR/postgres.log    what the server said since its last start; .1 is the run before
//! DATA_DIR/socket          the unix socket, for the one account that runs the server; there is no TCP
//! ```
//!
//! Whoever gets the lock owns the server: starts it and stops it. Everybody else joins it. The server is notified by
//! the kernel when its owner dies, and shuts down; the lock is free by then, so a newcomer first waits that shutdown
//! out.

mod account;
mod cluster;
mod connect;
mod error;
mod launch;
mod layout;
mod locate;
mod postmaster;
#[cfg(test)]
mod tests;

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::fcntl::{Flock, FlockArg};
use sqlx::postgres::PgConnectOptions;
use tokio::time::{Instant, sleep};

use self::{
    account::Account,
    error::{At, blocking},
    launch::Server,
    layout::{CLUSTER, POLL},
    locate::Binaries,
    postmaster::{PORT, Postmaster, Status},
};
pub use self::{error::EmbeddedError, layout::Durability};

/// Long enough for crash recovery after heavy writing, or for another process to make the cluster.
const START_LIMIT: Duration = Duration::from_secs(180);
/// A server nobody owns either begins to shut down within this time or was started by hand and stays.
const ORPHAN_GRACE: Duration = Duration::from_secs(1);
/// How long a start is tried again because of what a killed server or owner left behind.
const RETRY_LIMIT: Duration = Duration::from_secs(10);

/// A running PostgreSQL, ours or joined. Dropping ours asks it to shut down without waiting; [`Embedded::stop`] waits.
#[derive(Debug)]
pub struct Embedded {
    socket_dir: PathBuf,
    port: u16,
    pid: u32,
    /// The server before the lock: it is stopped before the lock is released.
    owned: Option<(Server, Flock<File>)>,
}

impl Embedded {
    /// Finds PostgreSQL, makes the cluster in `data_dir/postgres` once, starts it or joins the living server on it, and
    /// makes sure that the database `clientele` exists. Warm, this takes a fraction of a second; the first time a
    /// second or two; after a crash as long as recovery needs.
    ///
    /// # Errors
    /// Each [`EmbeddedError`] says what to do about it. Nothing is left running after one.
    pub async fn start(data_dir: &Path, durability: Durability) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(data_dir).at(data_dir)?;
        let data_dir = data_dir.canonicalize().at(data_dir)?;
        let deadline = Instant::now() + START_LIMIT;
        loop {
            if let Some(lock) = try_lock(&data_dir)? {
                return Self::own(&data_dir, durability, lock, deadline).await;
            }
            if let Some(postmaster) = postmaster::read(&data_dir.join(CLUSTER))?
                && postmaster.status == Status::Ready
                && connect::check(&postmaster.socket_dir, postmaster.port).await.is_ok()
            {
                return Ok(Self::join(postmaster));
            }
            if Instant::now() > deadline {
                return Err(EmbeddedError::Occupied { data_dir });
            }
            sleep(POLL).await;
        }
    }

    /// How to connect: over the unix socket, as the superuser of the cluster.
    pub fn options(&self) -> PgConnectOptions {
        connect::options(&self.socket_dir, self.port, connect::NAME)
    }

    /// The same as a URL, for `psql` and for `DATABASE_URL`. It holds no secret: the socket's directory is private.
    pub fn url(&self) -> String {
        connect::url(&self.socket_dir, self.port)
    }

    /// Whether the server belongs to another process, which will also stop it.
    pub fn joined(&self) -> bool {
        self.owned.is_none()
    }

    /// The process id of the postmaster.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Returns once a server of ours has ended, for whatever reason; never for a joined one. After an end that nobody
    /// asked for, [`Embedded::stop`] and a new [`Embedded::start`] bring it back under the same options.
    pub async fn exited(&self) {
        match &self.owned {
            Some((server, _)) => server.exited().await,
            None => std::future::pending().await,
        }
    }

    /// Shuts our server down (open transactions are rolled back) and waits until it is gone; leaves a joined one alone.
    ///
    /// # Errors
    /// [`EmbeddedError::NotStopped`] if the server is still there after a fast and then an immediate shutdown.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        match self.owned {
            Some((server, _lock)) => server.stop().await,
            None => Ok(()),
        }
    }

    /// We hold the lock: nobody else starts or stops a server here.
    async fn own(
        data_dir: &Path,
        durability: Durability,
        lock: Flock<File>,
        deadline: Instant,
    ) -> Result<Self, EmbeddedError> {
        let (account, home) = account::settle(data_dir)?;
        let cluster = data_dir.join(CLUSTER);
        let retry_until = Instant::now() + RETRY_LIMIT;
        let mut crashed = false;
        launch::keep_last_log(data_dir)?;
        let server = loop {
            match outlast(&cluster, deadline).await? {
                Before::Stays(postmaster) => {
                    connect::ensure_database(&postmaster.socket_dir, postmaster.port).await?;
                    return Ok(Self::join(postmaster));
                }
                Before::Crashed => crashed = true,
                Before::Nothing => {}
            }
            let prepared = home.clone();
            let binaries = blocking(move || prepare(&prepared, account, durability)).await?;
            let failed = match launch::launch(data_dir, &home, &binaries, account, durability, deadline).await {
                Ok(server) => break server,
                Err(failed) => failed,
            };
            // Backends of a killed server may hold on to its memory for a moment, and a server whose owner was killed
            // just after starting it may have shown itself only now.
            let in_the_way = crashed || postmaster::read(&cluster)?.is_some();
            if !(matches!(failed, EmbeddedError::Start { .. }) && in_the_way && Instant::now() < retry_until) {
                return Err(failed);
            }
            sleep(10 * POLL).await;
        };
        connect::ensure_database(&server.socket_dir, PORT).await?;
        tracing::debug!(pid = server.pid, "embedded database started");
        Ok(Self { socket_dir: server.socket_dir.clone(), port: PORT, pid: server.pid, owned: Some((server, lock)) })
    }

    /// A server that another process looks after.
    fn join(Postmaster { pid, port, socket_dir, .. }: Postmaster) -> Self {
        tracing::debug!(pid, "embedded database joined");
        Self { socket_dir, port, pid, owned: None }
    }
}

/// The lock of the data directory, if it is free. The kernel releases it when its holder dies.
fn try_lock(data_dir: &Path) -> Result<Option<Flock<File>>, EmbeddedError> {
    let path = data_dir.join("postgres.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).at(&path)?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(lock) => Ok(Some(lock)),
        Err((_, nix::errno::Errno::EWOULDBLOCK)) => Ok(None),
        Err((_, errno)) => Err(io::Error::from(errno)).at(&path),
    }
}

/// What an earlier owner left behind.
enum Before {
    Nothing,
    Crashed,
    Stays(Postmaster),
}

/// Waits until a server without an owner is gone: its owner was killed, and it is shutting down or about to. One that
/// was started by hand stays, and may be joined.
async fn outlast(cluster: &Path, deadline: Instant) -> Result<Before, EmbeddedError> {
    let grace = Instant::now() + ORPHAN_GRACE;
    loop {
        let Some(postmaster) = postmaster::read(cluster)? else { return Ok(Before::Nothing) };
        if !postmaster::is_alive(postmaster.pid, cluster) {
            postmaster::disown(cluster, postmaster.pid)?;
            return Ok(Before::Crashed);
        }
        if postmaster.status == Status::Ready && Instant::now() > grace {
            return Ok(Before::Stays(postmaster));
        }
        if Instant::now() > deadline {
            return Err(EmbeddedError::NotStopped { pid: postmaster.pid });
        }
        sleep(POLL).await;
    }
}

/// The programs, and a whole cluster for them to serve.
fn prepare(home: &Path, account: Option<Account>, durability: Durability) -> Result<Binaries, EmbeddedError> {
    let version = cluster::version(home)?;
    let binaries = locate::locate(version)?;
    if version.is_none() {
        cluster::create(home, &binaries, account, durability)?;
    }
    Ok(binaries)
}
