//! Starting and stopping the server's process.

use std::{
    ffi::OsString,
    fs::{self, File},
    os::unix::{fs::OpenOptionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    sync::{oneshot, watch},
    time::{Instant, timeout},
};

use super::{
    EmbeddedError,
    account::{Account, socket_dir},
    error::{At, tail_of},
    layout::{CLUSTER, Durability, POLL},
    locate::Binaries,
    postmaster::{self, PORT, Status},
};

/// What the server says.
const LOG: &str = "postgres.log";
/// How long a fast shutdown, which writes everything out, may take before an immediate one follows.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// All settings of the server. Nothing in the cluster's own configuration is changed.
const SETTINGS: [&str; 8] = [
    "listen_addresses=",
    "max_connections=100",
    "timezone=UTC",
    "log_timezone=UTC",
    // A failed statement is reported to its caller. In the log its text could show a client's data.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    // Nobody replicates from here: less to write.
    "wal_level=minimal",
    "max_wal_senders=0",
];
/// Faster, and a crash of the machine costs the database.
const THROWAWAY: [&str; 3] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// A server that is our child.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) pid: u32,
    pub(super) socket_dir: PathBuf,
    ended: watch::Receiver<bool>,
}

/// A program that runs as `account` and gets SIGINT when the thread that starts it ends.
pub(super) fn command(program: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    // A group of its own: ^C reaches only us, and requests in flight are finished before the database goes.
    command.stdin(Stdio::null()).process_group(0).current_dir("/");
    // These would change defaults behind our back.
    for name in ["PGDATA", "PGPORT", "PGTZ", "PGDATESTYLE", "PGCLIENTENCODING", "PGOPTIONS"] {
        command.env_remove(name);
    }
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    #[cfg(target_os = "linux")]
    tie_to_parent(&mut command);
    command
}

/// Closures for `pre_exec` run after the change of user, which would otherwise clear the death signal again.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the only way to learn of the parent's death before the program runs")]
fn tie_to_parent(command: &mut Command) {
    use nix::{
        errno::Errno,
        sys::{prctl, signal},
        unistd,
    };
    let parent = unistd::getpid();
    let tie = move || {
        // Shells start what goes to the background with SIGINT ignored. That would last until PostgreSQL sets its own
        // handlers, and a parent's death before that would go unheard.
        // SAFETY: the default disposition runs no code of ours.
        unsafe { signal::signal(signal::Signal::SIGINT, signal::SigHandler::SigDfl) }?;
        prctl::set_pdeathsig(Signal::SIGINT)?;
        // The parent may have died before the line above.
        if unistd::getppid() == parent { Ok(()) } else { Err(Errno::ESRCH.into()) }
    };
    // SAFETY: the closure runs between fork and exec, where only async-signal-safe calls are allowed: it makes three
    // system calls, and neither allocates nor takes a lock.
    unsafe { command.pre_exec(tie) };
}

/// Starts the server and waits until it accepts connections.
pub(super) async fn launch(
    data_dir: &Path,
    home: &Path,
    binaries: &Binaries,
    account: Option<Account>,
    durability: Durability,
    deadline: Instant,
) -> Result<Server, EmbeddedError> {
    let cluster = home.join(CLUSTER);
    let socket_dir = socket_dir(home, account)?;
    let log = data_dir.join(LOG);
    let mut command = command(&binaries.postgres, account);
    command.arg("-D").arg(&cluster).arg("-k").arg(quoted(&socket_dir)).arg("-p").arg(PORT.to_string());
    let throwaway = if durability == Durability::Throwaway { &THROWAWAY[..] } else { &[] };
    for setting in SETTINGS.iter().chain(throwaway) {
        command.arg("-c").arg(setting);
    }
    let file = File::options().append(true).create(true).mode(0o600).open(&log).at(&log)?;
    command.stdout(file.try_clone().at(&log)?).stderr(file);

    let server = spawn(command, &binaries.postgres, socket_dir).await?;
    let failed = || EmbeddedError::Start { tail: tail_of(&log), log: log.clone() };
    loop {
        let found = postmaster::read(&cluster)?;
        if found.is_some_and(|found| found.pid == server.pid && found.status == Status::Ready) {
            return Ok(server);
        }
        match timeout(POLL, server.exited()).await {
            Ok(()) => return Err(failed()),
            Err(_) if Instant::now() > deadline => {
                server.stop().await?;
                return Err(failed());
            }
            Err(_) => {}
        }
    }
}

/// The death signal comes when the *thread* that started the child ends, so the child gets a thread that lives as long
/// as it does, and collects it.
async fn spawn(mut command: Command, program: &Path, socket_dir: PathBuf) -> Result<Server, EmbeddedError> {
    let (started, start) = oneshot::channel();
    let (end, ended) = watch::channel(false);
    let keep = move || match command.spawn() {
        Ok(mut child) => {
            let _ = started.send(Ok(child.id()));
            let _ = child.wait();
            end.send_replace(true);
        }
        Err(error) => drop(started.send(Err(error))),
    };
    let does_not_run = |source| EmbeddedError::Program { program: program.to_owned(), source };
    thread::Builder::new().name("postgres-keeper".into()).spawn(keep).map_err(does_not_run)?;
    let pid = start.await.unwrap_or_else(|_| Err(std::io::ErrorKind::BrokenPipe.into())).map_err(does_not_run)?;
    Ok(Server { pid, socket_dir, ended })
}

impl Server {
    /// Returns once the process is gone.
    pub(super) async fn exited(&self) {
        let _ = self.ended.clone().wait_for(|ended| *ended).await;
    }

    /// Fast shutdown, then an immediate one. Both keep what was acknowledged.
    pub(super) async fn stop(self) -> Result<(), EmbeddedError> {
        for signal in [Signal::SIGINT, Signal::SIGQUIT] {
            self.signal(signal);
            if timeout(STOP_LIMIT, self.exited()).await.is_ok() {
                // Only an empty directory goes; one under the temporary directory should not stay behind.
                let _ = fs::remove_dir(&self.socket_dir);
                return Ok(());
            }
        }
        Err(EmbeddedError::NotStopped { pid: self.pid })
    }

    fn signal(&self, signal: Signal) {
        if !*self.ended.borrow()
            && let Ok(pid) = self.pid.try_into()
        {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.signal(Signal::SIGINT);
    }
}

/// Begins a new log. The one before is kept, for it may tell of a crash.
pub(super) fn keep_last_log(data_dir: &Path) -> Result<(), EmbeddedError> {
    let log = data_dir.join(LOG);
    if log.exists() { fs::rename(&log, log.with_extension("log.1")).at(&log) } else { Ok(()) }
}

/// The setting is a list: quotes keep commas and spaces in a path from being taken for separators.
fn quoted(path: &Path) -> OsString {
    let mut quoted = OsString::from("\"");
    quoted.push(path);
    quoted.push("\"");
    quoted
}
