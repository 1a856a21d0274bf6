//! What can go wrong on the way to a running database, each with the way out.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Why there is no embedded database. The text is meant for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No programs of a version that will do.
    #[error(
        "no usable PostgreSQL for the embedded database ({found}). Three ways out: install PostgreSQL {wanted} (Debian, \
         Ubuntu: apt-get install postgresql; macOS: brew install postgresql), set PG_BINDIR to the directory that holds \
         its `initdb` and `postgres`, or set DATABASE_URL to a database of your own"
    )]
    NotFound {
        /// The version that would do.
        wanted: String,
        /// Where programs were looked for, or what was found instead.
        found: String,
    },
    /// The system refused an operation on a file.
    #[error("embedded database: {}: {source}; check that DATA_DIR is writable and belongs to this user", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// PostgreSQL refuses to run as root, and there is nobody else to run it.
    #[error(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it: create one, or start \
         as an ordinary user"
    )]
    NoAccount,
    /// No directory will do for the socket: the path is too long, or the account that runs PostgreSQL cannot get there.
    #[error(
        "no place for the database's socket: {} is unsafe, out of reach for the user that runs PostgreSQL, or longer than \
         a socket's path may be; set TMPDIR to a short path that everybody may enter, such as /tmp",
        path.display()
    )]
    Socket {
        /// The directory tried last.
        path: PathBuf,
    },
    /// A program could not be executed.
    #[error("{} does not run: {source}; set PG_BINDIR to a complete PostgreSQL", program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `initdb` failed; nothing of its work is kept.
    #[error("initdb could not make the database in {}:\n{tail}", home.display())]
    Initdb {
        /// The directory in which the cluster was to appear.
        home: PathBuf,
        /// The last lines it wrote.
        tail: String,
    },
    /// The server ended before it was ready, or took too long.
    #[error("PostgreSQL did not start; the end of {}:\n{tail}", log.display())]
    Start {
        /// The server's log.
        log: PathBuf,
        /// The last lines of it.
        tail: String,
    },
    /// Another process holds the data directory, but its database never answered.
    #[error(
        "another process uses {} but its database does not answer: stop that process, or set DATA_DIR to another directory",
        data_dir.display()
    )]
    Occupied {
        /// The data directory.
        data_dir: PathBuf,
    },
    /// A server that was asked to stop, or was left by a killed owner, did not go.
    #[error("PostgreSQL (process {pid}) does not stop; look at it, end it with `kill -QUIT {pid}` and start again")]
    NotStopped {
        /// The postmaster.
        pid: u32,
    },
    /// The server runs, but a connection failed.
    #[error("the embedded database does not answer: {0}; its log is postgres.log in DATA_DIR")]
    Connect(#[from] sqlx::Error),
}

/// Names the file an operation failed on.
pub(super) trait At<T> {
    fn at(self, path: &Path) -> Result<T, EmbeddedError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, EmbeddedError> {
        self.map_err(|source| EmbeddedError::File { path: path.to_owned(), source })
    }
}

/// The last lines of a log: enough to show why a program gave up.
pub(super) fn tail_of(log: &Path) -> String {
    tail(&fs::read(log).unwrap_or_default())
}

/// The last lines of what a program wrote.
pub(super) fn tail(output: &[u8]) -> String {
    const LINES: usize = 12;
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

/// Runs what waits for programs and files off the event loop.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EmbeddedError> + Send + 'static,
) -> Result<T, EmbeddedError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|stopped| std::panic::resume_unwind(stopped.into_panic()))
}
